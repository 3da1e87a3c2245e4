# Koyeb, with explicit settings.
# The block is optional if the environment has KOYEB_TOKEN.
provider "cloudsnap" {
  koyeb = {
    token = var.koyeb_token
  }
}

variable "koyeb_token" {
  type      = string
  sensitive = true
}

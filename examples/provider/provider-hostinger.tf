# Hostinger, with explicit settings.
# The block is optional if the environment has HOSTINGER_API_TOKEN.
provider "cloudsnap" {
  hostinger = {
    token = var.hostinger_token
  }
}

variable "hostinger_token" {
  type      = string
  sensitive = true
}

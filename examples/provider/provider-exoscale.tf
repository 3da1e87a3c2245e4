# Exoscale, with explicit settings.
# The block is optional if the environment has EXOSCALE_API_KEY, EXOSCALE_API_SECRET.
provider "cloudsnap" {
  exoscale = {
    api_key    = var.exoscale_api_key
    api_secret = var.exoscale_api_secret
    zone       = var.exoscale_zone
  }
}

variable "exoscale_api_key" {
  type      = string
  sensitive = true
}

variable "exoscale_api_secret" {
  type      = string
  sensitive = true
}

variable "exoscale_zone" {
  type = string
}

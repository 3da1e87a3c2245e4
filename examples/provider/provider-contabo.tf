# Contabo, with explicit settings.
# The block is optional if the environment has CNTB_OAUTH2_CLIENT_ID, CNTB_OAUTH2_CLIENT_SECRET, CNTB_OAUTH2_USER, CNTB_OAUTH2_PASS.
provider "cloudsnap" {
  contabo = {
    client_id     = var.contabo_client_id
    client_secret = var.contabo_client_secret
    username      = var.contabo_username
    password      = var.contabo_password
  }
}

variable "contabo_client_id" {
  type = string
}

variable "contabo_client_secret" {
  type      = string
  sensitive = true
}

variable "contabo_username" {
  type = string
}

variable "contabo_password" {
  type      = string
  sensitive = true
}

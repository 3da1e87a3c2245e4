# A signed URL that no state contains
# url_wo keeps the URL out of state and plan. Changing url_wo_version forces a new image to be created.
variable "signed_link" {
  type      = string
  ephemeral = true
  default   = "https://storage.example.net/private/golden.qcow2?signature=0123456789"
}

resource "cloudsnap_custom_image" "private" {
  cloud          = "contabo"
  name           = "private"
  url_wo         = var.signed_link
  url_wo_version = 1
  os_type        = "Linux"
  version        = "12"
}

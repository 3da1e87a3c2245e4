# Contabo downloads an ISO or an uncompressed QCOW2 file. The name and the description are updated in place.
resource "cloudsnap_custom_image" "golden" {
  cloud       = "contabo"
  name        = "golden"
  description = "Debian 12 with our agents"
  url         = "https://images.example.net/golden.qcow2"
  os_type     = "Linux"
  version     = "12"
}

# Exoscale registers a template in a zone, and checks the MD5 of the file. The provider can have a default zone.
resource "cloudsnap_custom_image" "template" {
  cloud            = "exoscale"
  location         = "ch-gva-2"
  name             = "golden"
  url              = "https://images.example.net/golden.qcow2"
  checksum         = "9e107d9d372bb6826bd81d3542a419d6"
  boot_mode        = "uefi"
  default_user     = "debian"
  ssh_key_enabled  = true
  password_enabled = false
  build            = "2026-09-21"
  maintainer       = "Operations"

  # The image has an agent that flushes the data of applications before a snapshot is taken.
  application_consistent_snapshot_enabled = true

  timeouts = {
    create = "4h"
  }
}

# url_wo keeps a signed URL out of state and plan. Changing url_wo_version forces a new image to be created.
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

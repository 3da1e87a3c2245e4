# Contabo fetches an ISO or an uncompressed QCOW2 image. Name and description can be changed in place.
resource "cloudsnap_custom_image" "golden" {
  cloud       = "contabo"
  name        = "golden"
  description = "Debian 12 with our agents"
  url         = "https://images.example.net/golden.qcow2"
  os_type     = "Linux"
  version     = "12"
}

# Exoscale registers a template in a zone, which may also come from the provider's configuration, and checks the MD5 of the file.
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

  # The agent in the image lets snapshots wait until the applications have written their data.
  application_consistent_snapshot_enabled = true

  timeouts = {
    create = "4h"
  }
}

# A link that gives access by itself stays out of state and plan. Another url_wo_version fetches it again.
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

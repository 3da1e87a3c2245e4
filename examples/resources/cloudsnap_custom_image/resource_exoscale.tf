# A template at Exoscale
# Exoscale registers the file as a template in a zone, and checks the MD5 of the file.
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

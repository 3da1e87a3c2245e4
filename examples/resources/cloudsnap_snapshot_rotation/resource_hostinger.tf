# The one snapshot of a Hostinger VM
# The new snapshot overwrites the old one. Without replace_existing, the plan fails if the VM has a snapshot that does not
# belong to the rotation.
resource "cloudsnap_snapshot_rotation" "vm" {
  cloud            = "hostinger"
  source_id        = "17924"
  interval         = "168h"
  replace_existing = true
}

# A Hostinger VM, again when a trigger changes
# Another value of a trigger restores the snapshot again.
resource "cloudsnap_snapshot_restore" "vm" {
  cloud       = "hostinger"
  source_id   = "17924"
  snapshot_id = "325"

  triggers = {
    reason = "failed upgrade of 2026-09-21"
  }
}

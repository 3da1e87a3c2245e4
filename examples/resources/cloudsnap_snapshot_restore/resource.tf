# A Contabo instance
# Contabo deletes the newer snapshots with the restore. They stop the plan unless delete_newer_snapshots is true.
resource "cloudsnap_snapshot_restore" "web" {
  cloud                  = "contabo"
  source_id              = "42001"
  snapshot_id            = "snap1700000042"
  delete_newer_snapshots = true
}

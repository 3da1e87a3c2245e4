# A Contabo instance. Its newer snapshots, which the cloud deletes with the restore, stop the plan unless
# delete_newer_snapshots is true.
resource "cloudsnap_snapshot_restore" "web" {
  cloud                  = "contabo"
  source_id              = "42001"
  snapshot_id            = "snap1700000042"
  delete_newer_snapshots = true
}

# An Exoscale instance, which must be stopped. The restore does not start it again.
resource "cloudsnap_snapshot_restore" "db" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  source_id   = "c1000000-0000-4000-8000-000000000002"
  snapshot_id = "c2000000-0000-4000-8000-000000000001"
}

# The snapshot of a Hostinger VM. Another value of a trigger restores it again.
resource "cloudsnap_snapshot_restore" "vm" {
  cloud       = "hostinger"
  source_id   = "17924"
  snapshot_id = "325"

  triggers = {
    reason = "failed upgrade of 2026-09-21"
  }
}

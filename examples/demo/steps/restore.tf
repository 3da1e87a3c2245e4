# Overwrites the disk of a machine with one of its snapshots, once. The ID is written out: with a reference to the rotation,
# each new snapshot would be restored too.
variable "snapshot_id" {
  description = "The snapshot to restore, from the output latest."
  type        = string
}

resource "cloudsnap_snapshot_restore" "web" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  source_id   = "c1000000-0000-4000-8000-000000000001"
  snapshot_id = var.snapshot_id
}

# A volume from a snapshot
resource "cloudsnap_snapshot" "nightly" {
  cloud     = "koyeb"
  source_id = "11111102-aaaa-4aaa-8aaa-000000000002"
  name      = "nightly"
}

# Creates a volume from the snapshot, once that is in remote storage. The name is updated in place.
resource "cloudsnap_snapshot_volume" "restored" {
  cloud       = "koyeb"
  snapshot_id = cloudsnap_snapshot.nightly.snapshot_id
  name        = "uploads-restored"

  timeouts = {
    create = "4h"
  }

  lifecycle {
    # The volume does not need its snapshot: a new snapshot does not replace the volume and its data.
    ignore_changes = [snapshot_id]
  }
}

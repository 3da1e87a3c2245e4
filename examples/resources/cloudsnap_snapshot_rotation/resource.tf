# Keep the last snapshots of a Contabo instance
# A rotation that keeps two needs three slots, because the new snapshot is taken before an old one is deleted.
resource "cloudsnap_snapshot_rotation" "db" {
  cloud       = "contabo"
  source_id   = "42001"
  interval    = "24h"
  keep_last   = 2
  name_prefix = "nightly"
}

# A snapshot of a Koyeb volume before each release
# A new version makes a snapshot due. What depends on the rotation changes after the snapshot is ready.
resource "cloudsnap_snapshot_rotation" "data" {
  cloud     = "koyeb"
  source_id = "11111102-aaaa-4aaa-8aaa-000000000002"
  keep_last = 3

  triggers = {
    version = "2.4.0"
  }
}

# A Koyeb volume
# A volume is created from a snapshot only after the snapshot has moved to remote storage. wait_for_remote waits for it.
resource "cloudsnap_snapshot" "data" {
  cloud           = "koyeb"
  source_id       = "11111102-aaaa-4aaa-8aaa-000000000002"
  name            = "nightly"
  wait_for_remote = true
}

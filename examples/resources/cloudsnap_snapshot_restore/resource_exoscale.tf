# An Exoscale instance
# The instance must be stopped. The restore does not start it again.
resource "cloudsnap_snapshot_restore" "db" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  source_id   = "c1000000-0000-4000-8000-000000000002"
  snapshot_id = "c2000000-0000-4000-8000-000000000001"
}

# A snapshot that a destroy keeps
# With retain, a destroy only removes the snapshot from the state. A warning has the ID that imports it again.
resource "cloudsnap_snapshot" "final" {
  cloud           = "exoscale"
  location        = "ch-gva-2"
  source_id       = "c1000000-0000-4000-8000-000000000009"
  deletion_policy = "retain"
}

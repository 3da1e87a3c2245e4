# An Exoscale instance
# Without location, the provider's default zone applies.
resource "cloudsnap_snapshot" "web" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

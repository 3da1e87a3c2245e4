# A Contabo instance
# The name is required. The name and the description are updated in place.
resource "cloudsnap_snapshot" "before_upgrade" {
  cloud       = "contabo"
  source_id   = "42001"
  name        = "before-upgrade"
  description = "Debian 12 with the old database"
}

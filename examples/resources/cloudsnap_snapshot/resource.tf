# A Contabo instance: the name is required. The name and the description are updated in place.
resource "cloudsnap_snapshot" "before_upgrade" {
  cloud       = "contabo"
  source_id   = "42001"
  name        = "before-upgrade"
  description = "Debian 12 with the old database"
}

# An Exoscale instance: without location, the provider's default zone applies.
resource "cloudsnap_snapshot" "web" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

# A Koyeb volume: a restore requires that the snapshot is in remote storage.
resource "cloudsnap_snapshot" "data" {
  cloud           = "koyeb"
  source_id       = "11111102-aaaa-4aaa-8aaa-000000000002"
  name            = "nightly"
  wait_for_remote = true
}

# A Hostinger VM keeps one snapshot. Without replace_existing, the plan fails if there is one.
resource "cloudsnap_snapshot" "vm" {
  cloud            = "hostinger"
  source_id        = "17924"
  replace_existing = true
  deletion_policy  = "retain"

  timeouts = {
    create = "90m"
  }
}

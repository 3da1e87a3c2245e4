# A Contabo instance, nightly: the last two snapshots stay. A rotation that keeps two needs three slots, because the new
# snapshot is taken before an old one is deleted.
resource "cloudsnap_snapshot_rotation" "db" {
  cloud       = "contabo"
  source_id   = "42001"
  interval    = "24h"
  keep_last   = 2
  name_prefix = "nightly"
}

# An Exoscale instance: one snapshot per day for a week, one per week for a month, one per month for half a year.
resource "cloudsnap_snapshot_rotation" "web" {
  cloud        = "exoscale"
  location     = "ch-gva-2"
  source_id    = "c1000000-0000-4000-8000-000000000001"
  interval     = "24h"
  keep_daily   = 7
  keep_weekly  = 4
  keep_monthly = 6
}

# A Koyeb volume, before each release: a new version makes a snapshot due.
resource "cloudsnap_snapshot_rotation" "data" {
  cloud     = "koyeb"
  source_id = "11111102-aaaa-4aaa-8aaa-000000000002"
  keep_last = 3

  triggers = {
    version = "2.4.0"
  }
}

# A Hostinger VM keeps one snapshot: the new one overwrites the old one. Without replace_existing, the plan fails if the
# VM has a snapshot that does not belong to the rotation.
resource "cloudsnap_snapshot_rotation" "vm" {
  cloud            = "hostinger"
  source_id        = "17924"
  interval         = "168h"
  replace_existing = true
}

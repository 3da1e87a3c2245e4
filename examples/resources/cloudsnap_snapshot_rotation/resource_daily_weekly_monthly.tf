# Daily, weekly and monthly snapshots of an Exoscale instance
# One snapshot per day for a week, one per week for a month, one per month for half a year.
resource "cloudsnap_snapshot_rotation" "web" {
  cloud        = "exoscale"
  location     = "ch-gva-2"
  source_id    = "c1000000-0000-4000-8000-000000000001"
  interval     = "24h"
  keep_daily   = 7
  keep_weekly  = 4
  keep_monthly = 6
}

# Nightly snapshots with keep rules. Run `terraform apply` every night. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

locals {
  # Shorter than a day: after a run that has started late, the next one is on time.
  nightly = "20h"
}

# Contabo, a product with five slots: the last four nights. The new snapshot needs the fifth slot.
resource "cloudsnap_snapshot_rotation" "app" {
  cloud       = "contabo"
  source_id   = "42011"
  name_prefix = "nightly"
  interval    = local.nightly
  keep_daily  = 4
}

# Exoscale: one snapshot per day for a week, one per week for a month, one per month for half a year.
resource "cloudsnap_snapshot_rotation" "db" {
  cloud        = "exoscale"
  location     = "ch-gva-2"
  source_id    = "c1000000-0000-4000-8000-000000000002"
  interval     = local.nightly
  keep_daily   = 7
  keep_weekly  = 4
  keep_monthly = 6
}

# A Koyeb volume: the last three snapshots.
resource "cloudsnap_snapshot_rotation" "data" {
  cloud       = "koyeb"
  source_id   = "11111101-aaaa-4aaa-8aaa-000000000001"
  name_prefix = "nightly"
  interval    = local.nightly
  keep_last   = 3
}

# Hostinger: a VM has a single snapshot. Each night overwrites it.
resource "cloudsnap_snapshot_rotation" "mail" {
  cloud     = "hostinger"
  source_id = "17923"
  interval  = local.nightly
}

output "newest" {
  description = "When the newest snapshot of each machine was taken."
  value = {
    app  = cloudsnap_snapshot_rotation.app.latest_created_at
    db   = cloudsnap_snapshot_rotation.db.latest_created_at
    data = cloudsnap_snapshot_rotation.data.latest_created_at
    mail = cloudsnap_snapshot_rotation.mail.latest_created_at
  }
}

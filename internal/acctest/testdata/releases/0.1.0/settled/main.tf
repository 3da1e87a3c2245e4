# Each resource at each cloud that supports it. Nothing is left to do.

terraform {
  required_providers {
    cloudsnap = {
      source = "cloudsnap/cloudsnap"
    }
  }
}

provider "cloudsnap" {
  poll_interval = "1ms"
}

resource "cloudsnap_snapshot" "contabo" {
  cloud       = "contabo"
  source_id   = "42001"
  name        = "settled"
  description = "As it was released"
}

resource "cloudsnap_snapshot" "exoscale" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

resource "cloudsnap_snapshot" "koyeb" {
  cloud           = "koyeb"
  source_id       = "11111102-aaaa-4aaa-8aaa-000000000002"
  name            = "settled"
  wait_for_remote = true

  timeouts = {
    create = "2h"
  }
}

resource "cloudsnap_snapshot" "hostinger" {
  cloud           = "hostinger"
  source_id       = "17923"
  deletion_policy = "retain"
}

resource "cloudsnap_snapshot_rotation" "contabo" {
  cloud       = "contabo"
  source_id   = "42011"
  interval    = "24h"
  keep_last   = 2
  name_prefix = "nightly"
}

resource "cloudsnap_snapshot_rotation" "exoscale" {
  cloud        = "exoscale"
  location     = "ch-gva-2"
  source_id    = "c1000000-0000-4000-8000-000000000003"
  interval     = "24h"
  keep_daily   = 7
  keep_weekly  = 4
  keep_monthly = 6
}

resource "cloudsnap_snapshot_rotation" "koyeb" {
  cloud     = "koyeb"
  source_id = "22222202-bbbb-4bbb-8bbb-000000000002"
  keep_last = 3

  triggers = {
    version = "2.4.0"
  }
}

resource "cloudsnap_snapshot_rotation" "hostinger" {
  cloud            = "hostinger"
  source_id        = "17924"
  interval         = "168h"
  replace_existing = true
}

resource "cloudsnap_snapshot_restore" "contabo" {
  cloud       = "contabo"
  source_id   = "42001"
  snapshot_id = cloudsnap_snapshot.contabo.snapshot_id
}

resource "cloudsnap_snapshot_restore" "exoscale" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  source_id   = "c1000000-0000-4000-8000-000000000009"
  snapshot_id = cloudsnap_snapshot.standby.snapshot_id
}

resource "cloudsnap_snapshot" "standby" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000009"
}

resource "cloudsnap_snapshot_restore" "hostinger" {
  cloud       = "hostinger"
  source_id   = "17923"
  snapshot_id = cloudsnap_snapshot.hostinger.snapshot_id

  triggers = {
    reason = "failed upgrade"
  }
}

resource "cloudsnap_custom_image" "contabo" {
  cloud       = "contabo"
  name        = "golden"
  description = "Debian 12 with our agents"
  url         = "https://images.example.net/golden.qcow2"
  os_type     = "Linux"
  version     = "12"
}

resource "cloudsnap_custom_image" "private" {
  cloud          = "contabo"
  name           = "private"
  url_wo         = "https://storage.example.net/private/golden.qcow2"
  url_wo_version = 1
  os_type        = "Linux"
  version        = "12"
}

resource "cloudsnap_custom_image" "exoscale" {
  cloud            = "exoscale"
  location         = "ch-gva-2"
  name             = "golden"
  url              = "https://images.example.net/golden.qcow2"
  checksum         = "9e107d9d372bb6826bd81d3542a419d6"
  boot_mode        = "uefi"
  default_user     = "debian"
  ssh_key_enabled  = true
  password_enabled = false
  build            = "2026-09-21"
  maintainer       = "Operations"
}

resource "cloudsnap_snapshot_template" "exoscale" {
  cloud            = "exoscale"
  location         = "ch-gva-2"
  snapshot_id      = cloudsnap_snapshot.exoscale.snapshot_id
  name             = "golden-web"
  description      = "The web server after its last upgrade"
  default_user     = "debian"
  ssh_key_enabled  = true
  password_enabled = false
}

resource "cloudsnap_snapshot_volume" "koyeb" {
  cloud       = "koyeb"
  snapshot_id = cloudsnap_snapshot.koyeb.snapshot_id
  name        = "uploads-restored"
}

resource "cloudsnap_snapshot_export" "exoscale" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = cloudsnap_snapshot.exoscale.snapshot_id
}

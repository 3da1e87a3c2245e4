# Creates that Ctrl-C interrupted. Their private data has the operation at the cloud, which the next apply waits for.

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

resource "cloudsnap_snapshot" "exoscale" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

resource "cloudsnap_snapshot" "hostinger" {
  cloud     = "hostinger"
  source_id = "17923"
}

resource "cloudsnap_snapshot_template" "exoscale" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = "c2000000-0000-4000-8000-000000000001"
  name        = "golden"
}

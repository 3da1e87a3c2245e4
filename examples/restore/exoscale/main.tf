# Restores a snapshot of a stopped instance at Exoscale. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

resource "cloudsnap_snapshot_restore" "db" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  source_id   = "c1000000-0000-4000-8000-000000000002"
  snapshot_id = "c2000000-0000-4000-8000-000000000001"
}

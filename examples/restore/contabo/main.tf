# Restores a snapshot of an instance at Contabo. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

resource "cloudsnap_snapshot_restore" "web" {
  cloud       = "contabo"
  source_id   = "42001"
  snapshot_id = "snap1700000042"
}

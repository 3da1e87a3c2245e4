# Creates a volume from a snapshot at Koyeb. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

resource "cloudsnap_snapshot_volume" "data" {
  cloud       = "koyeb"
  snapshot_id = "33333333-cccc-4ccc-8ccc-000000000001"
  name        = "postgres-restored"
}

output "volume_id" {
  description = "What the service mounts in place of the old volume."
  value       = cloudsnap_snapshot_volume.data.volume_id
}

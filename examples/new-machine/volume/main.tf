# Creates a volume from a snapshot at Koyeb, for a new service. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "volume_id" {
  description = "The volume to copy."
  type        = string
  default     = "11111101-aaaa-4aaa-8aaa-000000000001"
}

resource "cloudsnap_snapshot" "data" {
  cloud     = "koyeb"
  source_id = var.volume_id
  name      = "postgres-data"
}

# Waits until Koyeb has moved the snapshot to remote storage: no volume can be created from it before.
resource "cloudsnap_snapshot_volume" "data" {
  cloud       = "koyeb"
  snapshot_id = cloudsnap_snapshot.data.snapshot_id
  name        = "postgres-data-copy"

  lifecycle {
    # Once the new service has written data, the volume must survive a new snapshot.
    ignore_changes = [snapshot_id]
  }
}

output "volume_id" {
  description = "What the new service mounts."
  value       = cloudsnap_snapshot_volume.data.volume_id
}

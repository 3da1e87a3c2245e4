# Restores the snapshot of a VM at Hostinger. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

# The ID of the snapshot is written out. With the attribute of the data source in its place, each new snapshot of the VM
# would be restored too.
data "cloudsnap_snapshot" "vm" {
  cloud = "hostinger"
  id    = "hostinger/17924"
}

resource "cloudsnap_snapshot_restore" "vm" {
  cloud       = "hostinger"
  source_id   = "17924"
  snapshot_id = "325"
}

output "restore_time_seconds" {
  description = "How long the restore takes, by the cloud's estimate."
  value       = data.cloudsnap_snapshot.vm.restore_time_seconds
}

# The story of `make demo`, which plays it against the sandbox. It works the same on an account: leave the variables of the
# sandbox out of the environment, put your own in, and name one of your own instances.

terraform {
  required_providers {
    cloudsnap = {
      source = "cloudsnap/cloudsnap"
    }
  }
}

# Credentials and endpoints come from the environment.
provider "cloudsnap" {}

variable "instance_id" {
  description = "The machine to guard."
  type        = string
  default     = "42001"
}

variable "snapshot_name" {
  description = "What the snapshot is called. Changing it renames the snapshot in place."
  type        = string
  default     = "before-upgrade"
}

resource "cloudsnap_snapshot" "before_upgrade" {
  cloud       = "contabo"
  source_id   = var.instance_id
  name        = var.snapshot_name
  description = "Taken by Terraform before the upgrade to the next release"
}

# Everything that this machine has, newest first, whoever made it.
data "cloudsnap_snapshots" "machine" {
  cloud     = "contabo"
  source_id = var.instance_id

  depends_on = [cloudsnap_snapshot.before_upgrade]
}

output "snapshot_id" {
  description = "What `terraform import` would take."
  value       = cloudsnap_snapshot.before_upgrade.id
}

output "expires_at" {
  description = "When the cloud deletes the snapshot by itself."
  value       = cloudsnap_snapshot.before_upgrade.expires_at
}

output "snapshots" {
  description = "All snapshots of the machine."
  value       = [for s in data.cloudsnap_snapshots.machine.snapshots : "${s.name} (${s.state})"]
}

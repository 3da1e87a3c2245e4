# `make demo` applies this configuration on the sandbox. It also works with an account at Contabo: set your own credentials in
# the environment instead of the sandbox's variables, and set instance_id to one of your instances.

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
  description = "The machine to take a snapshot of."
  type        = string
  default     = "42001"
}

variable "snapshot_name" {
  description = "The name of the snapshot, updated in place."
  type        = string
  default     = "before-upgrade"
}

resource "cloudsnap_snapshot" "before_upgrade" {
  cloud       = "contabo"
  source_id   = var.instance_id
  name        = var.snapshot_name
  description = "Taken by Terraform before the upgrade to the next release"
}

# All snapshots of this machine, newest first.
data "cloudsnap_snapshots" "machine" {
  cloud     = "contabo"
  source_id = var.instance_id

  depends_on = [cloudsnap_snapshot.before_upgrade]
}

output "snapshot_id" {
  description = "The import ID of the snapshot."
  value       = cloudsnap_snapshot.before_upgrade.id
}

output "expires_at" {
  description = "When the cloud deletes the snapshot."
  value       = cloudsnap_snapshot.before_upgrade.expires_at
}

output "snapshots" {
  description = "All snapshots of the machine."
  value       = [for s in data.cloudsnap_snapshots.machine.snapshots : "${s.name} (${s.state})"]
}

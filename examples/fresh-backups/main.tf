# Shows a warning in every plan and apply while a machine has no fresh backup, or a backup has failed. It only reads. The
# credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "cloud" {
  description = "The cloud to look at."
  type        = string
  default     = "exoscale"
}

variable "machines" {
  description = "The machines that must have a backup, as a regular expression on their names."
  type        = string
  default     = "^(web|db)-"
}

variable "max_age" {
  description = "The oldest age of the newest backup: one night, plus the time that the job may take."
  type        = string
  default     = "26h"
}

data "cloudsnap_snapshot_sources" "machines" {
  cloud      = var.cloud
  name_regex = var.machines
}

data "cloudsnap_snapshots" "all" {
  cloud = var.cloud
}

locals {
  # The clock of the computer that runs Terraform.
  now = plantimestamp()

  machines = { for m in data.cloudsnap_snapshot_sources.machines.sources : m.source_id => m.name }
  usable   = [for s in data.cloudsnap_snapshots.all.snapshots : s if contains(["ready", "exported"], s.state)]
  failed   = [for s in data.cloudsnap_snapshots.all.snapshots : s if s.state == "error"]

  # The machines that have a fresh backup, and the names of those that have none.
  fresh = toset([for s in local.usable : s.source_id if timecmp(timeadd(s.created_at, var.max_age), local.now) >= 0])
  stale = [for id, name in local.machines : name if !contains(local.fresh, id)]
}

check "backups_are_fresh" {
  assert {
    condition     = length(local.stale) == 0
    error_message = "No backup of the last ${var.max_age}: ${join(", ", local.stale)}."
  }
}

check "no_backup_has_failed" {
  assert {
    condition     = length(local.failed) == 0
    error_message = "Failed backups: ${join(", ", local.failed[*].id)}."
  }
}

check "machines_are_found" {
  assert {
    condition     = length(local.machines) > 0
    error_message = "No machine has a name that matches ${var.machines}."
  }
}

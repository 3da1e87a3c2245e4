# A rotation of snapshots for every machine of an account. A new machine gets one with the next apply. The credentials come
# from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "places" {
  description = "Where the machines are: one entry per cloud, at Exoscale one per zone. name_regex selects some of them."
  type = map(object({
    cloud      = string
    location   = optional(string)
    name_regex = optional(string)
  }))
  default = {
    geneva    = { cloud = "exoscale", location = "ch-gva-2" }
    frankfurt = { cloud = "exoscale", location = "de-fra-1", name_regex = "^(web|db)-" }
  }
}

data "cloudsnap_snapshot_sources" "place" {
  for_each = var.places

  cloud      = each.value.cloud
  location   = each.value.location
  name_regex = each.value.name_regex
}

locals {
  # By ID: a machine that is renamed keeps its rotation. A machine that can have no snapshot is left out.
  machines = merge([
    for place, found in data.cloudsnap_snapshot_sources.place : {
      for m in found.sources : "${place}/${m.source_id}" => {
        cloud     = found.cloud
        location  = var.places[place].location
        source_id = m.source_id
        name      = m.name
      } if m.max_snapshots != 0
    }
  ]...)
}

resource "cloudsnap_snapshot_rotation" "machine" {
  for_each = local.machines

  cloud     = each.value.cloud
  location  = each.value.location
  source_id = each.value.source_id
  interval  = "24h"
  keep_last = 1

  # If a machine is no longer in the list, its rotation is removed. Its snapshots stay.
  deletion_policy = "retain"
}

output "backups" {
  description = "The name of each machine, and when its next snapshot is due."
  value = {
    for key, r in cloudsnap_snapshot_rotation.machine : key => {
      name        = local.machines[key].name
      next_due_at = r.next_due_at
    }
  }
}

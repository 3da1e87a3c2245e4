# `make demo` applies this configuration on the sandbox. It also works with accounts at the clouds: set your own credentials in
# the environment instead of the sandbox's variables, and your own places.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

# Credentials and endpoints come from the environment.
provider "cloudsnap" {}

variable "places" {
  description = "The clouds, and which of their machines to protect. The demo selects one at each, to be short."
  type = map(object({
    name_regex = string
    location   = optional(string)
  }))
  default = {
    contabo   = { name_regex = "^app-1$" }
    exoscale  = { name_regex = "^web-1$", location = "ch-gva-2" }
    koyeb     = { name_regex = "^postgres-data$" }
    hostinger = { name_regex = "^srv17923" }
  }
}

# The machines that exist now. A new one gets a rotation with the next apply.
data "cloudsnap_snapshot_sources" "found" {
  for_each = var.places

  cloud      = each.key
  location   = each.value.location
  name_regex = each.value.name_regex
}

locals {
  machines = merge([
    for cloud, found in data.cloudsnap_snapshot_sources.found : {
      for m in found.sources : "${cloud} ${m.name}" => { cloud = cloud, source_id = m.source_id }
    }
  ]...)
}

# A fresh snapshot of each machine every day. The old one is deleted only after the new one is ready. A VM at Hostinger has
# one snapshot, which the new one overwrites.
resource "cloudsnap_snapshot_rotation" "nightly" {
  for_each = local.machines

  cloud     = each.value.cloud
  location  = var.places[each.value.cloud].location
  source_id = each.value.source_id
  interval  = "24h"
  keep_last = 1
}

output "latest" {
  description = "The newest snapshot of each machine, and when it was taken."
  value = {
    for name, r in cloudsnap_snapshot_rotation.nightly : name => "${r.latest_snapshot_id} at ${r.latest_created_at}"
  }
}

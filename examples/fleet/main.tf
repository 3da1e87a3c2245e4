# One for_each over machines of several clouds. An attribute that a cloud does not support is null.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

variable "machines" {
  description = "The machines to take snapshots of."
  type = map(object({
    cloud     = string
    source_id = string
    location  = optional(string)
    name      = optional(string)
  }))
  default = {
    web  = { cloud = "contabo", source_id = "42011", name = "fleet web" }
    api  = { cloud = "contabo", source_id = "42012", name = "fleet api" }
    shop = { cloud = "exoscale", source_id = "c1000000-0000-4000-8000-000000000003", location = "ch-gva-2" }
    data = { cloud = "koyeb", source_id = "22222201-bbbb-4bbb-8bbb-000000000001", name = "fleet-data" }
    mail = { cloud = "hostinger", source_id = "17923" }
  }
}

resource "cloudsnap_snapshot" "fleet" {
  for_each = var.machines

  cloud     = each.value.cloud
  source_id = each.value.source_id
  location  = each.value.location
  name      = each.value.name
}

output "taken" {
  description = "When each snapshot was taken, and when the cloud deletes it."
  value       = { for name, s in cloudsnap_snapshot.fleet : name => { created_at = s.created_at, expires_at = s.expires_at } }
}

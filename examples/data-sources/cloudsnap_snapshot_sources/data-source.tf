# Every running instance of a zone.
data "cloudsnap_snapshot_sources" "running" {
  cloud    = "exoscale"
  location = "ch-gva-2"
  states   = ["running"]
}

# The VMs whose names begin with "web".
data "cloudsnap_snapshot_sources" "web" {
  cloud      = "hostinger"
  name_regex = "^web"
}

# One snapshot of each of those instances.
resource "cloudsnap_snapshot" "each" {
  for_each  = { for s in data.cloudsnap_snapshot_sources.running.sources : s.source_id => s }
  cloud     = "exoscale"
  location  = each.value.location
  source_id = each.key
}

output "machines" {
  value = { for s in data.cloudsnap_snapshot_sources.web.sources : s.name => s.source_id }
}

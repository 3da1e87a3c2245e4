# Everything that an instance has, newest first.
data "cloudsnap_snapshots" "all" {
  cloud     = "contabo"
  source_id = "42001"
}

# The newest one that is ready and whose name begins with "before". It is an error if there is none.
data "cloudsnap_snapshots" "latest" {
  cloud       = "koyeb"
  name_regex  = "^before"
  states      = ["ready"]
  most_recent = true
}

# Everything in one region, or an error after half a minute.
data "cloudsnap_snapshots" "region" {
  cloud    = "koyeb"
  location = "fra"
  timeouts = { read = "30s" }
}

output "rollback_point" {
  value = data.cloudsnap_snapshots.latest.snapshots[0].id
}

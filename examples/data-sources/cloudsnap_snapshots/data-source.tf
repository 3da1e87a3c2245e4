# All snapshots of an instance, newest first.
data "cloudsnap_snapshots" "all" {
  cloud     = "contabo"
  source_id = "42001"
}

# The newest snapshot that is ready and has a name that begins with "before". Without one, the read fails.
data "cloudsnap_snapshots" "latest" {
  cloud       = "koyeb"
  name_regex  = "^before"
  states      = ["ready"]
  most_recent = true
}

# All snapshots of one region. The read times out after 30 seconds.
data "cloudsnap_snapshots" "region" {
  cloud    = "koyeb"
  location = "fra"
  timeouts = { read = "30s" }
}

output "rollback_point" {
  value = data.cloudsnap_snapshots.latest.snapshots[0].id
}

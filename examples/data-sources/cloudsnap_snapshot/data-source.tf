# The newest snapshot of an instance that is ready.
data "cloudsnap_snapshot" "latest" {
  cloud       = "contabo"
  source_id   = "42001"
  states      = ["ready"]
  most_recent = true
}

# The single snapshot of a VM, by its import ID.
data "cloudsnap_snapshot" "vm" {
  cloud = "hostinger"
  id    = "hostinger/17924"
}

# A plan warns if the snapshot is older than two days.
check "backup_is_fresh" {
  assert {
    condition     = timecmp(timeadd(data.cloudsnap_snapshot.latest.created_at, "48h"), plantimestamp()) > 0
    error_message = "The newest snapshot was taken at ${data.cloudsnap_snapshot.latest.created_at}."
  }
}

# terraform apply -invoke=action.cloudsnap_restore_snapshot.web
action "cloudsnap_restore_snapshot" "web" {
  config {
    cloud                  = "contabo"
    source_id              = "42001"
    snapshot_id            = "snap1700000042"
    delete_newer_snapshots = true
  }
}

# An instance at Exoscale must be stopped.
action "cloudsnap_restore_snapshot" "db" {
  config {
    cloud       = "exoscale"
    location    = "ch-gva-2"
    source_id   = "c1000000-0000-4000-8000-000000000002"
    snapshot_id = "c2000000-0000-4000-8000-000000000001"
  }
}

action "cloudsnap_restore_snapshot" "vm" {
  config {
    cloud       = "hostinger"
    source_id   = "17924"
    snapshot_id = "325"
  }
}

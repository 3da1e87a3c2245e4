# terraform apply -invoke=action.cloudsnap_export_snapshot.disk
action "cloudsnap_export_snapshot" "disk" {
  config {
    cloud       = "exoscale"
    location    = "ch-gva-2"
    snapshot_id = "c2000000-0000-4000-8000-000000000001"
  }
}

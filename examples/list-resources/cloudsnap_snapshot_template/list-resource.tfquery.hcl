list "cloudsnap_snapshot_template" "all" {
  provider = cloudsnap

  config {
    cloud    = "exoscale"
    location = "ch-gva-2"
  }
}

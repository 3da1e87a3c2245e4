# All snapshots of an account.
list "cloudsnap_snapshot" "all" {
  provider = cloudsnap
  limit    = 1000

  config {
    cloud = "contabo"
  }
}

# Those of one zone that are ready.
list "cloudsnap_snapshot" "ready" {
  provider = cloudsnap

  config {
    cloud    = "exoscale"
    location = "ch-gva-2"
    states   = ["ready", "exported"]
  }
}

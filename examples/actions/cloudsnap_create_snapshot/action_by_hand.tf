# terraform apply -invoke=action.cloudsnap_create_snapshot.shop
action "cloudsnap_create_snapshot" "shop" {
  config {
    cloud     = "exoscale"
    location  = "ch-gva-2"
    source_id = "c1000000-0000-4000-8000-000000000001"
  }
}

# Hostinger keeps one snapshot per VM. The plan shows the snapshot that this overwrites.
action "cloudsnap_create_snapshot" "mail" {
  config {
    cloud            = "hostinger"
    source_id        = "17924"
    replace_existing = true
  }
}

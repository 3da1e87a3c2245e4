list "cloudsnap_snapshot_volume" "restored" {
  provider = cloudsnap

  config {
    cloud      = "koyeb"
    name_regex = "^restored"
  }
}

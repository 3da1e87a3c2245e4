list "cloudsnap_custom_image" "all" {
  provider = cloudsnap

  config {
    cloud      = "contabo"
    name_regex = "^made"
  }
}

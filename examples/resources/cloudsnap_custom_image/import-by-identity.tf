import {
  to = cloudsnap_custom_image.made_by_hand
  identity = {
    cloud    = "contabo"
    image_id = "4c1e8a52-7f0d-4b36-9a61-0d5b2c7e9f10"
  }
}

resource "cloudsnap_custom_image" "made_by_hand" {
  cloud   = "contabo"
  name    = "made by hand"
  url     = "https://images.example.net/made-by-hand.qcow2"
  os_type = "Linux"
  version = "12"
}

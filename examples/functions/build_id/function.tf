locals {
  adopted = {
    web = { cloud = "contabo", source_id = 42001, snapshot_id = "snap1700000042", name = "made by hand" }
  }
}

import {
  for_each = local.adopted
  to       = cloudsnap_snapshot.adopted[each.key]
  id       = provider::cloudsnap::build_id(each.value)
}

resource "cloudsnap_snapshot" "adopted" {
  for_each  = local.adopted
  cloud     = each.value.cloud
  source_id = each.value.source_id
  name      = each.value.name
}

# All types but cloudsnap_snapshot are named.
output "image" {
  value = provider::cloudsnap::build_id({
    type     = "cloudsnap_custom_image"
    cloud    = "contabo"
    image_id = "4c1e8a52-7f0d-4b36-9a61-0d5b2c7e9f10"
  })
}

import {
  to = cloudsnap_snapshot_template.made_by_hand
  identity = {
    cloud       = "exoscale"
    location    = "ch-gva-2"
    template_id = "7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26"
  }
}

resource "cloudsnap_snapshot_template" "made_by_hand" {
  cloud    = "exoscale"
  location = "ch-gva-2"
  name     = "made by hand"
}

import {
  to = cloudsnap_snapshot_export.made_by_hand
  identity = {
    cloud       = "exoscale"
    location    = "ch-gva-2"
    snapshot_id = "c2000000-0000-4000-8000-000000000001"
  }
}

resource "cloudsnap_snapshot_export" "made_by_hand" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = "c2000000-0000-4000-8000-000000000001"
}

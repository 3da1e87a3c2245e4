import {
  to = cloudsnap_snapshot.made_by_hand
  identity = {
    cloud       = "contabo"
    source_id   = "42001"
    snapshot_id = "snap1700000042"
  }
}

resource "cloudsnap_snapshot" "made_by_hand" {
  cloud     = "contabo"
  source_id = "42001"
  name      = "made by hand"
}

import {
  to = cloudsnap_snapshot.made_by_hand
  id = "contabo/42001/snap1700000042"
}

resource "cloudsnap_snapshot" "made_by_hand" {
  cloud     = "contabo"
  source_id = "42001"
  name      = "made by hand"
}

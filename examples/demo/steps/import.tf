# Adopts the snapshot that somebody made by hand: its ID comes from the data source.
import {
  to = cloudsnap_snapshot.made_by_hand
  id = one([for s in data.cloudsnap_snapshots.machine.snapshots : s.id if s.name == "made by hand"])
}

resource "cloudsnap_snapshot" "made_by_hand" {
  cloud     = "contabo"
  source_id = var.instance_id
  name      = "made by hand"
}

# Imports the snapshot that was created by hand. The data source returns its ID.
import {
  to = cloudsnap_snapshot.made_by_hand
  id = one([for s in data.cloudsnap_snapshots.machine.snapshots : s.id if s.name == "made by hand"])
}

resource "cloudsnap_snapshot" "made_by_hand" {
  cloud     = "contabo"
  source_id = var.instance_id
  name      = "made by hand"
}

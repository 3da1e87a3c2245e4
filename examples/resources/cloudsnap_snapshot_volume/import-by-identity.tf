import {
  to = cloudsnap_snapshot_volume.restored
  identity = {
    cloud     = "koyeb"
    volume_id = "6e2f9b17-84c3-4d05-9a7e-3b1c5d8f0a42"
  }
}

resource "cloudsnap_snapshot_volume" "restored" {
  cloud       = "koyeb"
  snapshot_id = "33333333-cccc-4ccc-8ccc-000000000001"
  name        = "restored by hand"
}

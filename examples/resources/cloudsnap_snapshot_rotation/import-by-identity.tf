import {
  to = cloudsnap_snapshot_rotation.vm
  identity = {
    cloud     = "hostinger"
    source_id = "17924"
  }
}

resource "cloudsnap_snapshot_rotation" "vm" {
  cloud     = "hostinger"
  source_id = "17924"
  interval  = "168h"
}

import {
  to = cloudsnap_snapshot_template.made_by_hand
  id = "exoscale/ch-gva-2/7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26"
}

# The cloud does not report the snapshot of a template. After an import, snapshot_id is optional.
resource "cloudsnap_snapshot_template" "made_by_hand" {
  cloud    = "exoscale"
  location = "ch-gva-2"
  name     = "made by hand"
}

# A template from a snapshot
resource "cloudsnap_snapshot" "web" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

# Creates a template from the snapshot. The name and the description are updated in place.
resource "cloudsnap_snapshot_template" "golden" {
  cloud            = "exoscale"
  location         = "ch-gva-2"
  snapshot_id      = cloudsnap_snapshot.web.snapshot_id
  name             = "golden-web"
  description      = "The web server after its last upgrade"
  default_user     = "debian"
  ssh_key_enabled  = true
  password_enabled = false

  timeouts = {
    create = "4h"
  }

  lifecycle {
    # The template does not depend on its snapshot: a new snapshot does not replace the template.
    ignore_changes = [snapshot_id]
  }
}

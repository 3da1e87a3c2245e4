ephemeral "cloudsnap_snapshot_export" "disk" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = "c2000000-0000-4000-8000-000000000001"

  timeouts = {
    open = "4h"
  }
}

# Terraform accepts the URL only where it stores nothing: in write-only arguments, provider blocks and ephemeral values.
resource "cloudsnap_custom_image" "disk" {
  cloud          = "contabo"
  name           = "disk"
  url_wo         = ephemeral.cloudsnap_snapshot_export.disk.presigned_url
  url_wo_version = 1
  os_type        = "Linux"
  version        = "12"
}

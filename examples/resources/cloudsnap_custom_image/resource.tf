# An image at Contabo
# Contabo downloads an ISO or an uncompressed QCOW2 file. The name and the description are updated in place.
resource "cloudsnap_custom_image" "golden" {
  cloud       = "contabo"
  name        = "golden"
  description = "Debian 12 with our agents"
  url         = "https://images.example.net/golden.qcow2"
  os_type     = "Linux"
  version     = "12"
}

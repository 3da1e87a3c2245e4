terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
    # Needed until the move is applied: the state still has its types.
    contabo = {
      source = "contabo/contabo"
    }
  }
}

provider "cloudsnap" {}

# Takes the place of: resource "contabo_instance_snapshot" "web"
resource "cloudsnap_snapshot" "web" {
  cloud     = "contabo"
  source_id = "42001" # instance_id
  name      = "made by hand"
}

moved {
  from = contabo_instance_snapshot.web
  to   = cloudsnap_snapshot.web
}

# Takes the place of: resource "contabo_image" "golden"
resource "cloudsnap_custom_image" "golden" {
  cloud       = "contabo"
  name        = "golden"
  description = "Debian with our packages"
  url         = "https://images.example.net/golden.qcow2" # image_url
  os_type     = "Linux"
  version     = "12"
}

moved {
  from = contabo_image.golden
  to   = cloudsnap_custom_image.golden
}

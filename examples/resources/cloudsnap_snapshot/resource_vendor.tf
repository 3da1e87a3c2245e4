# A machine of the vendor's own provider
# The provider of Contabo creates the machine, and this provider takes a snapshot of it.
terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
    contabo = {
      source  = "contabo/contabo"
      version = "~> 0.1"
    }
  }
}

resource "contabo_instance" "app" {
  display_name = "app"
  product_id   = "V153"
  region       = "EU"
}

resource "cloudsnap_snapshot" "app" {
  cloud     = "contabo"
  source_id = contabo_instance.app.id
  name      = "before-upgrade"
}

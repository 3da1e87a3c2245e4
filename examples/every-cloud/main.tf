# A snapshot at each cloud, in one configuration. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

resource "cloudsnap_snapshot" "contabo_instance" {
  cloud     = "contabo"
  source_id = "42001"
  name      = "every cloud"
}

resource "cloudsnap_snapshot" "exoscale_instance" {
  cloud     = "exoscale"
  location  = "de-fra-1"
  source_id = "d1000000-0000-4000-8000-000000000001"
}

resource "cloudsnap_snapshot" "koyeb_volume" {
  cloud     = "koyeb"
  source_id = "11111101-aaaa-4aaa-8aaa-000000000001"
  name      = "every-cloud"
}

resource "cloudsnap_snapshot" "hostinger_vm" {
  cloud     = "hostinger"
  source_id = "17923"
}

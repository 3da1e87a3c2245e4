terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {
  # Warn five days before a snapshot expires.
  expiry_warning = "120h"
}

# Snapshots in two accounts at Exoscale. The credentials of the first account come from the environment, those of the second
# from variables.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

provider "cloudsnap" {
  alias = "customer"

  exoscale = {
    api_key    = var.customer_api_key
    api_secret = var.customer_api_secret
    zone       = "ch-gva-2"
  }
}

variable "customer_api_key" {
  description = "The API key of the second account."
  type        = string
}

variable "customer_api_secret" {
  description = "The secret of this key."
  type        = string
  sensitive   = true
}

resource "cloudsnap_snapshot_rotation" "own" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
  interval  = "20h"
  keep_last = 3
}

# The argument provider selects the account. The zone comes from the block of the provider.
resource "cloudsnap_snapshot_rotation" "customer" {
  provider = cloudsnap.customer

  cloud     = "exoscale"
  source_id = "c1000000-0000-4000-8000-000000000009"
  interval  = "20h"
  keep_last = 3
}

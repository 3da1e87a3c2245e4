# Creates a template from a machine at Exoscale. New machines can start from it. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "location" {
  description = "The zone of the machine."
  type        = string
  default     = "ch-gva-2"
}

variable "instance_id" {
  description = "The machine to copy."
  type        = string
  default     = "c1000000-0000-4000-8000-000000000001"
}

resource "cloudsnap_snapshot" "web" {
  cloud     = "exoscale"
  location  = var.location
  source_id = var.instance_id
}

resource "cloudsnap_snapshot_template" "web" {
  cloud       = "exoscale"
  location    = var.location
  snapshot_id = cloudsnap_snapshot.web.snapshot_id
  name        = "web"
}

output "template_id" {
  description = "What a new machine starts from."
  value       = cloudsnap_snapshot_template.web.template_id
}

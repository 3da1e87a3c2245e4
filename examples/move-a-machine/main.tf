# Copies the disk of a machine at Exoscale to a custom image at Contabo. A new machine at Contabo can start from this image.
# The credentials come from the environment.

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
  description = "The machine to move. Stop it first: the snapshot does not contain later changes."
  type        = string
  default     = "c1000000-0000-4000-8000-000000000009"
}

# Raise this number to move the machine again: Terraform replaces the snapshot and the image.
variable "attempt" {
  description = "Number of this attempt; raise it to move again."
  type        = number
  default     = 1
}

resource "terraform_data" "attempt" {
  input = var.attempt
}

resource "cloudsnap_snapshot" "machine" {
  cloud     = "exoscale"
  location  = var.location
  source_id = var.instance_id

  lifecycle {
    replace_triggered_by = [terraform_data.attempt]
  }
}

# The URL of the exported disk. It gives access without credentials, so Terraform does not store it.
ephemeral "cloudsnap_snapshot_export" "disk" {
  cloud       = "exoscale"
  location    = var.location
  snapshot_id = cloudsnap_snapshot.machine.snapshot_id
}

# Contabo downloads the disk from this URL. The URL is in no state and in no plan.
resource "cloudsnap_custom_image" "machine" {
  cloud          = "contabo"
  name           = "moved machine"
  description    = "The disk of ${var.instance_id}"
  url_wo         = ephemeral.cloudsnap_snapshot_export.disk.presigned_url
  url_wo_version = var.attempt
  os_type        = "Linux"
  version        = "12"
}

output "image_id" {
  description = "The image to install on the new machine."
  value       = cloudsnap_custom_image.machine.image_id
}

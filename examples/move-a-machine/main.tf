# The disk of a machine at Exoscale becomes an image at Contabo, which a new machine there can start from. The credentials come
# from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source = "cloudsnap/cloudsnap"
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
  description = "The machine to move. Stop it first: what is written after the snapshot stays behind."
  type        = string
  default     = "c1000000-0000-4000-8000-000000000009"
}

# Raise it to move the machine once more: the snapshot is taken again, and the image is fetched again.
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

# Where the disk can be downloaded, for as long as Terraform runs. Whoever has this URL has the disk.
ephemeral "cloudsnap_snapshot_export" "disk" {
  cloud       = "exoscale"
  location    = var.location
  snapshot_id = cloudsnap_snapshot.machine.snapshot_id
}

# Contabo downloads the disk from there. The URL is in no state and in no plan.
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
  description = "What to install on the new machine."
  value       = cloudsnap_custom_image.machine.image_id
}

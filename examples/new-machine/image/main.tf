# Imports the file of a disk as a custom image at Contabo. New machines can start from it. The credentials come from the
# environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "url" {
  description = "The address of a QCOW2 or ISO file that Contabo can download."
  type        = string
  default     = "https://images.example.net/web.qcow2"
}

resource "cloudsnap_custom_image" "web" {
  cloud   = "contabo"
  name    = "web"
  url     = var.url
  os_type = "Linux"
  version = "12"
}

output "image_id" {
  description = "What a new machine starts from."
  value       = cloudsnap_custom_image.web.image_id
}

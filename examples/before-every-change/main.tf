# A snapshot before every release, on every CLI. `terraform apply -var release=2.0` takes a snapshot of the machine, waits
# until it is ready, and only then deploys. The credentials come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "release" {
  description = "What runs on the machine."
  type        = string
  default     = "1.0"
}

resource "cloudsnap_snapshot_rotation" "before_release" {
  cloud       = "contabo"
  source_id   = "42011"
  name_prefix = "before"
  keep_last   = 3

  # A new value makes a snapshot due.
  triggers = {
    release = var.release
  }
}

# The change. Everything that changes the machine depends on the rotation.
resource "terraform_data" "deploy" {
  triggers_replace = [var.release]
  depends_on       = [cloudsnap_snapshot_rotation.before_release]

  provisioner "local-exec" {
    command = "echo 'deploying ${var.release}'"
  }
}

output "snapshots" {
  description = "The snapshots before the last releases."
  value       = cloudsnap_snapshot_rotation.before_release.snapshots[*].id
}

# A snapshot before every release, with an action. Needs Terraform 1.14. `terraform apply -var release=2.0` takes a snapshot
# of the machine, waits until it is ready, and only then deploys. The credentials come from the environment.

terraform {
  required_version = ">= 1.14"
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

action "cloudsnap_create_snapshot" "before_release" {
  config {
    cloud       = "contabo"
    source_id   = "42011"
    description = "before a release"
  }
}

# The trigger is on a resource of its own, before everything that changes the machine.
resource "terraform_data" "release" {
  input = var.release

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.cloudsnap_create_snapshot.before_release]
    }
  }
}

# The change. Everything that changes the machine depends on the release.
resource "terraform_data" "deploy" {
  triggers_replace = [terraform_data.release.output]

  provisioner "local-exec" {
    command = "echo 'deploying ${var.release}'"
  }
}

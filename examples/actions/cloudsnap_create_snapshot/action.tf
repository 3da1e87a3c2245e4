# A new release is a change, and a snapshot comes before each change.
variable "release" {
  type    = string
  default = "2.4.0"
}

resource "terraform_data" "release" {
  input = var.release

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.cloudsnap_create_snapshot.before_release]
    }
  }
}

action "cloudsnap_create_snapshot" "before_release" {
  config {
    cloud       = "contabo"
    source_id   = "42011"
    description = "before a release"

    timeouts = {
      invoke = "2h"
    }
  }
}

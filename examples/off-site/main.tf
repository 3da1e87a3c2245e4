# Takes a snapshot of a machine at Exoscale every night, and downloads its disk to a folder of this machine. The credentials
# come from the environment.

terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

provider "cloudsnap" {}

variable "folder" {
  description = "The folder for the files."
  type        = string
  default     = "disks"
}

resource "cloudsnap_snapshot_rotation" "db" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000002"
  interval  = "20h"
  keep_last = 3
}

# Exports the newest snapshot. The URL of the file gives access without credentials, so Terraform does not store it.
ephemeral "cloudsnap_snapshot_export" "db" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = cloudsnap_snapshot_rotation.db.latest_snapshot_id

  timeouts = {
    open = "4h"
  }
}

# Downloads the file of each new snapshot, and compares its MD5 with the one that Exoscale reports.
resource "terraform_data" "download" {
  triggers_replace = cloudsnap_snapshot_rotation.db.latest_snapshot_id

  provisioner "local-exec" {
    environment = {
      URL  = ephemeral.cloudsnap_snapshot_export.db.presigned_url
      MD5  = ephemeral.cloudsnap_snapshot_export.db.md5sum
      FILE = "${var.folder}/db-${formatdate("YYYYMMDD-hhmm", cloudsnap_snapshot_rotation.db.latest_created_at)}.qcow2"
    }

    command = <<-EOT
      set -eu
      mkdir -p "$(dirname "$FILE")"
      curl --fail --silent --show-error --output "$FILE.part" "$URL"
      echo "$MD5  $FILE.part" | md5sum --check --quiet
      mv "$FILE.part" "$FILE"
    EOT
  }
}

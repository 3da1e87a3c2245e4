# An export with its checksum
resource "cloudsnap_snapshot" "web" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

# Exports the disk of the snapshot once. The ephemeral resource of the same name returns the URL of the file.
resource "cloudsnap_snapshot_export" "disk" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = cloudsnap_snapshot.web.snapshot_id
}

output "md5sum" {
  description = "The MD5 of the file, to check a download with md5sum."
  value       = cloudsnap_snapshot_export.disk.md5sum
}

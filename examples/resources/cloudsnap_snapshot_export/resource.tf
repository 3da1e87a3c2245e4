resource "cloudsnap_snapshot" "web" {
  cloud     = "exoscale"
  location  = "ch-gva-2"
  source_id = "c1000000-0000-4000-8000-000000000001"
}

# The snapshot's disk as a file, once. The ephemeral resource of the same name yields where to download it.
resource "cloudsnap_snapshot_export" "disk" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  snapshot_id = cloudsnap_snapshot.web.snapshot_id
}

output "md5sum" {
  description = "What md5sum says of the downloaded file."
  value       = cloudsnap_snapshot_export.disk.md5sum
}

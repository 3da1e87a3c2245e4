# koyeb/<volume_id>
terraform import cloudsnap_snapshot_volume.restored koyeb/6e2f9b17-84c3-4d05-9a7e-3b1c5d8f0a42

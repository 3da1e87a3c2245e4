# contabo/<instance_id>/<name_prefix>, which adopts the snapshots named <name_prefix>-<yyyymmdd-hhmm>
terraform import cloudsnap_snapshot_rotation.db contabo/42001/nightly

# koyeb/<volume_id>/<name_prefix>
terraform import cloudsnap_snapshot_rotation.data koyeb/11111102-aaaa-4aaa-8aaa-000000000002/rotation

# exoscale/<zone>/<instance_id>/<snapshot_id>,<snapshot_id>, because Exoscale sets the names itself
terraform import cloudsnap_snapshot_rotation.web exoscale/ch-gva-2/c1000000-0000-4000-8000-000000000001/c2000000-0000-4000-8000-000000000001

# hostinger/<vm_id>, because a VM has a single snapshot
terraform import cloudsnap_snapshot_rotation.vm hostinger/17924

# contabo/<instance_id>/<snapshot_id>
terraform import cloudsnap_snapshot.before_upgrade contabo/42001/snap1700000042

# exoscale/<zone>/<snapshot_id>
terraform import cloudsnap_snapshot.web exoscale/ch-gva-2/c2000000-0000-4000-8000-000000000001

# koyeb/<snapshot_id>
terraform import cloudsnap_snapshot.data koyeb/33333333-cccc-4ccc-8ccc-000000000001

# hostinger/<vm_id>, because a VM has a single snapshot
terraform import cloudsnap_snapshot.vm hostinger/17924

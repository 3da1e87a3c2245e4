# exoscale/<zone>/<snapshot_id> of an exported snapshot
terraform import cloudsnap_snapshot_export.disk exoscale/ch-gva-2/c2000000-0000-4000-8000-000000000001

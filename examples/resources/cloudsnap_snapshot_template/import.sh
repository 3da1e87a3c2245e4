# exoscale/<zone>/<template_id>
terraform import cloudsnap_snapshot_template.golden exoscale/ch-gva-2/7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26

# exoscale/<zone>/<template_id>/<snapshot_id>, for a configuration that sets snapshot_id
terraform import cloudsnap_snapshot_template.golden exoscale/ch-gva-2/7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26/c2000000-0000-4000-8000-000000000001

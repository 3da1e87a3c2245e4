# Import IDs, as the outputs of another configuration have them.
variable "backups" {
  type    = set(string)
  default = ["contabo/42001/snap1700000042", "hostinger/17924"]
}

data "cloudsnap_snapshot" "backup" {
  for_each = var.backups
  cloud    = provider::cloudsnap::parse_id(each.value).cloud
  id       = each.value
}

output "machines" {
  value = { for id in var.backups : id => provider::cloudsnap::parse_id(id).source_id }
}

# IDs of different types look alike. All but those of snapshots need the type.
output "template" {
  value = provider::cloudsnap::parse_id(
    "exoscale/ch-gva-2/7a1d9c34-2e5b-4f80-b6c7-91d03e8f5a26", "cloudsnap_snapshot_template",
  ).template_id
}

# A snapshot at each of the other clouds, with the same attributes. Terraform takes them at the same time.
locals {
  machines = {
    shop = { cloud = "exoscale", source_id = "c1000000-0000-4000-8000-000000000001" }
    data = { cloud = "koyeb", source_id = "11111102-aaaa-4aaa-8aaa-000000000002" }
    mail = { cloud = "hostinger", source_id = "17923" }
  }
}

resource "cloudsnap_snapshot" "fleet" {
  for_each = local.machines

  cloud     = each.value.cloud
  source_id = each.value.source_id
}

output "fleet" {
  description = "The import ID, the state and the name of each snapshot."
  value       = { for name, s in cloudsnap_snapshot.fleet : name => "${s.id} ${s.state}, named ${coalesce(s.name, "nothing")}" }
}

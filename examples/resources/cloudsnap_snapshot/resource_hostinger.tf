# A Hostinger VM
# A VM keeps one snapshot. Without replace_existing, the plan fails if there is one.
resource "cloudsnap_snapshot" "vm" {
  cloud            = "hostinger"
  source_id        = "17924"
  replace_existing = true

  timeouts = {
    create = "90m"
  }
}

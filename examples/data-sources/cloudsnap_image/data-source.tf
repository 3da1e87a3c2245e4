# The standard image of that name.
data "cloudsnap_image" "debian" {
  cloud          = "contabo"
  name           = "debian-12"
  standard_image = true
}

# The newest public template of a family in a zone.
data "cloudsnap_image" "ubuntu" {
  cloud       = "exoscale"
  location    = "ch-gva-2"
  visibility  = "public"
  name_regex  = "Ubuntu"
  most_recent = true
}

output "image_ids" {
  value = [data.cloudsnap_image.debian.image_id, data.cloudsnap_image.ubuntu.image_id]
}

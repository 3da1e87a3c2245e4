# The newest standard image of Debian at Contabo. Without one, the read fails.
data "cloudsnap_images" "debian" {
  cloud          = "contabo"
  standard_image = true
  name_regex     = "^debian-"
  most_recent    = true
}

# Your own templates in a zone of Exoscale, newest first. For public templates, set visibility = "public".
data "cloudsnap_images" "templates" {
  cloud    = "exoscale"
  location = "ch-gva-2"
}

output "debian_image_id" {
  value = data.cloudsnap_images.debian.images[0].image_id
}

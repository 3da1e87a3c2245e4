# The newest standard image of a family at Contabo. It is an error if there is none.
data "cloudsnap_images" "debian" {
  cloud          = "contabo"
  standard_image = true
  name_regex     = "^debian-"
  most_recent    = true
}

# Your own templates in a zone of Exoscale, the newest first. The public ones need visibility = "public".
data "cloudsnap_images" "templates" {
  cloud    = "exoscale"
  location = "ch-gva-2"
}

output "debian_image_id" {
  value = data.cloudsnap_images.debian.images[0].image_id
}

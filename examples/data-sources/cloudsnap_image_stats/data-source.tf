data "cloudsnap_image_stats" "storage" {
  cloud = "contabo"
}

check "room_for_another_image" {
  assert {
    condition     = data.cloudsnap_image_stats.storage.free_mb > 4096
    error_message = "The image storage is nearly full: ${data.cloudsnap_image_stats.storage.free_mb} MB of ${data.cloudsnap_image_stats.storage.total_mb} MB are free."
  }
}

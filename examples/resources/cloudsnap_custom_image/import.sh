# contabo/<image_id>
terraform import cloudsnap_custom_image.golden contabo/4c1e8a52-7f0d-4b36-9a61-0d5b2c7e9f10

# exoscale/<zone>/<template_id>
terraform import cloudsnap_custom_image.template exoscale/ch-gva-2/0b6d4a9e-3c1f-4f57-8e2a-5d9c7b1a6f30

package contabo

import "github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"

// vendorProvider is Contabo's own Terraform provider.
const vendorProvider = "contabo/contabo"

// moves are the types of Contabo's own provider, by its documentation:
// https://github.com/contabo/terraform-provider-contabo/tree/main/docs/resources
var moves = []driver.Move{
	{
		Provider: vendorProvider, Type: "contabo_instance_snapshot", To: driver.CapabilitySnapshot,
		Attributes: map[string]string{
			"source_id": "instance_id", "snapshot_id": "id", "name": "name", "description": "description",
		},
	},
	{
		Provider: vendorProvider, Type: "contabo_image", To: driver.CapabilityCustomImage,
		Attributes: map[string]string{
			"image_id": "id", "name": "name", "description": "description", "url": "image_url", "os_type": "os_type",
			"version": "version",
		},
	},
}

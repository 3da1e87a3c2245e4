package contabo

import (
	"regexp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

var (
	// instanceID has no leading zeros. The cloud would drop them, and the ID in state would differ from the
	// configuration.
	instanceID  = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
	nameCharset = regexp.MustCompile(`^[A-Za-z0-9 -]+$`)
	// snapshotForm is what the documents show: snap and a number, or a UUID.
	snapshotForm = regexp.MustCompile(`^snap[0-9]+$|` + driver.UUID.String())
	// imageFile matches the path of a URL.
	imageFile = regexp.MustCompile(`(?i)\.(iso|qcow2)$`)
)

const windowsWarning = "" +
	"The documentation of Contabo does not permit custom images of Windows, although the API accepts them. " +
	"Ask Contabo before you rely on this image."

var snapshotAttributes = driver.Attributes{
	"source_id": {Support: driver.Required, Pattern: instanceID, Description: "a number, as in 42001"},
	"name": {
		Support: driver.Required, Min: 1, Max: 30, Pattern: nameCharset,
		Description: "1 to 30 letters, digits, spaces and dashes",
	},
	"description": {Support: driver.Optional, Min: 1, Max: 255},
	"snapshot_id": {Support: driver.Computed},
	"expires_at":  {Support: driver.Computed},
	"image_id":    {Support: driver.Computed},
	"image_name":  {Support: driver.Computed},
}

var restoreAttributes = driver.Attributes{
	"source_id":                 snapshotAttributes["source_id"],
	"snapshot_id":               {Support: driver.Required},
	driver.DeleteNewerSnapshots: {Support: driver.Optional},
}

var imageAttributes = driver.Attributes{
	"name":        {Support: driver.Required, Min: 1},
	"description": {Support: driver.OptionalComputed},
	"url": {
		Support: driver.Optional, Pattern: imageFile,
		Description: "a link to a file whose name ends in .iso or .qcow2",
	},
	"os_type": {
		Support: driver.Required, OneOf: []string{"Linux", "Windows"},
		Warnings: map[string]string{"Windows": windowsWarning},
	},
	"version":          {Support: driver.Required, Min: 1},
	"size_mb":          {Support: driver.Computed},
	"uploaded_size_mb": {Support: driver.Computed},
	"format":           {Support: driver.Computed},
	"error_message":    {Support: driver.Computed},
	"last_modified_at": {Support: driver.Computed},
}

var imageFilters = driver.Attributes{
	"name":           {Support: driver.Optional},
	"standard_image": {Support: driver.Optional},
	"search":         {Support: driver.Optional},
}

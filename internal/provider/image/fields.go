package image

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// setNull plans null for a field that a cloud does not know.
func (m *resourceModel) setNull(f driver.ImageField) {
	switch f {
	case driver.ImageOSType:
		m.OSType = types.StringNull()
	case driver.ImageVersion:
		m.Version = types.StringNull()
	case driver.ImageChecksum:
		m.Checksum = types.StringNull()
	case driver.ImageDefaultUser:
		m.DefaultUser = types.StringNull()
	case driver.ImageBootMode:
		m.BootMode = types.StringNull()
	case driver.ImageSSHKeyEnabled:
		m.SSHKeyEnabled = types.BoolNull()
	case driver.ImagePasswordEnabled:
		m.PasswordEnabled = types.BoolNull()
	case driver.ImageBuild:
		m.Build = types.StringNull()
	case driver.ImageMaintainer:
		m.Maintainer = types.StringNull()
	case driver.ImageConsistent:
		m.ApplicationConsistentSnapshotEnabled = types.BoolNull()
	case driver.ImageSizeMB:
		m.SizeMB = types.Float64Null()
	case driver.ImageUploadedSizeMB:
		m.UploadedSizeMB = types.Float64Null()
	case driver.ImageSizeBytes:
		m.SizeBytes = types.Int64Null()
	case driver.ImageFormat:
		m.Format = types.StringNull()
	case driver.ImageErrorMessage:
		m.ErrorMessage = types.StringNull()
	case driver.ImageLastModifiedAt:
		m.LastModifiedAt = timetypes.NewRFC3339Null()
	case driver.ImageFamily:
		m.Family = types.StringNull()
	case driver.ImageVisibility:
		m.Visibility = types.StringNull()
	case driver.ImageZones:
		m.Zones = types.ListNull(types.StringType)
	}
}

// setUnknown plans as unknown what a cloud may still report of an image on its way. What is there already stays, unless
// the wait changes it.
func (m *resourceModel) setUnknown(rule driver.ImageRule) {
	m.State = types.StringUnknown()
	m.SizeMB, m.UploadedSizeMB, m.SizeBytes = types.Float64Unknown(), types.Float64Unknown(), types.Int64Unknown()
	m.Format, m.ErrorMessage, m.Family, m.Visibility = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.CreatedAt, m.LastModifiedAt = timetypes.NewRFC3339Unknown(), timetypes.NewRFC3339Unknown()
	m.Zones = types.ListUnknown(types.StringType)
	for _, v := range []*types.String{&m.ID, &m.ImageID, &m.Description, &m.OSType, &m.Version, &m.Checksum, &m.DefaultUser, &m.BootMode, &m.Build, &m.Maintainer} {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
	if m.ApplicationConsistentSnapshotEnabled.IsNull() {
		m.ApplicationConsistentSnapshotEnabled = types.BoolUnknown()
	}
	for _, f := range driver.ImageFields() {
		if !rule.Knows(f) {
			m.setNull(f)
		}
	}
}

package image

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
)

// setNull plans null for a field that a cloud does not know.
func (m *resourceModel) setNull(f cloud.ImageField) {
	switch f {
	case cloud.ImageOSType:
		m.OSType = types.StringNull()
	case cloud.ImageVersion:
		m.Version = types.StringNull()
	case cloud.ImageChecksum:
		m.Checksum = types.StringNull()
	case cloud.ImageDefaultUser:
		m.DefaultUser = types.StringNull()
	case cloud.ImageBootMode:
		m.BootMode = types.StringNull()
	case cloud.ImageSSHKeyEnabled:
		m.SSHKeyEnabled = types.BoolNull()
	case cloud.ImagePasswordEnabled:
		m.PasswordEnabled = types.BoolNull()
	case cloud.ImageBuild:
		m.Build = types.StringNull()
	case cloud.ImageMaintainer:
		m.Maintainer = types.StringNull()
	case cloud.ImageConsistent:
		m.ApplicationConsistentSnapshotEnabled = types.BoolNull()
	case cloud.ImageSizeMB:
		m.SizeMB = types.Float64Null()
	case cloud.ImageUploadedSizeMB:
		m.UploadedSizeMB = types.Float64Null()
	case cloud.ImageSizeBytes:
		m.SizeBytes = types.Int64Null()
	case cloud.ImageFormat:
		m.Format = types.StringNull()
	case cloud.ImageErrorMessage:
		m.ErrorMessage = types.StringNull()
	case cloud.ImageLastModifiedAt:
		m.LastModifiedAt = timetypes.NewRFC3339Null()
	case cloud.ImageFamily:
		m.Family = types.StringNull()
	case cloud.ImageVisibility:
		m.Visibility = types.StringNull()
	case cloud.ImageZones:
		m.Zones = types.ListNull(types.StringType)
	}
}

// setUnknown plans as unknown what a cloud may still report of an image on its way. What is there already stays, unless the wait changes it.
func (m *resourceModel) setUnknown(rule cloud.ImageRule) {
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
	for _, f := range cloud.ImageFields() {
		if !rule.Knows(f) {
			m.setNull(f)
		}
	}
}

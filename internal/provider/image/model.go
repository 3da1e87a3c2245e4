package image

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is cloudsnap_custom_image.
type resourceModel struct {
	Cloud types.String `tfsdk:"cloud"`
	imageModel
	URL                  types.String   `tfsdk:"url"`
	URLWO                types.String   `tfsdk:"url_wo"`
	URLWOVersion         types.Int64    `tfsdk:"url_wo_version"`
	DetectContentChanges types.Bool     `tfsdk:"detect_content_changes"`
	SourceFingerprint    types.String   `tfsdk:"source_fingerprint"`
	DeletionPolicy       types.String   `tfsdk:"deletion_policy"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
}

// imageModel are the attributes of an image, which the resource and the data source share.
type imageModel struct {
	Location        types.String      `tfsdk:"location"`
	Name            types.String      `tfsdk:"name"`
	Description     types.String      `tfsdk:"description"`
	OSType          types.String      `tfsdk:"os_type"`
	Version         types.String      `tfsdk:"version"`
	Checksum        types.String      `tfsdk:"checksum"`
	DefaultUser     types.String      `tfsdk:"default_user"`
	BootMode        types.String      `tfsdk:"boot_mode"`
	SSHKeyEnabled   types.Bool        `tfsdk:"ssh_key_enabled"`
	PasswordEnabled types.Bool        `tfsdk:"password_enabled"`
	Build           types.String      `tfsdk:"build"`
	Maintainer      types.String      `tfsdk:"maintainer"`
	Consistent      types.Bool        `tfsdk:"application_consistent_snapshot_enabled"`
	ID              types.String      `tfsdk:"id"`
	ImageID         types.String      `tfsdk:"image_id"`
	State           types.String      `tfsdk:"state"`
	SizeMB          types.Float64     `tfsdk:"size_mb"`
	UploadedSizeMB  types.Float64     `tfsdk:"uploaded_size_mb"`
	SizeBytes       types.Int64       `tfsdk:"size_bytes"`
	Format          types.String      `tfsdk:"format"`
	ErrorMessage    types.String      `tfsdk:"error_message"`
	CreatedAt       timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt  timetypes.RFC3339 `tfsdk:"last_modified_at"`
	Family          types.String      `tfsdk:"family"`
	Visibility      types.String      `tfsdk:"visibility"`
	Zones           types.List        `tfsdk:"zones"`
}

// identityModel is the identity of an image.
type identityModel struct {
	Cloud    types.String `tfsdk:"cloud"`
	Location types.String `tfsdk:"location"`
	ImageID  types.String `tfsdk:"image_id"`
}

// source is the URL of a configuration, in url or url_wo. It may be unknown.
func (m resourceModel) source() types.String {
	if m.URL.IsNull() {
		return m.URLWO
	}
	return m.URL
}

// toSpec returns the parameters of the import. The URL comes from the configuration, because a plan has no url_wo.
func (m resourceModel) toSpec(url string) driver.ImageSpec {
	return driver.ImageSpec{
		Location:        m.Location.ValueString(),
		Name:            m.Name.ValueString(),
		Description:     m.Description.ValueString(),
		URL:             url,
		OSType:          m.OSType.ValueString(),
		Version:         m.Version.ValueString(),
		Checksum:        m.Checksum.ValueString(),
		DefaultUser:     m.DefaultUser.ValueString(),
		BootMode:        m.BootMode.ValueString(),
		SSHKeyEnabled:   m.SSHKeyEnabled.ValueBool(),
		PasswordEnabled: m.PasswordEnabled.ValueBool(),
		Build:           m.Build.ValueString(),
		Maintainer:      m.Maintainer.ValueString(),

		ApplicationConsistentSnapshotEnabled: knownBool(m.Consistent),
	}
}

// toChange returns the difference between the state and the plan.
func (m resourceModel) toChange(plan resourceModel) driver.ImageChange {
	return driver.ImageChange{
		Name:        kit.Changed(m.Name, plan.Name),
		Description: kit.Changed(m.Description, plan.Description),
	}
}

// ref is the address of the image.
func (m imageModel) ref() driver.Ref {
	return driver.Ref{Location: m.Location.ValueString(), ObjectID: m.ImageID.ValueString()}
}

// toImage returns what a wait needs of the image.
func (m imageModel) toImage() driver.Image {
	return driver.Image{
		ID: m.ImageID.ValueString(), Location: m.Location.ValueString(), State: driver.State(m.State.ValueString()),
	}
}

// isPending reports whether the image is neither ready nor failed.
func (m imageModel) isPending() bool {
	state := driver.State(m.State.ValueString())
	return state != driver.StateReady && state != driver.StateError
}

// fromImage sets the attributes to what the cloud reports. The URL is set only by an import, and only if it cannot be a
// secret.
func (m *resourceModel) fromImage(d driver.Descriptor, i driver.Image) {
	secret := !m.URLWOVersion.IsNull() || mayBeSecret(i.URL)
	if secret {
		i.ErrorMessage = redact(i.ErrorMessage, i.URL)
	}
	m.imageModel.fromImage(d, i)
	if m.URL.IsNull() && !secret {
		m.URL = kit.StringOrNull(i.URL)
	}
	if m.SourceFingerprint.IsUnknown() {
		m.SourceFingerprint = types.StringNull()
	}
}

// fromImage sets the attributes to what the cloud reports. An attribute that is fixed at creation keeps the value that
// it has.
func (m *imageModel) fromImage(d driver.Descriptor, i driver.Image) {
	m.Location = kit.StringOrNull(i.Location)
	if i.Name != "" || m.Name.IsUnknown() {
		m.Name, m.Description = kit.StringOrNull(i.Name), kit.Description(m.Description, i)
	} else {
		// An answer without a name has only the ID: the configured values still apply.
		m.Description = orPrior(m.Description, types.StringNull())
	}
	m.OSType = orPrior(m.OSType, kit.StringOrNull(i.OSType))
	m.Version = orPrior(m.Version, kit.StringOrNull(i.Version))
	m.Checksum = orPrior(m.Checksum, kit.StringOrNull(i.Checksum))
	m.DefaultUser = orPrior(m.DefaultUser, kit.StringOrNull(i.DefaultUser))
	m.BootMode = orPrior(m.BootMode, kit.StringOrNull(i.BootMode))
	m.SSHKeyEnabled = orPrior(m.SSHKeyEnabled, types.BoolPointerValue(i.SSHKeyEnabled))
	m.PasswordEnabled = orPrior(m.PasswordEnabled, types.BoolPointerValue(i.PasswordEnabled))
	m.Build = orPrior(m.Build, kit.StringOrNull(i.Build))
	m.Maintainer = orPrior(m.Maintainer, kit.StringOrNull(i.Maintainer))
	m.Consistent = orPrior(m.Consistent, types.BoolPointerValue(i.ApplicationConsistentSnapshotEnabled))
	m.ID = kit.IDOrNull(d, d.Limits.ImageID, i.Ref())
	m.ImageID = kit.StringOrNull(i.ID)
	m.State = kit.StringOrNull(string(i.State))
	m.SizeMB = types.Float64PointerValue(i.SizeMB)
	m.UploadedSizeMB = types.Float64PointerValue(i.UploadedSizeMB)
	m.SizeBytes = types.Int64PointerValue(i.SizeBytes)
	m.Format = kit.StringOrNull(i.Format)
	m.ErrorMessage = kit.StringOrNull(i.ErrorMessage)
	m.CreatedAt = kit.TimeOrNull(i.CreatedAt)
	m.LastModifiedAt = kit.TimeOrNull(i.ModifiedAt)
	m.Family = kit.StringOrNull(i.Family)
	m.Visibility = kit.StringOrNull(i.Visibility)
	m.Zones = listOrNull(i.Zones)
}

// knownBool is nil for a value that is null or unknown, which the cloud chooses.
func knownBool(v types.Bool) *bool {
	if v.IsUnknown() {
		return nil
	}
	return v.ValueBoolPointer()
}

// orPrior returns the reported value if there is no prior value.
func orPrior[V attr.Value](prior, reported V) V {
	if prior.IsNull() || prior.IsUnknown() {
		return reported
	}
	return prior
}

func listOrNull(words []string) types.List {
	if len(words) == 0 {
		return types.ListNull(types.StringType)
	}
	values := make([]attr.Value, 0, len(words))
	for _, w := range words {
		values = append(values, types.StringValue(w))
	}
	return types.ListValueMust(types.StringType, values)
}

// applyDefaults sets what an import cannot read from the cloud.
func (m *resourceModel) applyDefaults() {
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// forgetFixed removes what is fixed at creation from a state that was moved from another provider and is read for the
// first time. Another provider may store what the cloud never got.
func (m *imageModel) forgetFixed() {
	for _, text := range []*types.String{
		&m.OSType, &m.Version, &m.Checksum, &m.DefaultUser, &m.BootMode, &m.Build, &m.Maintainer,
	} {
		*text = types.StringNull()
	}
}

// toIdentity returns the parts that identify an image at this cloud. The others are null.
func (m resourceModel) toIdentity(d driver.Descriptor) identityModel {
	out := identityModel{Cloud: m.Cloud, Location: types.StringNull(), ImageID: m.ImageID}
	if slices.Contains(d.Limits.ImageID, driver.PartLocation) {
		out.Location = m.Location
	}
	return out
}

// loss describes an image that the cloud does not have any more.
func (m resourceModel) loss() kit.Loss {
	// An import has no name yet. A move has one, and no state.
	managed := !m.State.IsNull() || !m.Name.IsNull()
	return kit.Loss{ID: m.ID.ValueString(), Managed: managed}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is the origin and the location of the object.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("image of "+m.URL.ValueString(), m.Name), m.Location.ValueString()
}

package image

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is cloudsnap_custom_image, in the order of its schema.
type resourceModel struct {
	Cloud           types.String `tfsdk:"cloud"`
	Location        types.String `tfsdk:"location"`
	Name            types.String `tfsdk:"name"`
	Description     types.String `tfsdk:"description"`
	URL             types.String `tfsdk:"url"`
	URLWO           types.String `tfsdk:"url_wo"`
	URLWOVersion    types.Int64  `tfsdk:"url_wo_version"`
	OSType          types.String `tfsdk:"os_type"`
	Version         types.String `tfsdk:"version"`
	Checksum        types.String `tfsdk:"checksum"`
	DefaultUser     types.String `tfsdk:"default_user"`
	BootMode        types.String `tfsdk:"boot_mode"`
	SSHKeyEnabled   types.Bool   `tfsdk:"ssh_key_enabled"`
	PasswordEnabled types.Bool   `tfsdk:"password_enabled"`
	Build           types.String `tfsdk:"build"`
	Maintainer      types.String `tfsdk:"maintainer"`

	ApplicationConsistentSnapshotEnabled types.Bool `tfsdk:"application_consistent_snapshot_enabled"`

	DetectContentChanges types.Bool        `tfsdk:"detect_content_changes"`
	DeletionPolicy       types.String      `tfsdk:"deletion_policy"`
	ID                   types.String      `tfsdk:"id"`
	ImageID              types.String      `tfsdk:"image_id"`
	State                types.String      `tfsdk:"state"`
	SizeMB               types.Float64     `tfsdk:"size_mb"`
	UploadedSizeMB       types.Float64     `tfsdk:"uploaded_size_mb"`
	SizeBytes            types.Int64       `tfsdk:"size_bytes"`
	Format               types.String      `tfsdk:"format"`
	ErrorMessage         types.String      `tfsdk:"error_message"`
	CreatedAt            timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt       timetypes.RFC3339 `tfsdk:"last_modified_at"`
	Family               types.String      `tfsdk:"family"`
	Visibility           types.String      `tfsdk:"visibility"`
	Zones                types.List        `tfsdk:"zones"`
	SourceFingerprint    types.String      `tfsdk:"source_fingerprint"`
	Timeouts             timeouts.Value    `tfsdk:"timeouts"`
}

// identityModel is the identity of an image.
type identityModel struct {
	Cloud    types.String `tfsdk:"cloud"`
	Location types.String `tfsdk:"location"`
	ImageID  types.String `tfsdk:"image_id"`
}

// config is what the checks of the core want to know.
func (m resourceModel) config() rules.ImageConfig {
	d := rules.ImageConfig{
		Location:                             kit.OptionalString(m.Location),
		Name:                                 kit.OptionalString(m.Name),
		Description:                          kit.OptionalString(m.Description),
		URL:                                  kit.OptionalString(m.URL),
		URLAttribute:                         "url",
		OSType:                               kit.OptionalString(m.OSType),
		Version:                              kit.OptionalString(m.Version),
		Checksum:                             kit.OptionalString(m.Checksum),
		DefaultUser:                          kit.OptionalString(m.DefaultUser),
		BootMode:                             kit.OptionalString(m.BootMode),
		SSHKeyEnabled:                        kit.OptionalBool(m.SSHKeyEnabled),
		PasswordEnabled:                      kit.OptionalBool(m.PasswordEnabled),
		Build:                                kit.OptionalString(m.Build),
		Maintainer:                           kit.OptionalString(m.Maintainer),
		ApplicationConsistentSnapshotEnabled: kit.OptionalBool(m.ApplicationConsistentSnapshotEnabled),
	}
	if m.URL.IsNull() {
		d.URL, d.URLAttribute = kit.OptionalString(m.URLWO), "url_wo"
	}
	return d
}

// checkURL finds what is wrong with how url, url_wo and url_wo_version are set together. Unknown values may turn out to
// be null.
func (m resourceModel) checkURL() []rules.Violation {
	const either = "Set either url, or url_wo with url_wo_version."
	var out []rules.Violation
	open, secret := kit.OptionalString(m.URL), kit.OptionalString(m.URLWO)
	version := !m.URLWOVersion.IsNull()
	switch {
	case m.URL.IsNull() && m.URLWO.IsNull():
		out = append(out, rules.Violation{Attribute: "url", Message: "a custom image needs a URL to fetch its file from", Hint: either})
	case open.Known() && secret.Known():
		out = append(out, rules.Violation{Attribute: "url_wo", Message: "a custom image has one URL, and both url and url_wo are set", Hint: either})
	case secret.Known() && !version:
		out = append(out, rules.Violation{
			Attribute: "url_wo_version", Message: "url_wo needs url_wo_version beside it",
			Hint: "Set url_wo_version to a number of your choice, and change it whenever url_wo leads to another file.",
		})
	}
	if m.URLWO.IsNull() && version && !m.URLWOVersion.IsUnknown() {
		out = append(out, rules.Violation{
			Attribute: "url_wo_version", Message: "url_wo_version belongs to url_wo, which is not set",
			Hint: "Remove url_wo_version from the configuration, or set url_wo.",
		})
	}
	return out
}

// source is the URL of a configuration, wherever it stands; it may be unknown.
func (m resourceModel) source() types.String {
	if m.URL.IsNull() {
		return m.URLWO
	}
	return m.URL
}

// toSpec is what to create. A plan has no url_wo, so the URL comes from the configuration.
func (m resourceModel) toSpec(url string) driver.ImageSpec {
	return driver.ImageSpec{
		Location:                             m.Location.ValueString(),
		Name:                                 m.Name.ValueString(),
		Description:                          m.Description.ValueString(),
		URL:                                  url,
		OSType:                               m.OSType.ValueString(),
		Version:                              m.Version.ValueString(),
		Checksum:                             m.Checksum.ValueString(),
		DefaultUser:                          m.DefaultUser.ValueString(),
		BootMode:                             m.BootMode.ValueString(),
		SSHKeyEnabled:                        m.SSHKeyEnabled.ValueBool(),
		PasswordEnabled:                      m.PasswordEnabled.ValueBool(),
		Build:                                m.Build.ValueString(),
		Maintainer:                           m.Maintainer.ValueString(),
		ApplicationConsistentSnapshotEnabled: knownBool(m.ApplicationConsistentSnapshotEnabled),
	}
}

// toChange is what to change to get from the state to the plan.
func (m resourceModel) toChange(plan resourceModel) driver.ImageChange {
	return driver.ImageChange{
		Name:        kit.Changed(m.Name, plan.Name),
		Description: kit.Changed(m.Description, plan.Description),
	}
}

// ref is what addresses the image.
func (m resourceModel) ref() driver.Ref {
	return driver.Ref{Location: m.Location.ValueString(), ObjectID: m.ImageID.ValueString()}
}

// known is as much of the image as the state tells about its progress.
func (m resourceModel) known() driver.Image {
	return driver.Image{ID: m.ImageID.ValueString(), Location: m.Location.ValueString(), State: driver.State(m.State.ValueString())}
}

// unfinished reports whether the image is on its way: neither ready nor failed.
func (m resourceModel) unfinished() bool {
	state := driver.State(m.State.ValueString())
	return state != driver.StateReady && state != driver.StateError
}

// fromImage takes over what the cloud says. What the configuration alone decides, and what was said when the image was
// made, stays as it is: no cloud can change it. An import takes it from the cloud, but for a URL that may be a secret.
func (m *resourceModel) fromImage(d driver.Descriptor, i driver.Image) {
	secret := !m.URLWOVersion.IsNull() || mayBeSecret(i.URL)
	m.Cloud = types.StringValue(d.Name)
	m.Location = kit.StringOrNull(i.Location)
	if i.Name != "" || m.Name.IsUnknown() {
		// An answer without a name is all ID: what was asked for still holds.
		m.Name, m.Description = kit.StringOrNull(i.Name), kit.Description(m.Description, i)
	} else {
		m.Description = keep(m.Description, types.StringNull())
	}
	if m.URL.IsNull() && !secret {
		m.URL = kit.StringOrNull(i.URL)
	}
	m.OSType = keep(m.OSType, kit.StringOrNull(i.OSType))
	m.Version = keep(m.Version, kit.StringOrNull(i.Version))
	m.Checksum = keep(m.Checksum, kit.StringOrNull(i.Checksum))
	m.DefaultUser = keep(m.DefaultUser, kit.StringOrNull(i.DefaultUser))
	m.BootMode = keep(m.BootMode, kit.StringOrNull(i.BootMode))
	m.SSHKeyEnabled = keep(m.SSHKeyEnabled, types.BoolPointerValue(i.SSHKeyEnabled))
	m.PasswordEnabled = keep(m.PasswordEnabled, types.BoolPointerValue(i.PasswordEnabled))
	m.Build = keep(m.Build, kit.StringOrNull(i.Build))
	m.Maintainer = keep(m.Maintainer, kit.StringOrNull(i.Maintainer))
	m.ApplicationConsistentSnapshotEnabled = keep(m.ApplicationConsistentSnapshotEnabled, types.BoolPointerValue(i.ApplicationConsistentSnapshotEnabled))
	m.ID = kit.IDOrNull(d, d.Limits.ImageID, i.Ref())
	m.ImageID = kit.StringOrNull(i.ID)
	m.State = kit.StringOrNull(string(i.State))
	m.SizeMB = types.Float64PointerValue(i.SizeMB)
	m.UploadedSizeMB = types.Float64PointerValue(i.UploadedSizeMB)
	m.SizeBytes = types.Int64PointerValue(i.SizeBytes)
	m.Format = kit.StringOrNull(i.Format)
	m.ErrorMessage = kit.StringOrNull(i.ErrorMessage)
	if secret {
		m.ErrorMessage = kit.StringOrNull(redact(i.ErrorMessage, i.URL))
	}
	m.CreatedAt = kit.TimeOrNull(i.CreatedAt)
	m.LastModifiedAt = kit.TimeOrNull(i.ModifiedAt)
	m.Family = kit.StringOrNull(i.Family)
	m.Visibility = kit.StringOrNull(i.Visibility)
	m.Zones = listOrNull(i.Zones)
	if m.SourceFingerprint.IsUnknown() {
		m.SourceFingerprint = types.StringNull()
	}
}

// knownBool is nil for a value that is null or unknown: the cloud decides it.
func knownBool(v types.Bool) *bool {
	if v.IsUnknown() {
		return nil
	}
	return v.ValueBoolPointer()
}

// keep is what was there before, or what the cloud says where nothing was.
func keep[V attr.Value](before, reported V) V {
	if before.IsNull() || before.IsUnknown() {
		return reported
	}
	return before
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

// applyDefaults fills in what an import cannot know.
func (m *resourceModel) applyDefaults() {
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// toIdentity keeps the parts that identify an image at this cloud; the others are null.
func (m resourceModel) toIdentity(d driver.Descriptor) identityModel {
	out := identityModel{Cloud: m.Cloud, Location: types.StringNull(), ImageID: m.ImageID}
	if slices.Contains(d.Limits.ImageID, driver.PartLocation) {
		out.Location = m.Location
	}
	return out
}

// loss is the image when the cloud does not have it any more.
func (m resourceModel) loss(cl *cloud.Cloud) kit.Loss {
	return kit.Loss{
		Noun: "image", ID: m.ID.ValueString(), Managed: !m.State.IsNull(), Title: cl.Title,
		Next: "The next apply has the cloud fetch the file again, as it is then.",
	}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is what the object is made of, and where it is.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("image of "+m.URL.ValueString(), m.Name), m.Location.ValueString()
}

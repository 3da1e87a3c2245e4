package template

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is cloudsnap_snapshot_template, in the order of its schema.
type resourceModel struct {
	Cloud           types.String      `tfsdk:"cloud"`
	Location        types.String      `tfsdk:"location"`
	SnapshotID      types.String      `tfsdk:"snapshot_id"`
	Name            types.String      `tfsdk:"name"`
	Description     types.String      `tfsdk:"description"`
	DefaultUser     types.String      `tfsdk:"default_user"`
	SSHKeyEnabled   types.Bool        `tfsdk:"ssh_key_enabled"`
	PasswordEnabled types.Bool        `tfsdk:"password_enabled"`
	DeletionPolicy  types.String      `tfsdk:"deletion_policy"`
	ID              types.String      `tfsdk:"id"`
	TemplateID      types.String      `tfsdk:"template_id"`
	State           types.String      `tfsdk:"state"`
	Family          types.String      `tfsdk:"family"`
	Checksum        types.String      `tfsdk:"checksum"`
	BootMode        types.String      `tfsdk:"boot_mode"`
	Build           types.String      `tfsdk:"build"`
	Maintainer      types.String      `tfsdk:"maintainer"`
	Consistent      types.Bool        `tfsdk:"application_consistent_snapshot_enabled"`
	SizeBytes       types.Int64       `tfsdk:"size_bytes"`
	Visibility      types.String      `tfsdk:"visibility"`
	Zones           types.Set         `tfsdk:"zones"`
	CreatedAt       timetypes.RFC3339 `tfsdk:"created_at"`
	Timeouts        timeouts.Value    `tfsdk:"timeouts"`
}

// identityModel is the identity of a template.
type identityModel struct {
	Cloud      types.String `tfsdk:"cloud"`
	Location   types.String `tfsdk:"location"`
	TemplateID types.String `tfsdk:"template_id"`
}

// toSpec returns the parameters of the promotion.
func (m resourceModel) toSpec() driver.PromoteSpec {
	return driver.PromoteSpec{
		Snapshot:        driver.Ref{Location: m.Location.ValueString(), ObjectID: m.SnapshotID.ValueString()},
		Name:            m.Name.ValueString(),
		Description:     kit.Changed(types.StringNull(), m.Description),
		DefaultUser:     m.DefaultUser.ValueString(),
		SSHKeyEnabled:   m.SSHKeyEnabled.ValueBool(),
		PasswordEnabled: m.PasswordEnabled.ValueBool(),
	}
}

// toChange returns the difference between the state and the plan.
func (m resourceModel) toChange(plan resourceModel) driver.ImageChange {
	return driver.ImageChange{
		Name:        kit.Changed(m.Name, plan.Name),
		Description: kit.Changed(m.Description, plan.Description),
	}
}

// ref is the address of the template.
func (m resourceModel) ref() driver.Ref {
	return driver.Ref{Location: m.Location.ValueString(), ObjectID: m.TemplateID.ValueString()}
}

// isPending reports whether a wait was interrupted.
func (m resourceModel) isPending() bool { return m.State.ValueString() == string(driver.StateCreating) }

// toImage returns what a wait needs of the template.
func (m resourceModel) toImage() driver.Image {
	return driver.Image{
		ID: m.TemplateID.ValueString(), Location: m.Location.ValueString(), State: driver.State(m.State.ValueString()),
	}
}

// fromImage sets the attributes to what the cloud reports. An attribute that the cloud does not report before the
// template is complete keeps its value.
func (m *resourceModel) fromImage(d driver.Descriptor, i driver.Image) {
	m.Location = kit.StringOrNull(i.Location)
	m.Name = orPrior(m.Name, i.Name)
	m.Description = kit.Description(m.Description, i)
	m.DefaultUser = orPrior(m.DefaultUser, i.DefaultUser)
	m.SSHKeyEnabled = orPriorBool(m.SSHKeyEnabled, i.SSHKeyEnabled)
	m.PasswordEnabled = orPriorBool(m.PasswordEnabled, i.PasswordEnabled)
	m.ID = kit.IDOrNull(d, d.Limits.ImageID, i.Ref())
	m.TemplateID = kit.StringOrNull(i.ID)
	m.State = kit.StringOrNull(string(i.State))
	m.Family = kit.StringOrNull(i.Family)
	m.Checksum = kit.StringOrNull(i.Checksum)
	m.BootMode = kit.StringOrNull(i.BootMode)
	m.Build = kit.StringOrNull(i.Build)
	m.Maintainer = kit.StringOrNull(i.Maintainer)
	m.Consistent = types.BoolPointerValue(i.ApplicationConsistentSnapshotEnabled)
	m.SizeBytes = types.Int64PointerValue(i.SizeBytes)
	m.Visibility = kit.StringOrNull(i.Visibility)
	m.Zones = setOrNull(i.Zones)
	m.CreatedAt = kit.TimeOrNull(i.CreatedAt)
}

// orPrior returns the reported value, or the prior one if the cloud reports none.
func orPrior(prior types.String, reported string) types.String {
	if reported == "" && !prior.IsUnknown() {
		return prior
	}
	return kit.StringOrNull(reported)
}

func orPriorBool(prior types.Bool, reported *bool) types.Bool {
	if reported == nil && !prior.IsUnknown() {
		return prior
	}
	return types.BoolPointerValue(reported)
}

func setOrNull(words []string) types.Set {
	if len(words) == 0 {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, 0, len(words))
	for _, w := range words {
		elements = append(elements, types.StringValue(w))
	}
	return types.SetValueMust(types.StringType, elements)
}

// applyDefaults sets what an import cannot read from the cloud.
func (m *resourceModel) applyDefaults() {
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// toIdentity returns the identity of the template.
func (m resourceModel) toIdentity() identityModel {
	return identityModel{Cloud: m.Cloud, Location: m.Location, TemplateID: m.TemplateID}
}

// loss describes a template that the cloud does not have any more.
func (m resourceModel) loss() kit.Loss {
	return kit.Loss{ID: m.ID.ValueString(), Managed: !m.State.IsNull()}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is the origin and the location of the object.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("template of snapshot", m.SnapshotID), m.Location.ValueString()
}

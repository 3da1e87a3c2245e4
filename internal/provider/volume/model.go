package volume

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is configuration, plan and state.
type resourceModel struct {
	Cloud          types.String      `tfsdk:"cloud"`
	Location       types.String      `tfsdk:"location"`
	SnapshotID     types.String      `tfsdk:"snapshot_id"`
	Name           types.String      `tfsdk:"name"`
	DeletionPolicy types.String      `tfsdk:"deletion_policy"`
	ID             types.String      `tfsdk:"id"`
	VolumeID       types.String      `tfsdk:"volume_id"`
	State          types.String      `tfsdk:"state"`
	SizeGiB        types.Int64       `tfsdk:"size_gib"`
	CreatedAt      timetypes.RFC3339 `tfsdk:"created_at"`
	Timeouts       timeouts.Value    `tfsdk:"timeouts"`
}

// identityModel is the identity of the resource.
type identityModel struct {
	Cloud    types.String `tfsdk:"cloud"`
	VolumeID types.String `tfsdk:"volume_id"`
}

// toSpec returns the parameters of a create. The location is that of the snapshot.
func (m resourceModel) toSpec() driver.VolumeSpec {
	return driver.VolumeSpec{SnapshotID: m.SnapshotID.ValueString(), Name: m.Name.ValueString()}
}

// toChange returns what an update sends: the attributes that differ in the plan.
func (m resourceModel) toChange(plan resourceModel) driver.VolumeChange {
	return driver.VolumeChange{Name: kit.Changed(m.Name, plan.Name)}
}

// ref is the address of the volume.
func (m resourceModel) ref() driver.Ref {
	return driver.Ref{Location: m.Location.ValueString(), ObjectID: m.VolumeID.ValueString()}
}

// fromVolume takes over what the cloud reports. A snapshot that the cloud no longer reports stays in the state.
func (m *resourceModel) fromVolume(d driver.Descriptor, v driver.Volume) {
	m.Location = kit.StringOrNull(v.Location)
	if v.SnapshotID != "" {
		m.SnapshotID = types.StringValue(v.SnapshotID)
	}
	m.Name = kit.StringOrNull(v.Name)
	m.ID = kit.IDOrNull(d, d.Limits.VolumeID, v.Ref())
	m.VolumeID = kit.StringOrNull(v.ID)
	m.State = kit.StringOrNull(string(v.State))
	m.SizeGiB = types.Int64PointerValue(v.SizeGiB)
	m.CreatedAt = kit.TimeOrNull(v.CreatedAt)
}

// applyDefaults sets after an import what no cloud reports.
func (m *resourceModel) applyDefaults() {
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// toIdentity returns the identity of the volume.
func (m resourceModel) toIdentity() identityModel {
	return identityModel{Cloud: m.Cloud, VolumeID: m.VolumeID}
}

// loss is the volume for the warning that it is gone.
func (m resourceModel) loss() kit.Loss {
	return kit.Loss{ID: m.ID.ValueString(), Managed: !m.State.IsNull()}
}

// CloudName is the cloud of the model.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is where the volume is, and what it was created from.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("volume of snapshot", m.SnapshotID), m.Location.ValueString()
}

package export

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is the managed cloudsnap_snapshot_export, in the order of its schema.
type resourceModel struct {
	Cloud      types.String   `tfsdk:"cloud"`
	Location   types.String   `tfsdk:"location"`
	SnapshotID types.String   `tfsdk:"snapshot_id"`
	ID         types.String   `tfsdk:"id"`
	MD5Sum     types.String   `tfsdk:"md5sum"`
	State      types.String   `tfsdk:"state"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

// identityModel is the identity of an export.
type identityModel struct {
	Cloud      types.String `tfsdk:"cloud"`
	Location   types.String `tfsdk:"location"`
	SnapshotID types.String `tfsdk:"snapshot_id"`
}

// ref is the address of the snapshot.
func (m resourceModel) ref() driver.Ref { return refOf(m.Location, m.SnapshotID) }

func refOf(location, snapshotID types.String) driver.Ref {
	return driver.Ref{Location: location.ValueString(), ObjectID: snapshotID.ValueString()}
}

// isPending reports whether a wait was interrupted.
func (m resourceModel) isPending() bool { return m.State.ValueString() != string(driver.StateExported) }

// fromExport sets the attributes to what the cloud reports. The URL is not in the model.
func (m *resourceModel) fromExport(d driver.Descriptor, e export) {
	m.ID = kit.IDOrNull(d, d.Limits.SnapshotID, m.ref())
	m.MD5Sum = kit.StringOrNull(e.MD5)
	m.State = types.StringValue(string(e.state))
}

// toIdentity returns the identity of the export.
func (m resourceModel) toIdentity() identityModel {
	return identityModel{Cloud: m.Cloud, Location: m.Location, SnapshotID: m.SnapshotID}
}

// loss describes an export that the cloud does not have any more.
func (m resourceModel) loss() kit.Loss {
	return kit.Loss{ID: m.ID.ValueString(), Managed: !m.State.IsNull()}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is the origin and the location of the object.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("export of snapshot", m.SnapshotID), m.Location.ValueString()
}

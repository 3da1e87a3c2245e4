package export

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
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

// ref is what addresses the snapshot.
func (m resourceModel) ref() driver.Ref { return refOf(m.Location, m.SnapshotID) }

func refOf(location, snapshotID types.String) driver.Ref {
	return driver.Ref{Location: location.ValueString(), ObjectID: snapshotID.ValueString()}
}

// arrived reports whether no wait is left over from an interrupted run.
func (m resourceModel) arrived() bool { return m.State.ValueString() == string(driver.StateExported) }

// fromExport takes over what the cloud says. The URL has no place in the model.
func (m *resourceModel) fromExport(d driver.Descriptor, e export) {
	m.ID = kit.IDOrNull(d, d.Limits.SnapshotID, m.ref())
	m.MD5Sum = kit.StringOrNull(e.MD5)
	m.State = types.StringValue(string(e.state))
}

// toIdentity is what identifies the export.
func (m resourceModel) toIdentity() identityModel {
	return identityModel{Cloud: m.Cloud, Location: m.Location, SnapshotID: m.SnapshotID}
}

// check finds what a cloud would refuse, as far as the configuration alone tells.
func check(d driver.Descriptor, location, snapshotID types.String) []rules.Violation {
	var out []rules.Violation
	if p, ok := rules.CheckSnapshotID(d, kit.OptionalString(snapshotID)); !ok {
		out = append(out, p)
	}
	setting := kit.OptionalString(location)
	if location.IsNull() {
		// The provider may have a default, which is not known while validating.
		setting.Unknown = true
	}
	if p, ok := rules.CheckLocation(d, setting); !ok {
		out = append(out, p)
	}
	return out
}

// loss is the export when the cloud does not have it any more.
func (m resourceModel) loss(cl *cloud.Cloud) kit.Loss {
	return kit.Loss{
		Noun: "export", ID: m.ID.ValueString(), Managed: !m.State.IsNull(), Title: cl.Title,
		Next: "The next apply exports the snapshot again, if that still exists.",
	}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is what the object is made of, and where it is.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("export of snapshot", m.SnapshotID), m.Location.ValueString()
}

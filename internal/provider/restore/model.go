package restore

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The states of a restore.
const (
	stateRestoring = "restoring"
	stateRestored  = "restored"
	stateFailed    = "failed"
)

// resourceModel is cloudsnap_snapshot_restore, in the order of its schema.
type resourceModel struct {
	Cloud                types.String      `tfsdk:"cloud"`
	Location             types.String      `tfsdk:"location"`
	SourceID             types.String      `tfsdk:"source_id"`
	SnapshotID           types.String      `tfsdk:"snapshot_id"`
	DeleteNewerSnapshots types.Bool        `tfsdk:"delete_newer_snapshots"`
	Triggers             types.Map         `tfsdk:"triggers"`
	ID                   types.String      `tfsdk:"id"`
	RestoredAt           timetypes.RFC3339 `tfsdk:"restored_at"`
	State                types.String      `tfsdk:"state"`
	Timeouts             timeouts.Value    `tfsdk:"timeouts"`
}

// identityModel is the identity of a restore.
type identityModel struct {
	Cloud    types.String `tfsdk:"cloud"`
	Location types.String `tfsdk:"location"`
	SourceID types.String `tfsdk:"source_id"`
}

// toSpec returns the parameters of the restore.
func (m resourceModel) toSpec() driver.RestoreSpec {
	return driver.RestoreSpec{
		SourceID:    m.SourceID.ValueString(),
		Location:    m.Location.ValueString(),
		SnapshotID:  m.SnapshotID.ValueString(),
		DeleteNewer: m.DeleteNewerSnapshots.ValueBool(),
	}
}

// isKnown reports whether all parameters of the restore are known.
func (m resourceModel) isKnown() bool {
	return !m.SourceID.IsUnknown() && !m.SnapshotID.IsUnknown() && !m.DeleteNewerSnapshots.IsUnknown() &&
		!m.Location.IsUnknown()
}

// isPending reports whether a wait was interrupted.
func (m resourceModel) isPending() bool { return m.State.ValueString() == stateRestoring }

// restoresAgain reports whether a plan for the restore of the state is another restore.
func (m resourceModel) restoresAgain(plan resourceModel) bool {
	return m.State.ValueString() == stateFailed || !plan.SnapshotID.Equal(m.SnapshotID) ||
		!plan.Triggers.Equal(m.Triggers)
}

// fromRestore sets the computed attributes after a wait. now is the cloud's time.
func (m *resourceModel) fromRestore(d driver.Descriptor, state string, now time.Time) {
	m.ID = kit.IDOrNull(d, noun.IDParts(d.Limits), m.toSpec().Ref())
	m.State = types.StringValue(state)
	m.RestoredAt = timetypes.NewRFC3339Null()
	if state == stateRestored {
		m.RestoredAt = kit.TimeOrNull(now.Truncate(time.Second))
	}
}

// toIdentity returns the identity of the restore.
func (m resourceModel) toIdentity() identityModel {
	return identityModel{Cloud: m.Cloud, Location: m.Location, SourceID: m.SourceID}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is the origin and the location of the object.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("restore of", m.SourceID), m.Location.ValueString()
}

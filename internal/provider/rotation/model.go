package rotation

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is cloudsnap_snapshot_rotation, in the order of its schema.
type resourceModel struct {
	Cloud             types.String      `tfsdk:"cloud"`
	Location          types.String      `tfsdk:"location"`
	SourceID          types.String      `tfsdk:"source_id"`
	Interval          types.String      `tfsdk:"interval"`
	Triggers          types.Map         `tfsdk:"triggers"`
	KeepLast          types.Int64       `tfsdk:"keep_last"`
	KeepDaily         types.Int64       `tfsdk:"keep_daily"`
	KeepWeekly        types.Int64       `tfsdk:"keep_weekly"`
	KeepMonthly       types.Int64       `tfsdk:"keep_monthly"`
	NamePrefix        types.String      `tfsdk:"name_prefix"`
	Description       types.String      `tfsdk:"description"`
	DeleteOldestFirst types.Bool        `tfsdk:"delete_oldest_first"`
	ReplaceExisting   types.Bool        `tfsdk:"replace_existing"`
	DeletionPolicy    types.String      `tfsdk:"deletion_policy"`
	ID                types.String      `tfsdk:"id"`
	Snapshots         types.Set         `tfsdk:"snapshots"`
	LatestSnapshotID  types.String      `tfsdk:"latest_snapshot_id"`
	LatestCreatedAt   timetypes.RFC3339 `tfsdk:"latest_created_at"`
	NextDueAt         timetypes.RFC3339 `tfsdk:"next_due_at"`
	Timeouts          timeouts.Value    `tfsdk:"timeouts"`
}

// identityModel is the identity of a rotation.
type identityModel struct {
	Cloud      types.String `tfsdk:"cloud"`
	Location   types.String `tfsdk:"location"`
	SourceID   types.String `tfsdk:"source_id"`
	NamePrefix types.String `tfsdk:"name_prefix"`
}

// itemType is an element of snapshots.
var itemType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id":          types.StringType,
	"snapshot_id": types.StringType,
	"name":        types.StringType,
	"state":       types.StringType,
	"created_at":  timetypes.RFC3339Type{},
	"expires_at":  timetypes.RFC3339Type{},
}}

// source is the address of the source.
func (m resourceModel) source() driver.Ref {
	return driver.Ref{Location: m.Location.ValueString(), SourceID: m.SourceID.ValueString()}
}

// toSpec returns the parameters of a new snapshot. Its name is the prefix.
func (m resourceModel) toSpec() driver.SnapshotSpec {
	return driver.SnapshotSpec{
		SourceID:        m.SourceID.ValueString(),
		Location:        m.Location.ValueString(),
		Name:            m.NamePrefix.ValueString(),
		Description:     m.Description.ValueString(),
		ReplaceExisting: m.ReplaceExisting.ValueBool(),
	}
}

// toRetention returns the rules.
func (m resourceModel) toRetention() cloud.Retention {
	return cloud.Retention{
		Last:    int(m.KeepLast.ValueInt64()),
		Daily:   int(m.KeepDaily.ValueInt64()),
		Weekly:  int(m.KeepWeekly.ValueInt64()),
		Monthly: int(m.KeepMonthly.ValueInt64()),
	}
}

// interval is 0 without one.
func (m resourceModel) interval() time.Duration {
	d, _ := time.ParseDuration(m.Interval.ValueString()) // The validator accepts nothing else.
	return d
}

// isUndecided reports whether a value is unknown that decides what a run does.
func (m resourceModel) isUndecided() bool {
	return m.Interval.IsUnknown() || m.Triggers.IsUnknown() || m.KeepLast.IsUnknown() || m.KeepDaily.IsUnknown() ||
		m.KeepWeekly.IsUnknown() || m.KeepMonthly.IsUnknown() || m.DeleteOldestFirst.IsUnknown()
}

// isImported reports whether the state is that of an import that no apply has completed. A configuration sets at least
// one of the two.
func (m resourceModel) isImported() bool { return m.Interval.IsNull() && m.Triggers.IsNull() }

// items are the known elements of snapshots, by the cloud's ID.
func (m resourceModel) items() map[string]attr.Value {
	out := map[string]attr.Value{}
	for _, e := range m.Snapshots.Elements() {
		if o, ok := e.(types.Object); ok && !o.IsUnknown() {
			out[text(o, "snapshot_id")] = o
		}
	}
	return out
}

// takes reports whether a planned set has an element that is known after apply.
func (m resourceModel) takes() bool {
	if m.Snapshots.IsUnknown() {
		return true
	}
	for _, e := range m.Snapshots.Elements() {
		if e.IsUnknown() {
			return true
		}
	}
	return false
}

// toOwned returns the known elements of snapshots.
func (m resourceModel) toOwned() []driver.Snapshot {
	var out []driver.Snapshot
	for _, e := range m.Snapshots.Elements() {
		o, ok := e.(types.Object)
		if !ok || o.IsUnknown() {
			continue
		}
		out = append(out, driver.Snapshot{
			ID:        text(o, "snapshot_id"),
			SourceID:  m.SourceID.ValueString(),
			Location:  m.Location.ValueString(),
			Name:      text(o, "name"),
			State:     driver.State(text(o, "state")),
			CreatedAt: when(o, "created_at"),
			ExpiresAt: when(o, "expires_at"),
		})
	}
	return out
}

func text(o types.Object, name string) string {
	s, _ := o.Attributes()[name].(types.String)
	return s.ValueString()
}

func when(o types.Object, name string) time.Time {
	t, _ := o.Attributes()[name].(timetypes.RFC3339)
	return kit.Time(t)
}

// item is a snapshot as an element of snapshots.
func item(d driver.Descriptor, s driver.Snapshot) attr.Value {
	return types.ObjectValueMust(itemType.AttrTypes, map[string]attr.Value{
		"id":          kit.IDOrNull(d, d.Limits.SnapshotID, s.Ref()),
		"snapshot_id": kit.StringOrNull(s.ID),
		"name":        kit.StringOrNull(s.Name),
		"state":       kit.StringOrNull(string(s.State)),
		"created_at":  kit.TimeOrNull(s.CreatedAt),
		"expires_at":  kit.TimeOrNull(s.ExpiresAt),
	})
}

// fromOwned sets the attributes to the snapshots that the rotation owns.
func (m *resourceModel) fromOwned(d driver.Descriptor, owned []driver.Snapshot) {
	items := make([]attr.Value, 0, len(owned))
	for _, s := range owned {
		items = append(items, item(d, s))
		if d.Limits.Location.Support == driver.Computed && s.Location != "" {
			m.Location = types.StringValue(s.Location)
		}
	}
	if m.Location.IsUnknown() {
		m.Location = types.StringNull()
	}
	m.Snapshots = types.SetValueMust(itemType, items)
	m.ID = kit.IDOrNull(d, d.Limits.RotationID(), m.ref())
	m.setLatest(owned)
}

// setLatest sets what follows from the newest snapshot. Times of the state have whole seconds, so it compares those of
// the cloud like that as well.
func (m *resourceModel) setLatest(owned []driver.Snapshot) {
	owned = slices.Clone(owned)
	for i, s := range owned {
		owned[i].CreatedAt = s.CreatedAt.Truncate(time.Second)
	}
	newest, _ := cloud.Newest(owned)
	m.LatestSnapshotID = kit.StringOrNull(newest.ID)
	m.LatestCreatedAt = kit.TimeOrNull(newest.CreatedAt)
	m.NextDueAt = timetypes.NewRFC3339Null()
	if interval := m.interval(); interval > 0 && !newest.CreatedAt.IsZero() {
		m.NextDueAt = kit.TimeOrNull(cloud.DueAt(newest.CreatedAt, interval))
	}
}

// ref is the address of the rotation for its ID.
func (m resourceModel) ref() driver.Ref {
	ref := m.source()
	ref.ObjectID = m.NamePrefix.ValueString()
	return ref
}

// applyDefaults sets what an import cannot read from the cloud.
func (m *resourceModel) applyDefaults() {
	if m.KeepLast.IsNull() {
		m.KeepLast = types.Int64Value(driver.DefaultKeepLast)
	}
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// toIdentity returns the parts that identify a rotation at this cloud. The others are null.
func (m resourceModel) toIdentity(d driver.Descriptor) identityModel {
	out := identityModel{Cloud: m.Cloud, SourceID: m.SourceID}
	for _, p := range d.Limits.RotationID() {
		switch p {
		case driver.PartLocation:
			out.Location = m.Location
		case driver.PartNamePrefix:
			out.NamePrefix = m.NamePrefix
		default:
			// The source is a part at every cloud.
		}
	}
	return out
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is the origin and the location of the object.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("source", m.SourceID), m.Location.ValueString()
}

// track records that the snapshots belong to a resource of this run, and whether a destroy leaves them at the cloud.
func (m resourceModel) track(cl *cloud.Cloud) {
	for _, s := range m.toOwned() {
		cl.Track(s.Ref())
		if m.DeletionPolicy.ValueString() == kit.PolicyRetain {
			cl.Retain(s.Ref())
		}
	}
}

package snapshot

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is cloudsnap_snapshot.
type resourceModel struct {
	Cloud types.String `tfsdk:"cloud"`
	snapshotModel
	ReplaceExisting types.Bool     `tfsdk:"replace_existing"`
	WaitForRemote   types.Bool     `tfsdk:"wait_for_remote"`
	DeletionPolicy  types.String   `tfsdk:"deletion_policy"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

// snapshotModel are the attributes of a snapshot, which the resource and the data sources share.
type snapshotModel struct {
	Location              types.String      `tfsdk:"location"`
	SourceID              types.String      `tfsdk:"source_id"`
	Name                  types.String      `tfsdk:"name"`
	Description           types.String      `tfsdk:"description"`
	ID                    types.String      `tfsdk:"id"`
	SnapshotID            types.String      `tfsdk:"snapshot_id"`
	State                 types.String      `tfsdk:"state"`
	CreatedAt             timetypes.RFC3339 `tfsdk:"created_at"`
	ExpiresAt             timetypes.RFC3339 `tfsdk:"expires_at"`
	SizeGiB               types.Int64       `tfsdk:"size_gib"`
	ImageID               types.String      `tfsdk:"image_id"`
	ImageName             types.String      `tfsdk:"image_name"`
	ApplicationConsistent types.Bool        `tfsdk:"application_consistent"`
	StorageType           types.String      `tfsdk:"storage_type"`
	RestoreTimeSeconds    types.Int64       `tfsdk:"restore_time_seconds"`
}

// identityModel is the identity of a snapshot.
type identityModel struct {
	Cloud      types.String `tfsdk:"cloud"`
	Location   types.String `tfsdk:"location"`
	SourceID   types.String `tfsdk:"source_id"`
	SnapshotID types.String `tfsdk:"snapshot_id"`
}

// toSpec returns the parameters of the create.
func (m resourceModel) toSpec() driver.SnapshotSpec {
	return driver.SnapshotSpec{
		SourceID:        m.SourceID.ValueString(),
		Location:        m.Location.ValueString(),
		Name:            m.Name.ValueString(),
		Description:     m.Description.ValueString(),
		ReplaceExisting: m.ReplaceExisting.ValueBool(),
	}
}

// toChange returns the difference between the state and the plan.
func (m resourceModel) toChange(plan resourceModel) driver.SnapshotChange {
	return driver.SnapshotChange{
		Name:        kit.Changed(m.Name, plan.Name),
		Description: kit.Changed(m.Description, plan.Description),
	}
}

// ref is the address of the snapshot.
func (m snapshotModel) ref() driver.Ref {
	return driver.Ref{
		Location: m.Location.ValueString(),
		SourceID: m.SourceID.ValueString(),
		ObjectID: m.SnapshotID.ValueString(),
	}
}

// readiness states when the wait ends.
func (m resourceModel) readiness() driver.ReadyWhen {
	return driver.ReadyWhen{Remote: m.WaitForRemote.ValueBool()}
}

// toSnapshot returns the snapshot as the model has it.
func (m snapshotModel) toSnapshot() driver.Snapshot {
	return driver.Snapshot{
		Location:              m.Location.ValueString(),
		SourceID:              m.SourceID.ValueString(),
		Name:                  m.Name.ValueString(),
		Description:           m.Description.ValueString(),
		ID:                    m.SnapshotID.ValueString(),
		State:                 driver.State(m.State.ValueString()),
		CreatedAt:             kit.Time(m.CreatedAt),
		ExpiresAt:             kit.Time(m.ExpiresAt),
		SizeGiB:               m.SizeGiB.ValueInt64Pointer(),
		ImageID:               m.ImageID.ValueString(),
		ImageName:             m.ImageName.ValueString(),
		ApplicationConsistent: m.ApplicationConsistent.ValueBoolPointer(),
		StorageType:           m.StorageType.ValueString(),
		RestoreTimeSeconds:    m.RestoreTimeSeconds.ValueInt64Pointer(),
	}
}

// fromSnapshot sets the attributes to what the cloud reports.
func (m *snapshotModel) fromSnapshot(d driver.Descriptor, s driver.Snapshot) {
	m.Location = kit.StringOrNull(s.Location)
	m.SourceID = kit.StringOrNull(s.SourceID)
	m.Name = kit.StringOrNull(s.Name)
	m.Description = kit.StringOrNull(s.Description)
	m.ID = kit.IDOrNull(d, d.Limits.SnapshotID, s.Ref())
	m.SnapshotID = kit.StringOrNull(s.ID)
	m.State = kit.StringOrNull(string(s.State))
	m.CreatedAt = kit.TimeOrNull(s.CreatedAt)
	m.ExpiresAt = kit.TimeOrNull(s.ExpiresAt)
	m.SizeGiB = types.Int64PointerValue(s.SizeGiB)
	m.ImageID = kit.StringOrNull(s.ImageID)
	m.ImageName = kit.StringOrNull(s.ImageName)
	m.ApplicationConsistent = types.BoolPointerValue(s.ApplicationConsistent)
	m.StorageType = kit.StringOrNull(s.StorageType)
	m.RestoreTimeSeconds = types.Int64PointerValue(s.RestoreTimeSeconds)
}

// applyDefaults sets what an import cannot read from the cloud.
func (m *resourceModel) applyDefaults(l driver.Limits) {
	if m.ReplaceExisting.IsNull() && l.SingleSnapshot() {
		m.ReplaceExisting = types.BoolValue(false)
	}
	if m.WaitForRemote.IsNull() && l.MovesToRemote() {
		m.WaitForRemote = types.BoolValue(false)
	}
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// toIdentity returns the parts that identify a snapshot at this cloud. The others are null.
func (m resourceModel) toIdentity(d driver.Descriptor) identityModel {
	keep := func(p driver.IDPart, v types.String) types.String {
		if slices.Contains(d.Limits.SnapshotID, p) && !v.IsUnknown() {
			return v
		}
		return types.StringNull()
	}
	return identityModel{
		Cloud:      m.Cloud,
		Location:   keep(driver.PartLocation, m.Location),
		SourceID:   keep(driver.PartSource, m.SourceID),
		SnapshotID: keep(driver.PartSnapshot, m.SnapshotID),
	}
}

// loss describes a snapshot that the cloud does not have any more.
func (m resourceModel) loss() kit.Loss {
	// An import has no name yet. A move has one, and no state.
	managed := !m.State.IsNull() || !m.Name.IsNull()
	return kit.Loss{ID: m.ID.ValueString(), Managed: managed, ExpiresAt: kit.Time(m.ExpiresAt)}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is the origin and the location of the object.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("source", m.SourceID), m.Location.ValueString()
}

// track records that the snapshot belongs to a resource of this run, and whether a destroy leaves it at the cloud.
func (m resourceModel) track(cl *cloud.Cloud) {
	cl.Track(m.ref())
	if m.DeletionPolicy.ValueString() == kit.PolicyRetain {
		cl.Retain(m.ref())
	}
}

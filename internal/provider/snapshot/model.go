package snapshot

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// resourceModel is cloudsnap_snapshot, in the order of its schema.
type resourceModel struct {
	Cloud                 types.String      `tfsdk:"cloud"`
	Location              types.String      `tfsdk:"location"`
	SourceID              types.String      `tfsdk:"source_id"`
	Name                  types.String      `tfsdk:"name"`
	Description           types.String      `tfsdk:"description"`
	ReplaceExisting       types.Bool        `tfsdk:"replace_existing"`
	WaitForRemote         types.Bool        `tfsdk:"wait_for_remote"`
	DeletionPolicy        types.String      `tfsdk:"deletion_policy"`
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
	Timeouts              timeouts.Value    `tfsdk:"timeouts"`
}

// identityModel is the identity of a snapshot.
type identityModel struct {
	Cloud      types.String `tfsdk:"cloud"`
	Location   types.String `tfsdk:"location"`
	SourceID   types.String `tfsdk:"source_id"`
	SnapshotID types.String `tfsdk:"snapshot_id"`
}

// config is what the checks of the core want to know.
func (m resourceModel) config() rules.SnapshotConfig {
	return rules.SnapshotConfig{
		SourceID:        kit.OptionalString(m.SourceID),
		Location:        kit.OptionalString(m.Location),
		Name:            kit.OptionalString(m.Name),
		Description:     kit.OptionalString(m.Description),
		ReplaceExisting: kit.OptionalBool(m.ReplaceExisting),
		WaitForRemote:   kit.OptionalBool(m.WaitForRemote),
	}
}

// toSpec is what to create.
func (m resourceModel) toSpec() driver.SnapshotSpec {
	return driver.SnapshotSpec{
		SourceID:        m.SourceID.ValueString(),
		Location:        m.Location.ValueString(),
		Name:            m.Name.ValueString(),
		Description:     m.Description.ValueString(),
		ReplaceExisting: m.ReplaceExisting.ValueBool(),
	}
}

// toChange is what to change to get from the state to the plan.
func (m resourceModel) toChange(plan resourceModel) driver.SnapshotChange {
	return driver.SnapshotChange{
		Name:        kit.Changed(m.Name, plan.Name),
		Description: kit.Changed(m.Description, plan.Description),
	}
}

// ref is what addresses the snapshot.
func (m resourceModel) ref() driver.Ref {
	return driver.Ref{Location: m.Location.ValueString(), SourceID: m.SourceID.ValueString(), ObjectID: m.SnapshotID.ValueString()}
}

// readiness is how far to wait.
func (m resourceModel) readiness() driver.ReadyWhen {
	return driver.ReadyWhen{Remote: m.WaitForRemote.ValueBool()}
}

// toSnapshot is what the state knows of the snapshot.
func (m resourceModel) toSnapshot() driver.Snapshot {
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

// fromSnapshot takes over what the cloud says. What the configuration alone decides stays as it is.
func (m *resourceModel) fromSnapshot(d driver.Descriptor, s driver.Snapshot) {
	m.Cloud = types.StringValue(d.Name)
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

// applyDefaults fills in what an import cannot know.
func (m *resourceModel) applyDefaults(t driver.Limits) {
	if m.ReplaceExisting.IsNull() && t.SingleSlot {
		m.ReplaceExisting = types.BoolValue(false)
	}
	if m.WaitForRemote.IsNull() && t.Remote {
		m.WaitForRemote = types.BoolValue(false)
	}
	if m.DeletionPolicy.IsNull() {
		m.DeletionPolicy = types.StringValue(kit.PolicyDelete)
	}
}

// setReport plans a reported attribute as unknown, or as null.
func (m *resourceModel) setReport(r driver.ComputedField, unknown bool) {
	text, number, flag, moment := types.StringNull(), types.Int64Null(), types.BoolNull(), timetypes.NewRFC3339Null()
	if unknown {
		text, number, flag, moment = types.StringUnknown(), types.Int64Unknown(), types.BoolUnknown(), timetypes.NewRFC3339Unknown()
	}
	switch r {
	case driver.ComputedExpiry:
		m.ExpiresAt = moment
	case driver.ComputedSize:
		m.SizeGiB = number
	case driver.ComputedImageID:
		m.ImageID = text
	case driver.ComputedImageName:
		m.ImageName = text
	case driver.ComputedApplicationConsistent:
		m.ApplicationConsistent = flag
	case driver.ComputedStorageType:
		m.StorageType = text
	case driver.ComputedRestoreTime:
		m.RestoreTimeSeconds = number
	}
}

// toIdentity keeps the parts that identify a snapshot at this cloud; the others are null.
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

// loss is the snapshot when the cloud does not have it any more.
func (m resourceModel) loss(cl *cloud.Cloud) kit.Loss {
	return kit.Loss{
		Noun: "snapshot", ID: m.ID.ValueString(), Managed: !m.State.IsNull(), Title: cl.Title,
		ExpiresAt: kit.Time(m.ExpiresAt), Now: cl.Now(),
		Next: "A new snapshot will hold what the source contains when it is taken.",
	}
}

// CloudName is the cloud that the model belongs to.
func (m resourceModel) CloudName() string { return m.Cloud.ValueString() }

// Place is what the object is made of, and where it is.
func (m resourceModel) Place() (origin, location string) {
	return kit.Origin("source", m.SourceID), m.Location.ValueString()
}

// track notes that the snapshot belongs to a resource of this run, and whether a destroy leaves it at the cloud.
func (m resourceModel) track(cl *cloud.Cloud) {
	cl.Track(m.ref())
	if m.DeletionPolicy.ValueString() == kit.PolicyRetain {
		cl.Retain(m.ref())
	}
}

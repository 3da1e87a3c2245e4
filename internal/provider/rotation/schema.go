package rotation

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// noun is the rotation.
var noun = kit.Noun{
	Name:        "rotation",
	Capability:  driver.CapabilitySnapshotRotation,
	Table:       driver.Limits.Rotation,
	IDParts:     driver.Limits.RotationID,
	ObjectID:    driver.NamePrefix,
	ExtraPart:   adoptsByID,
	ExtraIsList: true,
	ImportNote: "Where a configuration sets the names, the last part is the prefix of the names. Where the cloud sets " +
		"them and keeps several snapshots, add a slash and the IDs of the snapshots to adopt, separated by commas.",
}

const shortestInterval = time.Minute

// Schema describes cloudsnap_snapshot_rotation.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	clouds := noun.Texts(r.Drivers)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Snapshots of one source that renew themselves. Use it for backups every night, or for a " +
			"snapshot before each release.\n\nAn apply takes a new snapshot when the newest " +
			"one is older than `interval`, or when `triggers` change, and deletes those that the `keep_*` rules no longer " +
			"keep. It runs whenever `terraform apply` runs: nightly from cron or CI, or by hand.\n\n" +
			"The plan shows the snapshot that will be taken and those that will be deleted, and is empty if nothing is due. " +
			"An old snapshot is deleted only after the new one is ready, unless `delete_oldest_first` permits otherwise. At a " +
			"cloud that keeps a single snapshot per source, the new one overwrites the old one.\n\nA rotation owns the " +
			"snapshots that it has taken or adopted by an import, and **deletes no other**. If a run is interrupted or fails, " +
			"the next one resumes.",
		Attributes: map[string]schema.Attribute{
			"cloud":    r.CloudAttribute(),
			"location": clouds.LocationAttribute(),
			"source_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the source of the snapshots." +
					clouds.Each("Type", func(l driver.Limits) string { return l.SourceKind }) + noun.ForcesNew(),
				Required:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"interval": schema.StringAttribute{
				MarkdownDescription: "How old the newest snapshot may become, as in `24h`. A new one is due a tenth of the " +
					"interval earlier, at most one hour, so that a nightly run that starts a little early still takes one. Ages " +
					"are by the cloud's clock. At least one of `interval` and `triggers` is required.",
				Optional:   true,
				Validators: []validator.String{kit.Duration(shortestInterval)},
			},
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Any values, such as a version. A snapshot is due when one of them changes.",
				ElementType:         types.StringType,
				Optional:            true,
			},
			driver.KeepLast: schema.Int64Attribute{
				MarkdownDescription: "How many of the newest snapshots are kept. Defaults to `1`. The `keep_*` rules are those " +
					"of [restic](https://restic.readthedocs.io/en/stable/060_forget.html), by `created_at` in UTC: a snapshot " +
					"stays if one rule keeps it." +
					clouds.At("Only `1` at", driver.Limits.SingleSnapshot),
				Optional:   true,
				Computed:   true,
				Default:    int64default.StaticInt64(driver.DefaultKeepLast),
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
			driver.KeepDaily: keep("For how many of the latest days that have a snapshot the newest one is kept. As long as " +
				"there are fewer such days, the oldest snapshot is kept too." + clouds.Available(driver.KeepDaily)),
			driver.KeepWeekly:  keep("The same for ISO weeks." + clouds.Available(driver.KeepWeekly)),
			driver.KeepMonthly: keep("The same for months." + clouds.Available(driver.KeepMonthly)),
			driver.NamePrefix: schema.StringAttribute{
				MarkdownDescription: "The prefix of the names: a snapshot is called `<name_prefix>-<yyyymmdd-hhmm>`, in UTC. A " +
					"change applies to new snapshots." + clouds.Attribute(driver.NamePrefix),
				Optional:      true,
				Computed:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "The description of new snapshots." + clouds.Attribute("description"),
				Optional:            true,
			},
			driver.DeleteOldestFirst: r.Switch("Permits to delete the oldest snapshot of the rotation before the new one is " +
				"taken, if the cloud has no room for another one. The only one is never deleted. If nothing else is deleted, the " +
				"plan lists the oldest one, because not every cloud reports its room; it stays if there is room. Defaults to " +
				"`false`: without room, the apply fails." + clouds.Available(driver.DeleteOldestFirst)),
			driver.ReplaceExisting: r.Switch("Permits to overwrite a snapshot that does not belong to the rotation, at a " +
				"cloud that keeps a single snapshot per source. Defaults to `false`: the plan fails while there is one." +
				clouds.Attribute(driver.ReplaceExisting)),
			"deletion_policy": noun.DeletionPolicy(),
			"id":              kit.ComputedString("The import ID, see below."),
			"snapshots":       snapshotsAttribute(clouds),
			"latest_snapshot_id": kit.ComputedString("The cloud's own ID of the newest snapshot that is ready, for other " +
				"resources."),
			"latest_created_at": kit.ComputedTime("When the newest snapshot was taken."),
			"next_due_at": kit.ComputedTime("When the next snapshot is due. Null without `interval`: then only `triggers` " +
				"decide."),
			"timeouts": kit.Timeouts(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: "Maximum duration of the first run, as in `90m`. Defaults to `60m`.",
				ReadDescription:   "Maximum duration of a read, and of the checks of a plan at the cloud. Defaults to `5m`.",
				UpdateDescription: "Maximum duration of a run: the new snapshot and all deletes. Defaults to `90m`.",
				DeleteDescription: "Maximum duration of the delete of all snapshots. Defaults to `60m`.",
			}),
		},
	}
}

// keep is a rule that is off unless it is set.
func keep(description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
	}
}

// snapshotsAttribute describes the snapshots. Only a set shows in a plan which one is added and which are removed.
func snapshotsAttribute(clouds kit.CloudTexts) schema.SetNestedAttribute {
	return schema.SetNestedAttribute{
		MarkdownDescription: "The snapshots of the rotation.",
		Computed:            true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id":          schema.StringAttribute{MarkdownDescription: "The import ID of the snapshot.", Computed: true},
			"snapshot_id": schema.StringAttribute{MarkdownDescription: "The cloud's own ID.", Computed: true},
			"name": schema.StringAttribute{
				MarkdownDescription: "The name. Null at a cloud whose snapshots have none.", Computed: true,
			},
			"state": schema.StringAttribute{
				MarkdownDescription: "The state, as of `cloudsnap_snapshot`.", Computed: true,
			},
			"created_at": itemTime("When the snapshot was taken."),
			"expires_at": itemTime("When the cloud deletes the snapshot." + expiring(clouds)),
		}},
	}
}

func itemTime(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " RFC 3339, UTC.", CustomType: timetypes.RFC3339Type{}, Computed: true,
	}
}

// expiring states at which clouds snapshots expire.
func expiring(clouds kit.CloudTexts) string {
	return clouds.At("Available at", func(l driver.Limits) bool { return l.Snapshot["expires_at"].Supported() })
}

// IdentitySchema describes the identity of a rotation: its source, and the prefix of the names. Its version stays 0: a
// state that an older Terraform has written has no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	clouds := noun.Texts(r.Drivers)
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":           kit.IdentityString(true, "The cloud."),
		"location":        kit.IdentityString(false, "The zone."+clouds.Identifies(driver.PartLocation)),
		"source_id":       kit.IdentityString(true, "The ID of the source."),
		driver.NamePrefix: kit.IdentityString(false, "The prefix of the names."+clouds.Identifies(driver.PartNamePrefix)),
	}}
}

package restore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// noun is the restore of a snapshot. Its ID is that of the source, because another snapshot is restored in place.
var noun = kit.Noun{
	Name:       "restore",
	Capability: driver.CapabilitySnapshotRestore,
	Table:      func(l driver.Limits) driver.Attributes { return l.Restore },
	IDParts: func(l driver.Limits) []driver.IDPart {
		if l.Location.Settable() {
			return []driver.IDPart{driver.PartLocation, driver.PartSource}
		}
		return []driver.IDPart{driver.PartSource}
	},
	ObjectID: "snapshot_id",
}

// texts are the descriptions of the attributes.
type texts struct{ location, source, snapshot, deleteNewer string }

func newTexts(drivers []driver.Driver) texts {
	clouds := noun.Texts(drivers)
	return texts{
		location: "The zone of the source and the snapshot." + clouds.Location(),
		source: "The ID of the source whose disk is overwritten." +
			clouds.Each("Type", func(l driver.Limits) string { return l.SourceKind }) +
			clouds.Each("Required state", func(l driver.Limits) string { return l.RestoreState }),
		snapshot: "The cloud's own ID of the snapshot, as in `snapshot_id` of `cloudsnap_snapshot`. It must be a snapshot " +
			"of the source.",
		deleteNewer: "Permits the restore to delete the snapshots of the source that are newer than the restored one, at a " +
			"cloud that deletes them. Defaults to `false`: the plan fails while there are any." +
			clouds.Attribute(driver.DeleteNewerSnapshots),
	}
}

// Schema describes cloudsnap_snapshot_restore.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	text := newTexts(r.Drivers)
	resp.Schema = schema.Schema{
		MarkdownDescription: "A restore: the disk of an instance or a VM is overwritten with one of its snapshots. Use it " +
			"after a failed change: **data that was written since the snapshot is lost**.\n\nThe plan warns of what is " +
			"overwritten. The create restores once and " +
			"waits until the source is usable again. A change of `snapshot_id` or `triggers` restores again, as an update in " +
			"place. A read sends nothing: the restore stays in the state, even if the snapshot is deleted later. A destroy " +
			"only removes it from the state. An interrupted wait resumes with the next apply, which does not restore a second " +
			"time. If the answer to the request is lost, the provider does not send it again.\n\nA restore cannot be imported.",
		Attributes: map[string]schema.Attribute{
			"cloud":    r.CloudAttribute(),
			"location": noun.FixedString(text.location),
			"source_id": schema.StringAttribute{
				MarkdownDescription: text.source + noun.ForcesNew(),
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"snapshot_id": schema.StringAttribute{
				MarkdownDescription: text.snapshot + " Changing this restores the other snapshot.", Required: true,
			},
			driver.DeleteNewerSnapshots: r.Switch(text.deleteNewer),
			"triggers": schema.MapAttribute{
				MarkdownDescription: "Any values. Changing one of them restores the snapshot again.",
				ElementType:         types.StringType, Optional: true,
			},
			"id":          kit.ComputedString("The cloud, the location and the source, separated by slashes."),
			"restored_at": kit.ComputedTime("When the last restore was complete. Null as long as it is not."),
			"state": kit.ComputedString("The state: `restored`, `restoring` after an interrupted wait, or `failed` after a " +
				"restore that failed. The next apply resumes an interrupted wait, and repeats a failed restore."),
			"timeouts": kit.Timeouts(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true,
				CreateDescription: "Maximum duration of the restore, with the wait for the source, as in `90m`. Defaults to `2h`.",
				ReadDescription:   "Maximum duration of the checks of a plan at the cloud. Defaults to `5m`.",
				UpdateDescription: "Maximum duration of another restore, or of the rest of an interrupted wait. Defaults to `2h`.",
			}),
		},
	}
}

// IdentitySchema describes the identity of a restore: its source. Its version stays 0: a state that an older Terraform
// has written has no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":     kit.IdentityString(true, "The cloud."),
		"location":  kit.IdentityString(false, newTexts(r.Drivers).location),
		"source_id": kit.IdentityString(true, "The ID of the source."),
	}}
}

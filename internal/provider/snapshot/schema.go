package snapshot

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// noun is the snapshot.
var noun = kit.Noun{
	Name:       "snapshot",
	Capability: driver.CapabilitySnapshot,
	Table:      func(l driver.Limits) driver.Attributes { return l.Snapshot },
	IDParts:    func(l driver.Limits) []driver.IDPart { return l.SnapshotID },
	ObjectID:   "snapshot_id",
	AfterLoss:  "A new snapshot will contain the source's data of the time when it is taken.",
}

// Schema describes cloudsnap_snapshot.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	clouds := noun.Texts(r.Drivers)
	attributes := computed(clouds)
	maps.Copy(attributes, map[string]schema.Attribute{
		"cloud":    r.CloudAttribute(),
		"location": clouds.LocationAttribute(),
		"source_id": schema.StringAttribute{
			MarkdownDescription: "The ID of the source of the snapshot." +
				clouds.Each("Type", func(l driver.Limits) string { return l.SourceKind }) + noun.ForcesNew(),
			Required:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": updatable("The name, updated in place." + replacedAt(r.Drivers) +
			" If it is optional and not set, the provider chooses a unique name." + clouds.Attribute("name")),
		"description": updatable("A description, updated in place. The cloud cannot clear it: removing the attribute " +
			"leaves the description unchanged." + clouds.Attribute("description")),
		driver.ReplaceExisting: r.Switch("Permits the create to overwrite a snapshot that is not in the state, at a cloud " +
			"that keeps a single snapshot per source. Defaults to `false`: the plan fails while there is one." +
			clouds.Attribute(driver.ReplaceExisting)),
		driver.WaitForRemote: r.Switch("Waits until the cloud has also moved the snapshot to remote storage, which a " +
			"restore requires. Defaults to `false`." + clouds.Attribute(driver.WaitForRemote)),
		"deletion_policy": noun.DeletionPolicy(),
		"expires_at": kit.ComputedTime(expiresText + clouds.Available("expires_at") +
			" A plan warns when this is near, see the provider's `expiry_warning`."),
		"timeouts": kit.Timeouts(ctx, timeouts.Opts{
			Create: true, Read: true, Update: true, Delete: true,
			CreateDescription: "Maximum duration of the create, with the wait, as in `90m`. Defaults to `60m`.",
			ReadDescription:   "Maximum duration of a read, and of the checks of a plan at the cloud. Defaults to `5m`.",
			UpdateDescription: "Maximum duration of an update, with the rest of an interrupted wait. Defaults to `60m`.",
			DeleteDescription: "Maximum duration of the delete. Defaults to `30m`.",
		}),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "A snapshot: a point-in-time copy of an instance, a volume or a VM. Use it before an upgrade " +
			"or another risky change, and restore it if the change fails.\n\n" +
			"The create takes the snapshot and waits until it is ready. A plan fails if the cloud does not support what the " +
			"configuration sets. If a snapshot has been deleted or has expired at the cloud, the next plan creates a new one.",
		Attributes: attributes,
	}
}

const expiresText = "When the cloud deletes the snapshot."

// computed are the attributes that only the cloud sets.
func computed(clouds kit.CloudTexts) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          kit.ComputedString("The import ID, see below."),
		"snapshot_id": kit.ComputedString("The cloud's own ID of the snapshot."),
		"state": kit.ComputedString("The state: `creating`, `ready`, `exporting`, `exported`, `migrating`, `deleting` or " +
			"`error`. Other states of the cloud appear in lower case."),
		"created_at": kit.ComputedTime("When the snapshot was taken."),
		"expires_at": kit.ComputedTime(expiresText + clouds.Available("expires_at")),
		"size_gib":   kit.ComputedInt64("The size of the disk in GiB." + clouds.Available("size_gib")),
		"image_id":   kit.ComputedString("The ID of the image that the source runs." + clouds.Available("image_id")),
		"image_name": kit.ComputedString("The name of the image that the source runs." +
			clouds.Available("image_name")),
		"application_consistent": kit.ComputedBool("Whether the guest flushed its data before the snapshot was taken." +
			clouds.Available("application_consistent")),
		"storage_type": kit.ComputedString("Where the snapshot is stored: `local` or `remote`." +
			clouds.Available("storage_type")),
		"restore_time_seconds": kit.ComputedInt64("The cloud's estimate of the duration of a restore, in seconds." +
			clouds.Available("restore_time_seconds")),
	}
}

// updatable is a text that a configuration may set and change in place.
func updatable(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// replacedAt lists the clouds where a new name needs a new snapshot.
func replacedAt(drivers []driver.Driver) string {
	fixed := slices.DeleteFunc(slices.Clone(drivers), driver.UpdatesSnapshots)
	return noun.Texts(fixed).At("Changing this forces a new snapshot to be created at", func(l driver.Limits) bool {
		return l.Snapshot["name"].Settable()
	})
}

// IdentitySchema describes the identity of a snapshot. Which attributes are set depends on the cloud. Its version stays
// 0: a state that an older Terraform has written has no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	clouds := noun.Texts(r.Drivers)
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":       kit.IdentityString(true, "The cloud."),
		"location":    kit.IdentityString(false, "The zone."+clouds.Identifies(driver.PartLocation)),
		"source_id":   kit.IdentityString(false, "The ID of the source."+clouds.Identifies(driver.PartSource)),
		"snapshot_id": kit.IdentityString(false, "The cloud's own ID."+clouds.Identifies(driver.PartSnapshot)),
	}}
}

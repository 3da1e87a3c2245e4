package volume

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// noun is the volume with its attribute tables.
var noun = kit.Noun{
	Name:       "volume",
	Capability: driver.CapabilitySnapshotVolume,
	Table:      func(l driver.Limits) driver.Attributes { return l.Volume },
	IDParts:    func(l driver.Limits) []driver.IDPart { return l.VolumeID },
	ObjectID:   "volume_id",
	AfterLoss: "The next apply creates a new volume from the snapshot, if that still exists. It contains the data of " +
		"the snapshot, and nothing that was written to the lost volume.",
}

// Schema is the schema of the resource.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	clouds := noun.Texts(r.Drivers)
	resp.Schema = schema.Schema{
		MarkdownDescription: "A volume that is created from a snapshot. Where a cloud cannot write a snapshot back to its " +
			"source, this is how a snapshot is restored.\n\n" +
			"The create waits until the snapshot is ready, and until it is in remote storage where the cloud moves " +
			"snapshots. The volume does not need the snapshot afterwards: if that is deleted, the volume stays. What is " +
			"done with the volume elsewhere, such as attaching it to a service or growing it, plans no change. If a volume " +
			"has been deleted at the cloud, the next plan creates a new one from the snapshot.",
		Attributes: map[string]schema.Attribute{
			"cloud":    r.CloudAttribute(),
			"location": kit.ComputedString("The location of the snapshot, where the volume is too."),
			"snapshot_id": schema.StringAttribute{
				MarkdownDescription: "The cloud's own ID of the snapshot, as in `snapshot_id` of `cloudsnap_snapshot`." +
					noun.ForcesNew() + " The old volume is destroyed with its data: to keep it when the snapshot is replaced, add " +
					"`snapshot_id` to `lifecycle.ignore_changes`.",
				Required:      true,
				PlanModifiers: []planmodifier.String{replacesIfChanged()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "The name, updated in place." + clouds.Attribute("name"),
				Required:            true,
			},
			"deletion_policy": noun.DeletionPolicy(),
			"id":              kit.ComputedString("The import ID, see below."),
			"volume_id":       kit.ComputedString("The cloud's own ID of the volume."),
			"state": kit.ComputedString("The cloud's word for the state, in lower case, such as `detached` or `attached`. The " +
				"volume is usable once it exists."),
			"size_gib":   kit.ComputedInt64("The size of the volume in GiB." + clouds.Available("size_gib")),
			"created_at": kit.ComputedTime("When the volume was created."),
			"timeouts": kit.Timeouts(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: "Maximum duration of the create, with the wait for the snapshot, as in `90m`. Defaults to `2h`.",
				ReadDescription:   "Maximum duration of a read. Defaults to `5m`.",
				UpdateDescription: "Maximum duration of an update. Defaults to `20m`.",
				DeleteDescription: "Maximum duration of the delete. Defaults to `30m`.",
			}),
		},
	}
}

// replacesIfChanged replaces a volume when its snapshot changes. A volume without a snapshot in the state, because the
// cloud does not report it to an import, is never replaced for that.
func replacesIfChanged() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.StateValue.IsNull()
		},
		noun.ForcesNew(),
		noun.ForcesNew(),
	)
}

// IdentitySchema is what addresses the resource at the cloud.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":     kit.IdentityString(true, "The cloud."),
		"volume_id": kit.IdentityString(true, "The cloud's own ID of the volume."),
	}}
}

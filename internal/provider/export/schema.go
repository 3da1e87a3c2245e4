package export

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

// noun is the export of a snapshot. Its table is a part of the snapshot's.
var noun = kit.Noun{
	Name:       "export",
	Capability: driver.CapabilitySnapshotExport,
	Table: func(l driver.Limits) driver.Attributes {
		id := l.Snapshot["snapshot_id"]
		id.Support = driver.Required
		return driver.Attributes{"snapshot_id": id}
	},
	IDParts:   func(l driver.Limits) []driver.IDPart { return l.SnapshotID },
	ObjectID:  "snapshot_id",
	AfterLoss: "The next apply exports the snapshot again, if that still exists.",
}

// The descriptions of attributes that the resource and the ephemeral resource share.
const (
	locationText = "The zone of the snapshot."
	snapshotText = "The cloud's own ID of the snapshot, as in `snapshot_id` of `cloudsnap_snapshot`."
	md5Text      = "The MD5 of the file, in hexadecimal."
)

// Schema describes the managed resource cloudsnap_snapshot_export.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "An exported snapshot: the cloud offers its disk as a file for download. Use it to keep a " +
			"backup outside the cloud, or to move a machine to another cloud.\n\n" +
			"The create waits until the snapshot is ready, exports it once, and waits until the file is available. If the " +
			"snapshot is gone or is not exported any more, the next plan exports it again. **A destroy only removes the " +
			"export from the state**, and the plan warns of it: the cloud cannot revoke an export.\n\nThe URL of the file is " +
			"a secret and not part of this resource. The ephemeral resource of the same name returns it.",
		Attributes: map[string]schema.Attribute{
			"cloud":    r.CloudAttribute(),
			"location": noun.FixedString(locationText + noun.Texts(r.Drivers).Location()),
			"snapshot_id": schema.StringAttribute{
				MarkdownDescription: snapshotText + noun.ForcesNew(),
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"id":     kit.ComputedString("The import ID, see below. It is that of the snapshot."),
			"md5sum": kit.ComputedString(md5Text),
			"state":  kit.ComputedString("The state: `exporting` after an interrupted wait, else `exported`."),
			"timeouts": kit.Timeouts(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true,
				CreateDescription: "Maximum duration of the create, with the wait for the snapshot, as in `90m`. Defaults to `2h`.",
				ReadDescription:   "Maximum duration of a read. Defaults to `5m`.",
				UpdateDescription: "Maximum duration of the rest of an interrupted wait. Defaults to `2h`.",
			}),
		},
	}
}

// IdentitySchema describes the identity of an export: its snapshot. Its version stays 0: a state that an older
// Terraform has written has no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	location := locationText + noun.Texts(r.Drivers).Location()
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":       kit.IdentityString(true, "The cloud."),
		"location":    kit.IdentityString(false, location),
		"snapshot_id": kit.IdentityString(true, "The cloud's own ID of the snapshot."),
	}}
}

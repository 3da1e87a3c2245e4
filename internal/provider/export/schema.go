package export

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// typeName is the name of both entities, without the provider's.
const typeName = "_snapshot_export"

// What both entities say of the same attributes.
const (
	snapshotText = "The cloud's own ID of the snapshot, as in the attribute of that name of `cloudsnap_snapshot`."
	md5Text      = "The MD5 of the file, in hexadecimal."
)

func locationText(drivers []driver.Driver) string {
	return "The zone of the snapshot." + kit.TextsFor(drivers, driver.CapabilitySnapshotExport).Location()
}

func cloudText(drivers []driver.Driver) string {
	return "The cloud: one of " + kit.OneOf(drivers, driver.CapabilitySnapshotExport) + "."
}

func cloudValidators(drivers []driver.Driver) []validator.String {
	return []validator.String{kit.CloudValidator(drivers, driver.CapabilitySnapshotExport, "cloudsnap_snapshot_export")}
}

// Schema describes the managed resource cloudsnap_snapshot_export.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A snapshot that is exported: the cloud offers its disk as a file to download.\n\n" +
			"Creating it waits until the snapshot is ready, exports it once, and waits until the file is there. A snapshot that is gone or not exported any more is planned to be exported again. " +
			"**Destroying it only forgets the export**, which the plan says with a warning: the cloud cannot take one back.\n\n" +
			"The URL of the file is a secret and is not part of this resource. The ephemeral resource of the same name yields it.",
		Attributes: map[string]schema.Attribute{
			"cloud": schema.StringAttribute{
				MarkdownDescription: cloudText(r.Drivers) + " Changing this forces a new export to be created.",
				Required:            true,
				Validators:          cloudValidators(r.Drivers),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"location": schema.StringAttribute{
				MarkdownDescription: locationText(r.Drivers) + " Changing this forces a new export to be created.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
			},
			"snapshot_id": schema.StringAttribute{
				MarkdownDescription: snapshotText + " Changing this forces a new export to be created.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"id":     kit.ComputedString("The ID that `terraform import` takes, see below. It is that of the snapshot."),
			"md5sum": kit.ComputedString(md5Text),
			"state":  kit.ComputedString("`exporting` while a wait was interrupted, then `exported`."),
			"timeouts": kit.Timeouts(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true,
				CreateDescription: "How long exporting may last, with the wait for the snapshot, as in `90m`. Defaults to `2h`.",
				ReadDescription:   "How long reading the export may last. Defaults to `5m`.",
				UpdateDescription: "How long the rest of an interrupted wait may last. Defaults to `2h`.",
			}),
		},
	}
}

// IdentitySchema describes what identifies an export: its snapshot. Its version stays 0: a state that an older
// Terraform has written carries no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":       identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud."},
		"location":    identityschema.StringAttribute{OptionalForImport: true, Description: locationText(r.Drivers)},
		"snapshot_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud's own ID of the snapshot."},
	}}
}

package snapshot

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Schema describes cloudsnap_snapshot.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A snapshot: a point-in-time copy of an instance, a volume or a VM.\n\n" +
			"Creating it takes the snapshot and waits until it is ready. What a cloud cannot do is an error when planning. " +
			"A snapshot that has been deleted or has expired at the cloud is planned to be taken again.",
		Attributes: attributes(ctx, r.Drivers),
	}
}

func attributes(ctx context.Context, drivers []driver.Driver) map[string]schema.Attribute {
	clouds := kit.TextsFor(drivers, driver.CapabilitySnapshot)
	return map[string]schema.Attribute{
		"cloud": schema.StringAttribute{
			MarkdownDescription: "The cloud: one of " + kit.OneOf(drivers, driver.CapabilitySnapshot) + "." + forcesNew,
			Required:            true,
			Validators:          []validator.String{kit.CloudValidator(drivers, driver.CapabilitySnapshot, "cloudsnap_snapshot")},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"location": schema.StringAttribute{
			MarkdownDescription: "The zone." + clouds.Location() + forcesNew +
				clouds.At("Read-only region at", reportedLocation) + " Null at other clouds.",
			Optional:      true,
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
		},
		"source_id": schema.StringAttribute{
			MarkdownDescription: "The ID of the source of the snapshot." +
				clouds.Each("Type", func(l driver.Limits) string { return l.Source.Kind }) + forcesNew,
			Required:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "The name, updated in place." + nameText(clouds),
			Optional:            true,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "A description, updated in place. The cloud cannot clear it: " +
				"removing the attribute leaves the description as it is." + clouds.Each("Available", descriptionLength),
			Optional:      true,
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"replace_existing": kit.Switch(drivers, "Allows a cloud that keeps a single snapshot per source to overwrite a snapshot "+
			"that is not in the state. Defaults to `false`: creating is refused while there is one."+
			clouds.Available(singleSnapshot)+" Null at other clouds.",
			singleSnapshot),
		"wait_for_remote": kit.Switch(drivers, "Waits until the cloud has also moved the snapshot to remote storage, which restoring "+
			"needs. Defaults to `false`."+clouds.Available(movesToRemote)+" Null at other clouds.",
			movesToRemote),
		"deletion_policy": kit.DeletionPolicy("snapshot"),
		"id":              kit.ComputedString("The ID that `terraform import` takes, see below."),
		"snapshot_id":     kit.ComputedString("The cloud's own ID of the snapshot."),
		"state":           kit.ComputedString("Where the snapshot is in its life: `creating`, `ready`, `exporting`, `exported`, `migrating`, `deleting` or `error`, or else the cloud's own word in lower case."),
		"created_at":      kit.ComputedTime("When the snapshot was taken."),
		"expires_at": kit.ComputedTime("When the cloud deletes the snapshot by itself." + computed(clouds, driver.ComputedExpiry) +
			" A plan warns when this is near, see the provider's `expiry_warning`."),
		"size_gib": schema.Int64Attribute{
			MarkdownDescription: "The size of the snapshotted disk in GiB." + computed(clouds, driver.ComputedSize),
			Computed:            true,
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"image_id":   kit.ComputedString("The ID of the image that the instance was running." + computed(clouds, driver.ComputedImageID)),
		"image_name": kit.ComputedString("The name of the image that the instance was running." + computed(clouds, driver.ComputedImageName)),
		"application_consistent": schema.BoolAttribute{
			MarkdownDescription: "Whether the guest flushed its data before the snapshot was taken." +
				computed(clouds, driver.ComputedApplicationConsistent),
			Computed:      true,
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"storage_type": kit.ComputedString("Where the snapshot is kept: `local` or `remote`." + computed(clouds, driver.ComputedStorageType)),
		"restore_time_seconds": schema.Int64Attribute{
			MarkdownDescription: "The cloud's estimate of how long a restore takes, in seconds." +
				computed(clouds, driver.ComputedRestoreTime),
			Computed:      true,
			PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"timeouts": kit.Timeouts(ctx, timeouts.Opts{
			Create: true, Read: true, Update: true, Delete: true,
			CreateDescription: "How long taking the snapshot may last, as in `90m`. Defaults to `60m`.",
			ReadDescription:   "How long reading the snapshot may last, and what a plan checks at the cloud. Defaults to `5m`.",
			UpdateDescription: "How long changing the snapshot may last, including the rest of an interrupted wait. Defaults to `60m`.",
			DeleteDescription: "How long deleting the snapshot may last. Defaults to `30m`.",
		}),
	}
}

// IdentitySchema describes what identifies a snapshot: which attributes are set depends on the cloud. Its version stays
// 0: a state that an older Terraform has written carries no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	clouds := kit.TextsFor(r.Drivers, driver.CapabilitySnapshot)
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":       identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud."},
		"location":    identityschema.StringAttribute{OptionalForImport: true, Description: "The zone." + identifies(clouds, driver.PartLocation)},
		"source_id":   identityschema.StringAttribute{OptionalForImport: true, Description: "The ID of the source." + identifies(clouds, driver.PartSource)},
		"snapshot_id": identityschema.StringAttribute{OptionalForImport: true, Description: "The cloud's own ID." + identifies(clouds, driver.PartSnapshot)},
	}}
}

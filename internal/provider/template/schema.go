package template

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The cloud states no defaults for these two, so they are always sent.
const (
	defaultSSHKeyEnabled   = true
	defaultPasswordEnabled = false
)

// Schema describes cloudsnap_snapshot_template.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A template made of a snapshot: what new machines can start from.\n\n" +
			"Creating it waits until the snapshot is ready, promotes it, and waits until the template is complete. The template does not need the snapshot afterwards. " +
			"A template that has been deleted at the cloud is planned to be made again.",
		Attributes: attributes(ctx, r.Drivers),
	}
}

func locationText(drivers []driver.Driver) string {
	return kit.TextsFor(drivers, driver.CapabilitySnapshotTemplate).Location()
}

func attributes(ctx context.Context, drivers []driver.Driver) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"cloud": schema.StringAttribute{
			MarkdownDescription: "The cloud: one of " + kit.OneOf(drivers, driver.CapabilitySnapshotTemplate) + ". Another value replaces the template.",
			Required:            true,
			Validators:          []validator.String{kit.CloudValidator(drivers, driver.CapabilitySnapshotTemplate, "cloudsnap_snapshot_template")},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"location": schema.StringAttribute{
			MarkdownDescription: "The zone of the snapshot and of the template." + locationText(drivers) +
				" Changing this forces a new template to be created.",
			Optional:      true,
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
		},
		"snapshot_id": schema.StringAttribute{
			MarkdownDescription: "The cloud's own ID of the snapshot, as in the attribute of that name of `cloudsnap_snapshot`. Required to make a template; another value replaces it. " +
				"The cloud does not remember it: after an import it is null, leaving it out of the configuration is fine then, and writing it down changes the state only. " +
				"Where the snapshot may be replaced and the template should stay, put `snapshot_id` into `lifecycle.ignore_changes`.",
			Optional:      true,
			PlanModifiers: []planmodifier.String{replaceIfKnown()},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "The name, 1 to 255 characters, updated in place.",
			Required:            true,
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "A description of up to 255 characters, updated in place. An empty text clears it. Without the attribute the cloud writes a description; removing the attribute leaves it as it is.",
			Optional:            true,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"default_user": schema.StringAttribute{
			MarkdownDescription: "The user that machines made of the template are logged in to, 1 to 255 characters. Another value replaces the template; removing the attribute leaves it as it is.",
			Optional:            true,
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
		},
		"ssh_key_enabled":  switchable("Whether machines made of the template take an SSH key. Defaults to `true`."),
		"password_enabled": switchable("Whether machines made of the template get a password. Defaults to `false`."),
		"deletion_policy":  kit.DeletionPolicy("template"),
		"id":               kit.ComputedString("The ID that `terraform import` takes, see below."),
		"template_id":      kit.ComputedString("The cloud's own ID of the template."),
		"state":            kit.ComputedString("Where the template is in its life: `creating` or `ready`."),
		"family":           kit.ComputedString("The cloud's word for the operating system, as far as it knows it."),
		"checksum":         kit.ComputedString("The MD5 of the template's disk, in hexadecimal."),
		"boot_mode":        kit.ComputedString("`legacy` or `uefi`, taken over from the machine."),
		"build":            kit.ComputedString("The build of the template. Null where the cloud does not report one."),
		"maintainer":       kit.ComputedString("Who maintains the template. Null where the cloud does not report one."),
		"application_consistent_snapshot_enabled": schema.BoolAttribute{
			MarkdownDescription: "Whether machines made of the template can take application-consistent snapshots.",
			Computed:            true,
			PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
		},
		"size_bytes": schema.Int64Attribute{
			MarkdownDescription: "The size of the disk in bytes.",
			Computed:            true,
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"visibility": kit.ComputedString("Who sees the template: `private` is this account only."),
		"zones": schema.SetAttribute{
			MarkdownDescription: "The zones that have the template.",
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
		},
		"created_at": kit.ComputedTime("When the template was made."),
		"timeouts": kit.Timeouts(ctx, timeouts.Opts{
			Create: true, Read: true, Update: true, Delete: true,
			CreateDescription: "How long making the template may last, with the wait for its snapshot, as in `90m`. Defaults to `2h`.",
			ReadDescription:   "How long reading the template may last. Defaults to `5m`.",
			UpdateDescription: "How long changing the template may last, including the rest of an interrupted wait. Defaults to `2h`.",
			DeleteDescription: "How long deleting the template may last. Defaults to `30m`.",
		}),
	}
}

// switchable has no default in the schema: a default would replace an imported template that is different. plan.go
// fills it in when a template is made.
func switchable(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description + " Another value replaces the template; removing the attribute leaves it as it is.",
		Optional:            true,
		Computed:            true,
		PlanModifiers: []planmodifier.Bool{
			boolplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
				resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.StateValue.IsNull()
			}, "Another value replaces the template.", "Another value replaces the template."),
			boolplanmodifier.UseStateForUnknown(),
		},
	}
}

// replaceIfKnown replaces what was made of something else, and only notes what an import could not know.
func replaceIfKnown() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.StateValue.IsNull()
	}, "Another value replaces the template.", "Another value replaces the template.")
}

// IdentitySchema describes what identifies a template. Its version stays 0: a state that an older Terraform has written
// carries no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":       identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud."},
		"location":    identityschema.StringAttribute{OptionalForImport: true, Description: "The zone." + locationText(r.Drivers)},
		"template_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud's own ID of the template."},
	}}
}

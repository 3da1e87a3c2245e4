package template

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The documents state no defaults for these two, so they are always sent.
const (
	defaultSSHKeyEnabled   = true
	defaultPasswordEnabled = false
)

// noun is the template.
var noun = kit.Noun{
	Name:       "template",
	Capability: driver.CapabilitySnapshotTemplate,
	Table:      func(l driver.Limits) driver.Attributes { return l.Template },
	IDParts:    func(l driver.Limits) []driver.IDPart { return l.ImageID },
	ObjectID:   "template_id",
	ExtraPart:  func(driver.Limits) bool { return true },
	ImportNote: "The ID of the snapshot that the template was created from may follow, after another slash.",
	AfterLoss:  "The next apply creates a new template from the snapshot, if that still exists.",
}

// Schema describes cloudsnap_snapshot_template.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	clouds := noun.Texts(r.Drivers)
	available := clouds.Available
	resp.Schema = schema.Schema{
		MarkdownDescription: "A template of a snapshot, which new machines can be created from. Use it to copy a machine, " +
			"or to test an upgrade on the copy.\n\n" +
			"The create waits until the snapshot is ready, promotes it, and waits until the template is complete. The " +
			"template does not need the snapshot afterwards. If a template has been deleted at the cloud, the next plan " +
			"creates a new one.",
		Attributes: map[string]schema.Attribute{
			"cloud":    r.CloudAttribute(),
			"location": noun.FixedString("The zone of the snapshot and of the template." + clouds.Location()),
			"snapshot_id": schema.StringAttribute{
				MarkdownDescription: "The cloud's own ID of the snapshot, as in `snapshot_id` of `cloudsnap_snapshot`. Required " +
					"to create a template." + noun.ForcesNew() + " The cloud does not report it: after an import it is null and may " +
					"be left out, and setting it changes the state only. To keep the template when the snapshot is replaced, add " +
					"`snapshot_id` to `lifecycle.ignore_changes`.",
				Optional:      true,
				PlanModifiers: []planmodifier.String{replacesUnlessImported()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "The name, updated in place." + clouds.Attribute("name"),
				Required:            true,
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "A description, updated in place. An empty text clears it. If it is not set at creation, " +
					"the cloud writes one; removing the attribute leaves the description unchanged." + clouds.Attribute("description"),
				Optional:      true,
				Computed:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"default_user": noun.FixedString("The default login user of machines that are created from the template. Removing " +
				"the attribute leaves it unchanged." + clouds.Attribute("default_user")),
			"ssh_key_enabled": fixedBool("Whether machines that are created from the template accept an SSH key. Defaults to " +
				"`true`." + clouds.Attribute("ssh_key_enabled")),
			"password_enabled": fixedBool("Whether machines that are created from the template get a password. Defaults to " +
				"`false`." + clouds.Attribute("password_enabled")),
			"deletion_policy": noun.DeletionPolicy(),
			"id":              kit.ComputedString("The import ID, see below."),
			"template_id":     kit.ComputedString("The cloud's own ID of the template."),
			"state":           kit.ComputedString("The state: `creating` or `ready`."),
			"family":          kit.ComputedString("The cloud's name of the operating system." + available("family")),
			"checksum":        kit.ComputedString("The MD5 of the template's disk, in hexadecimal." + available("checksum")),
			"boot_mode":       kit.ComputedString("The boot mode of the machine: `legacy` or `uefi`." + available("boot_mode")),
			"build":           kit.ComputedString("The build. Null if the cloud reports none." + available("build")),
			"maintainer":      kit.ComputedString("The maintainer. Null if the cloud reports none." + available("maintainer")),
			"size_bytes":      kit.ComputedInt64("The size of the disk in bytes." + available("size_bytes")),
			"visibility": kit.ComputedString("Who can use the template: `private` is this account only." +
				available("visibility")),
			"application_consistent_snapshot_enabled": kit.ComputedBool("Whether machines that are created from the template " +
				"support application-consistent snapshots." + available("application_consistent_snapshot_enabled")),
			"zones": schema.SetAttribute{
				MarkdownDescription: "The zones that have the template." + available("zones"),
				ElementType:         types.StringType,
				Computed:            true,
				PlanModifiers:       []planmodifier.Set{setplanmodifier.UseStateForUnknown()},
			},
			"created_at": kit.ComputedTime("When the template was created."),
			"timeouts": kit.Timeouts(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: "Maximum duration of the create, with the wait for the snapshot, as in `90m`. Defaults to `2h`.",
				ReadDescription:   "Maximum duration of a read. Defaults to `5m`.",
				UpdateDescription: "Maximum duration of an update, with the rest of an interrupted wait. Defaults to `2h`.",
				DeleteDescription: "Maximum duration of the delete. Defaults to `30m`.",
			}),
		},
	}
}

// fixedBool has no default in the schema, because a default would replace an imported template that differs. The plan
// of a create sets it.
func fixedBool(description string) schema.BoolAttribute {
	replaces := func(
		_ context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse,
	) {
		resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.StateValue.IsNull()
	}
	return schema.BoolAttribute{
		MarkdownDescription: description + " Removing the attribute leaves it unchanged." + noun.ForcesNew(),
		Optional:            true,
		Computed:            true,
		PlanModifiers: []planmodifier.Bool{
			boolplanmodifier.RequiresReplaceIf(replaces, noun.ForcesNew(), noun.ForcesNew()),
			boolplanmodifier.UseStateForUnknown(),
		},
	}
}

// replacesUnlessImported replaces the template if the snapshot changes, unless the state has none after an import.
func replacesUnlessImported() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.ConfigValue.IsNull() && !req.StateValue.IsNull()
		},
		noun.ForcesNew(),
		noun.ForcesNew(),
	)
}

// IdentitySchema describes the identity of a template. Its version stays 0: a state that an older Terraform has written
// has no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	location := "The zone." + noun.Texts(r.Drivers).Location()
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":       kit.IdentityString(true, "The cloud."),
		"location":    kit.IdentityString(false, location),
		"template_id": kit.IdentityString(true, "The cloud's own ID of the template."),
	}}
}

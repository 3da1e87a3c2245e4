package image

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// noun is the image. Custom images and listed images have one table.
var noun = kit.Noun{
	Name:       "image",
	Capability: driver.CapabilityCustomImage,
	Table:      func(l driver.Limits) driver.Attributes { return l.Image },
	IDParts:    func(l driver.Limits) []driver.IDPart { return l.ImageID },
	ObjectID:   "image_id",
	AfterLoss:  "The next apply imports the file again, as it is then.",
}

// Schema describes cloudsnap_custom_image.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	clouds := noun.Texts(r.Drivers)
	attributes := computed(clouds)
	maps.Copy(attributes, r.configured(clouds))
	for name, text := range fixedStrings {
		attributes[name] = noun.FixedString(text + clouds.Attribute(name))
	}
	for name, text := range fixedBools {
		attributes[name] = schema.BoolAttribute{
			MarkdownDescription: text + clouds.Attribute(name) + noun.ForcesNew(),
			Optional:            true,
			Computed:            true,
			PlanModifiers: []planmodifier.Bool{
				boolplanmodifier.RequiresReplaceIfConfigured(), boolplanmodifier.UseStateForUnknown(),
			},
		}
	}
	attributes["source_fingerprint"] = kit.ComputedString("A digest of the file's metadata at the time of the create, " +
		"see `detect_content_changes`. Null if the metadata are not known.")
	attributes["timeouts"] = kit.Timeouts(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: "Maximum duration of the create, with the download, as in `90m`. Defaults to `2h`.",
		ReadDescription:   "Maximum duration of a read. Defaults to `5m`.",
		UpdateDescription: "Maximum duration of an update, with the rest of an interrupted wait. Defaults to `2h`.",
		DeleteDescription: "Maximum duration of the delete, with the rest of an interrupted wait. Defaults to `30m`.",
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom image: your own disk or installation medium, which the cloud downloads from a URL " +
			"and creates machines from. Use it to create machines from your own system, or to move a machine from another " +
			"cloud.\n\nThe create starts the download and waits until it is complete. A plan fails if the " +
			"cloud does not support what the configuration sets. If the download fails, the image stays in the state as " +
			"tainted, with the cloud's reason in `error_message`: the next apply replaces it. If an image has been deleted at " +
			"the cloud, the next plan creates it again.",
		Attributes: attributes,
	}
}

// fixedStrings are the texts that a configuration sets at creation.
var fixedStrings = map[string]string{
	"os_type":      "The kind of operating system.",
	"version":      "The version of the operating system, as free text.",
	"checksum":     "The MD5 of the file.",
	"default_user": "The default login user of machines that are created from the image.",
	"boot_mode":    "The boot mode of machines that are created from the image.",
	"build":        "The build of the image, as free text.",
	"maintainer":   "The maintainer of the image.",
}

// fixedBools are the bools that a configuration sets at creation.
var fixedBools = map[string]string{
	"ssh_key_enabled":  "Whether machines that are created from the image accept an SSH key.",
	"password_enabled": "Whether machines that are created from the image accept a password.",

	"application_consistent_snapshot_enabled": "Whether machines that are created from the image support " +
		"application-consistent snapshots.",
}

// configured are the other attributes that a configuration may set.
func (r *Resource) configured(clouds kit.CloudTexts) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"cloud":    r.CloudAttribute(),
		"location": noun.FixedString("The zone." + clouds.Location() + " Null at other clouds."),
		"name": schema.StringAttribute{
			MarkdownDescription: "The name, updated in place." + clouds.Attribute("name"),
			Required:            true,
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "A description, updated in place. An empty text clears it; removing the attribute leaves the " +
				"description unchanged." + clouds.Attribute("description"),
			Optional:      true,
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"url": schema.StringAttribute{
			MarkdownDescription: "Where the cloud downloads the file: a direct `https` or `http` link." +
				clouds.Each("It must be", func(l driver.Limits) string { return l.Image["url"].Format() }) + noun.ForcesNew() +
				" Exactly one of `url` and `url_wo` must be set. An import sets it to the URL that the cloud reports. If that " +
				"has a query, which may be a signature, `url` stays null, and setting it sends nothing to the cloud.",
			Optional: true,
			PlanModifiers: []planmodifier.String{
				stringplanmodifier.RequiresReplaceIf(urlReplaces, replaceURLText, replaceURLText),
			},
		},
		"url_wo": schema.StringAttribute{
			MarkdownDescription: "As `url`, for links that give access without credentials, such as signed ones. It is in no " +
				"state and in no plan. A plan does not detect a change: change `url_wo_version` with it. Moving the same value " +
				"from `url` to `url_wo` does not replace the image.",
			Optional:  true,
			Sensitive: true,
			WriteOnly: true,
		},
		"url_wo_version": schema.Int64Attribute{
			MarkdownDescription: "A number of your choice, required with `url_wo`." + noun.ForcesNew(),
			Optional:            true,
			PlanModifiers: []planmodifier.Int64{
				int64planmodifier.RequiresReplaceIf(versionReplaces, replaceVersionText, replaceVersionText),
			},
		},
		"detect_content_changes": r.Switch("Whether a plan detects another file behind the same URL. If the URL answers a " +
			"`HEAD` request from the machine that runs Terraform with a size and an `ETag` or a `Last-Modified`, " +
			"`source_fingerprint` is a digest of them. A plan that finds another digest replaces the image. If the URL does " +
			"not respond within five seconds, no change is planned. Without `true` no request is sent."),
		"deletion_policy": noun.DeletionPolicy(),
	}
}

// computed are the attributes that only the cloud sets.
func computed(clouds kit.CloudTexts) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":       kit.ComputedString("The import ID, see below."),
		"image_id": kit.ComputedString("The cloud's own ID of the image or template."),
		"state":    kit.ComputedString("The state: `creating`, `ready` or `error`."),
		"size_mb":  kit.ComputedFloat64("The size of the image in megabytes." + clouds.Available("size_mb")),
		"uploaded_size_mb": kit.ComputedFloat64("The megabytes that the cloud has downloaded." +
			clouds.Available("uploaded_size_mb")),
		"size_bytes": kit.ComputedInt64("The size of the image in bytes." + clouds.Available("size_bytes")),
		"format":     kit.ComputedString("The format of the file: `iso` or `qcow2`." + clouds.Available("format")),
		"error_message": kit.ComputedString(
			"The cloud's reason why the download failed." + clouds.Available("error_message"),
		),
		"created_at": kit.ComputedTime("When the image was created."),
		// Without a plan modifier, because every change of the image changes it.
		"last_modified_at": schema.StringAttribute{
			MarkdownDescription: "When the image was last changed." + clouds.Available("last_modified_at") + " RFC 3339, UTC.",
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"family": kit.ComputedString("The family of the template." + clouds.Available("family")),
		"visibility": kit.ComputedString("Who can use the template: `private` is its owner only." +
			clouds.Available("visibility")),
		"zones": schema.ListAttribute{
			MarkdownDescription: "The zones that have the template." + clouds.Available("zones"),
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
	}
}

// IdentitySchema describes the identity of an image. Which attributes are set depends on the cloud. Its version stays
// 0: a state that an older Terraform has written has no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	location := "The zone." + noun.Texts(r.Drivers).Location()
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":    kit.IdentityString(true, "The cloud."),
		"location": kit.IdentityString(false, location),
		"image_id": kit.IdentityString(true, "The cloud's own ID."),
	}}
}

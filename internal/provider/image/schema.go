package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Schema describes cloudsnap_custom_image.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := configured(r.Drivers)
	for name, a := range reported(kit.TextsFor(r.Drivers, driver.CapabilityCustomImage)) {
		attributes[name] = a
	}
	attributes["timeouts"] = kit.Timeouts(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: "How long fetching the image may last, as in `90m`. Defaults to `2h`.",
		ReadDescription:   "How long reading the image may last. Defaults to `5m`.",
		UpdateDescription: "How long changing the image may last, including the rest of an interrupted wait. Defaults to `2h`.",
		DeleteDescription: "How long deleting the image may last, including the rest of an interrupted wait. Defaults to `30m`.",
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom image: a disk or an installation medium of your own, which the cloud fetches from a URL and starts machines from.\n\n" +
			"Creating it has the cloud fetch the file and waits until it has it. What a cloud cannot do is an error when planning. " +
			"An image whose download fails stays in the state, tainted and with the cloud's own words in `error_message`: the next apply replaces it. " +
			"An image that has been deleted at the cloud is planned to be fetched again.",
		Attributes: attributes,
	}
}

// configured are the attributes that a configuration may set.
func configured(drivers []driver.Driver) map[string]schema.Attribute {
	clouds := kit.TextsFor(drivers, driver.CapabilityCustomImage)
	return map[string]schema.Attribute{
		"cloud": schema.StringAttribute{
			MarkdownDescription: "The cloud: one of " + kit.OneOf(drivers, driver.CapabilityCustomImage) + "." + forcesNew,
			Required:            true,
			Validators:          []validator.String{kit.CloudValidator(drivers, driver.CapabilityCustomImage, "cloudsnap_custom_image")},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		},
		"location": fixedString("The zone." + clouds.Location() + " Null at other clouds."),
		"name": schema.StringAttribute{
			MarkdownDescription: "The name, updated in place." + clouds.Each("Limits", nameLength),
			Required:            true,
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "A description, updated in place. An empty text clears it; removing the attribute leaves the description as it is." +
				clouds.Each("Limits", descriptionLength),
			Optional:      true,
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"url": schema.StringAttribute{
			MarkdownDescription: "Where the cloud fetches the file: a direct `https` or `http` link." +
				clouds.Each("Before any query it must end in", suffixes) + forcesNew + " Exactly one of `url` and `url_wo` must be set. After an import it is what the cloud tells, unless that has a query, which may be a signature: " +
				"then it stays null, and setting it changes nothing at the cloud.",
			Optional:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(urlReplaces, replaceURLText, replaceURLText)},
		},
		"url_wo": schema.StringAttribute{
			MarkdownDescription: "As `url`, for links that give access by themselves, such as signed ones: it is in no state and in no plan. " +
				"A change is not noticed: change `url_wo_version` with it. Moving from `url` to the same value here does not replace the image.",
			Optional:  true,
			Sensitive: true,
			WriteOnly: true,
		},
		"url_wo_version": schema.Int64Attribute{
			MarkdownDescription: "A number of your choice, required with `url_wo`. Changing it forces a new image.",
			Optional:            true,
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.RequiresReplaceIf(versionReplaces, replaceVersionText, replaceVersionText)},
		},
		"os_type":          fixedString("The kind of operating system: `Linux` or `Windows`." + fields(clouds, driver.ImageOSType)),
		"version":          fixedString("The version of the operating system, in your own words." + fields(clouds, driver.ImageVersion)),
		"checksum":         fixedString("The MD5 of the file in lower case hexadecimal digits." + fields(clouds, driver.ImageChecksum)),
		"default_user":     fixedString("The user that machines made from the image log in with." + fields(clouds, driver.ImageDefaultUser)),
		"boot_mode":        fixedString("How machines made from the image boot: `legacy` or `uefi`." + fields(clouds, driver.ImageBootMode)),
		"ssh_key_enabled":  fixedBool("Whether machines made from the image take an SSH key." + fields(clouds, driver.ImageSSHKeyEnabled)),
		"password_enabled": fixedBool("Whether machines made from the image take a password." + fields(clouds, driver.ImagePasswordEnabled)),
		"build":            fixedString("A build number or name of the image, in your own words, 1 to 255 characters." + fields(clouds, driver.ImageBuild)),
		"maintainer":       fixedString("Who maintains the image, 1 to 255 characters." + fields(clouds, driver.ImageMaintainer)),
		"application_consistent_snapshot_enabled": fixedBool("Whether machines made from the image can take application-consistent snapshots." +
			fields(clouds, driver.ImageConsistent)),
		"detect_content_changes": kit.Switch(drivers, "Whether to look for another file behind the same URL. Where the URL "+
			"answers a `HEAD` request from the machine that runs Terraform with a size and an `ETag` or a `Last-Modified`, "+
			"`source_fingerprint` keeps a digest of them, and a plan that finds another digest replaces the image. A URL that does "+
			"not answer within five seconds plans nothing. Without `true` the URL is not contacted.", nil),
		"deletion_policy": kit.DeletionPolicy("image"),
	}
}

// reported are the attributes that only the cloud sets.
func reported(clouds kit.CloudTexts) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":       kit.ComputedString("The ID that `terraform import` takes, see below."),
		"image_id": kit.ComputedString("The cloud's own ID of the image or template."),
		"state":    kit.ComputedString("Where the image is in its life: `creating`, `ready` or `error`."),
		"size_mb": schema.Float64Attribute{
			MarkdownDescription: "The size of the image in megabytes." + computed(clouds, driver.ImageSizeMB),
			Computed:            true,
			PlanModifiers:       []planmodifier.Float64{float64planmodifier.UseStateForUnknown()},
		},
		"uploaded_size_mb": schema.Float64Attribute{
			MarkdownDescription: "How many megabytes of it the cloud has fetched." + computed(clouds, driver.ImageUploadedSizeMB),
			Computed:            true,
			PlanModifiers:       []planmodifier.Float64{float64planmodifier.UseStateForUnknown()},
		},
		"size_bytes": schema.Int64Attribute{
			MarkdownDescription: "The size of the image in bytes." + computed(clouds, driver.ImageSizeBytes),
			Computed:            true,
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"format":        kit.ComputedString("The format of the file: `iso` or `qcow2`." + computed(clouds, driver.ImageFormat)),
		"error_message": kit.ComputedString("Why the download failed, in the cloud's words." + computed(clouds, driver.ImageErrorMessage)),
		"created_at":    kit.ComputedTime("When the image was made."),
		// Without a plan modifier: whatever changes the image changes this.
		"last_modified_at": schema.StringAttribute{
			MarkdownDescription: "When the image was last changed." + computed(clouds, driver.ImageLastModifiedAt) + " RFC 3339, UTC.",
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"family":     kit.ComputedString("The family of the template." + computed(clouds, driver.ImageFamily)),
		"visibility": kit.ComputedString("Who sees the template: `private` is its owner alone." + computed(clouds, driver.ImageVisibility)),
		"zones": schema.ListAttribute{
			MarkdownDescription: "The zones that have the template." + computed(clouds, driver.ImageZones),
			ElementType:         types.StringType,
			Computed:            true,
			PlanModifiers:       []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		},
		"source_fingerprint": kit.ComputedString("A digest of what the URL told of the file when the image was made, see `detect_content_changes`. Null where it told nothing, or was not asked."),
	}
}

// fixedString is a text that is fixed when the image is made, and that the cloud tells where the configuration does
// not.
func fixedString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + forcesNew,
		Optional:            true,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown()},
	}
}

func fixedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description + forcesNew,
		Optional:            true,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.RequiresReplaceIfConfigured(), boolplanmodifier.UseStateForUnknown()},
	}
}

// IdentitySchema describes what identifies an image: which attributes are set depends on the cloud. Its version stays
// 0: a state that an older Terraform has written carries no identity, and a newer one could not upgrade that.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"cloud":    identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud."},
		"location": identityschema.StringAttribute{OptionalForImport: true, Description: "The zone." + kit.TextsFor(r.Drivers, driver.CapabilityCustomImage).Location()},
		"image_id": identityschema.StringAttribute{RequiredForImport: true, Description: "The cloud's own ID."},
	}}
}

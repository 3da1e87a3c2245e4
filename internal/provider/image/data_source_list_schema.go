package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Schema describes cloudsnap_images.
func (l *DataSourceList) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	filter := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Optional: true, Validators: []validator.String{kit.NotEmpty()}}
	}
	clouds := kit.TextsFor(l.Drivers, driver.CapabilityImages)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists images, the newest first; images of the same time are ordered by their ID. A list without a match is empty.\n\n" +
			"The URL of an image is left out, because it may be a signed link." +
			clouds.Each("The list holds", func(limits driver.Limits) string { return limits.Image.Listed }),
		Attributes: map[string]schema.Attribute{
			"cloud": schema.StringAttribute{
				MarkdownDescription: "The cloud: one of " + kit.OneOf(l.Drivers, driver.CapabilityImages) + ".",
				Required:            true,
				Validators:          []validator.String{kit.CloudValidator(l.Drivers, driver.CapabilityImages, "cloudsnap_images")},
			},
			"location": schema.StringAttribute{
				MarkdownDescription: "The zone." + clouds.Location(),
				Optional:            true,
			},
			"name": filter("Only images whose name contains this text, as the cloud compares it." + filters(clouds, driver.ImageFilterName)),
			"standard_image": schema.BoolAttribute{
				MarkdownDescription: "`true` for the standard images of the cloud only, `false` for custom images only." +
					filters(clouds, driver.ImageFilterStandard),
				Optional: true,
			},
			"search": filter("Only images with this text in their name or operating system." + filters(clouds, driver.ImageFilterSearch)),
			"visibility": schema.StringAttribute{
				MarkdownDescription: "`private` (the default) for templates of your own, `public` for those of the cloud." +
					filters(clouds, driver.ImageFilterVisibility),
				Optional:   true,
				Validators: []validator.String{kit.Word("private", "public")},
			},
			"family": filter("Only templates of this family." + filters(clouds, driver.ImageFilterFamily)),
			"name_regex": schema.StringAttribute{
				MarkdownDescription: "Only images whose name matches this regular expression, in [RE2 syntax](https://github.com/google/re2/wiki/Syntax).",
				Optional:            true,
				Validators:          []validator.String{kit.Regexp()},
			},
			"most_recent": schema.BoolAttribute{
				MarkdownDescription: "Only the newest of the matches. It is an error if there is none.",
				Optional:            true,
			},
			"images": schema.ListNestedAttribute{
				MarkdownDescription: "The matches.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: itemAttributes(clouds)},
			},
			"timeouts": kit.DataSourceTimeouts(ctx, timeouts.Opts{
				ReadDescription: "How long reading may last, as in `30s`. Defaults to `5m`.",
			}),
		},
	}
}

func itemAttributes(clouds kit.CloudTexts) map[string]schema.Attribute {
	text := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Computed: true}
	}
	megabytes := func(d string) schema.Attribute {
		return schema.Float64Attribute{MarkdownDescription: d, Computed: true}
	}
	flag := func(d string) schema.Attribute {
		return schema.BoolAttribute{MarkdownDescription: d, Computed: true}
	}
	moment := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d + " RFC 3339, UTC.", Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	texts := func(d string) schema.Attribute {
		return schema.ListAttribute{MarkdownDescription: d, ElementType: types.StringType, Computed: true}
	}
	return map[string]schema.Attribute{
		"location":         text("The zone." + clouds.Available(kit.ChosenLocation)),
		"name":             text("The name."),
		"description":      text("The description."),
		"standard_image":   flag("Whether the image belongs to the cloud and not to you."),
		"os_type":          text("The kind of operating system." + computed(clouds, driver.ImageOSType)),
		"version":          text("The version of the operating system." + computed(clouds, driver.ImageVersion)),
		"checksum":         text("The MD5 of the file." + computed(clouds, driver.ImageChecksum)),
		"default_user":     text("The user to log in with." + computed(clouds, driver.ImageDefaultUser)),
		"boot_mode":        text("`legacy` or `uefi`." + computed(clouds, driver.ImageBootMode)),
		"ssh_key_enabled":  flag("Whether machines take an SSH key." + computed(clouds, driver.ImageSSHKeyEnabled)),
		"password_enabled": flag("Whether machines take a password." + computed(clouds, driver.ImagePasswordEnabled)),
		"id":               text("The ID that `terraform import` takes."),
		"image_id":         text("The cloud's own ID."),
		"state":            text("The state, in the words of the resource."),
		"size_mb":          megabytes("The size in megabytes." + computed(clouds, driver.ImageSizeMB)),
		"uploaded_size_mb": megabytes("How many megabytes the cloud has fetched." + computed(clouds, driver.ImageUploadedSizeMB)),
		"size_bytes": schema.Int64Attribute{
			MarkdownDescription: "The size in bytes." + computed(clouds, driver.ImageSizeBytes),
			Computed:            true,
		},
		"format":           text("`iso` or `qcow2`." + computed(clouds, driver.ImageFormat)),
		"error_message":    text("Why the download failed." + computed(clouds, driver.ImageErrorMessage)),
		"created_at":       moment("When it was made."),
		"last_modified_at": moment("When it was last changed." + computed(clouds, driver.ImageLastModifiedAt)),
		"family":           text("The family." + computed(clouds, driver.ImageFamily)),
		"visibility":       text("`private` or `public`." + computed(clouds, driver.ImageVisibility)),
		"build":            text("The build." + computed(clouds, driver.ImageBuild)),
		"maintainer":       text("Who maintains it." + computed(clouds, driver.ImageMaintainer)),
		"application_consistent_snapshot_enabled": flag("Whether machines can take application-consistent snapshots." +
			computed(clouds, driver.ImageConsistent)),
		"zones": texts("The zones that have it." + computed(clouds, driver.ImageZones)),
		"tags":  texts("The tags. Null where the cloud reports none."),
	}
}

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
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists images, the newest first; images of the same time are ordered by their ID. A list without a match is empty.\n\n" +
			"At Contabo these are standard and custom images. At Exoscale they are the templates of a zone, and only the private ones unless `visibility` says otherwise. " +
			"Where an image was fetched from is left out, because it may be a signed link.",
		Attributes: map[string]schema.Attribute{
			"cloud": schema.StringAttribute{
				MarkdownDescription: "The cloud: one of " + kit.OneOf(l.Drivers, driver.CapabilityImages) + ".",
				Required:            true,
				Validators:          []validator.String{kit.CloudValidator(l.Drivers, driver.CapabilityImages, "cloudsnap_images")},
			},
			"location": schema.StringAttribute{
				MarkdownDescription: "The Exoscale zone, by default the provider's `exoscale.zone`.",
				Optional:            true,
			},
			"name": filter("Only images whose name contains this text, as Contabo compares it. Contabo only."),
			"standard_image": schema.BoolAttribute{
				MarkdownDescription: "`true` for the standard images of the cloud only, `false` for custom images only. Contabo only.",
				Optional:            true,
			},
			"search": filter("Only images with this text in their name or operating system. Contabo only."),
			"visibility": schema.StringAttribute{
				MarkdownDescription: "`private` (the default) for templates of your own, `public` for those of Exoscale. Exoscale only. The cloud's own default is `public`.",
				Optional:            true,
				Validators:          []validator.String{kit.Word("private", "public")},
			},
			"family": filter("Only templates of this family. Exoscale only."),
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
				NestedObject:        schema.NestedAttributeObject{Attributes: itemAttributes()},
			},
			"timeouts": kit.DataSourceTimeouts(ctx, timeouts.Opts{
				ReadDescription: "How long reading may last, as in `30s`. Defaults to `5m`.",
			}),
		},
	}
}

func itemAttributes() map[string]schema.Attribute {
	text := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Computed: true}
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
		"location":         text("The zone (Exoscale)."),
		"name":             text("The name."),
		"description":      text("The description."),
		"standard_image":   flag("Whether the image belongs to the cloud and not to you."),
		"os_type":          text("The kind of operating system (Contabo)."),
		"version":          text("The version of the operating system."),
		"checksum":         text("The MD5 of the file (Exoscale)."),
		"default_user":     text("The user to log in with (Exoscale)."),
		"boot_mode":        text("`legacy` or `uefi` (Exoscale)."),
		"ssh_key_enabled":  flag("Whether machines take an SSH key (Exoscale)."),
		"password_enabled": flag("Whether machines take a password (Exoscale)."),
		"id":               text("The ID that `terraform import` takes."),
		"image_id":         text("The cloud's own ID."),
		"state":            text("The state, in the words of the resource."),
		"size_mb":          schema.Float64Attribute{MarkdownDescription: "The size in megabytes (Contabo).", Computed: true},
		"uploaded_size_mb": schema.Float64Attribute{MarkdownDescription: "How many megabytes the cloud has fetched (Contabo).", Computed: true},
		"size_bytes":       schema.Int64Attribute{MarkdownDescription: "The size in bytes (Exoscale).", Computed: true},
		"format":           text("`iso` or `qcow2` (Contabo)."),
		"error_message":    text("Why the download failed (Contabo)."),
		"created_at":       moment("When it was made."),
		"last_modified_at": moment("When it was last changed (Contabo)."),
		"family":           text("The family (Exoscale)."),
		"visibility":       text("`private` or `public` (Exoscale)."),
		"build":            text("The build (Exoscale)."),
		"maintainer":       text("Who maintains it (Exoscale)."),
		"application_consistent_snapshot_enabled": flag("Whether machines can take application-consistent snapshots (Exoscale)."),
		"zones": texts("The zones that have it (Exoscale)."),
		"tags":  texts("The tags (Contabo)."),
	}
}

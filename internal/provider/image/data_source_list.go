package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ datasource.DataSourceWithConfigure      = (*DataSourceList)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSourceList)(nil)
)

// listing is the noun of cloudsnap_images, whose tables have the filters.
var listing = kit.Noun{
	Name:       "listing of images",
	Capability: driver.CapabilityImages,
	Table:      func(l driver.Limits) driver.Attributes { return l.ImageFilters },
}

// DataSourceList is the data source cloudsnap_images.
type DataSourceList struct{ kit.DataSourceBase }

// NewDataSourceList returns the data source for a list of clouds.
func NewDataSourceList(drivers []driver.Driver) datasource.DataSource {
	return &DataSourceList{kit.NewDataSourceBase(listing, "cloudsnap_images", drivers)}
}

// listModel is cloudsnap_images.
type listModel struct {
	Cloud         types.String `tfsdk:"cloud"`
	Location      types.String `tfsdk:"location"`
	Name          types.String `tfsdk:"name"`
	StandardImage types.Bool   `tfsdk:"standard_image"`
	Search        types.String `tfsdk:"search"`
	Visibility    types.String `tfsdk:"visibility"`
	Family        types.String `tfsdk:"family"`
	kit.ListFilter
	Images   []listItemModel `tfsdk:"images"`
	Timeouts timeouts.Value  `tfsdk:"timeouts"`
}

// listItemModel is one image of the list. It has no URL, which may be a secret.
type listItemModel struct {
	imageModel
	StandardImage types.Bool `tfsdk:"standard_image"`
	Tags          types.List `tfsdk:"tags"`
}

// Schema describes cloudsnap_images.
func (l *DataSourceList) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	clouds := listing.Texts(l.Drivers)
	filter := func(name, description string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: description + clouds.Available(name),
			Optional:            true,
			Validators:          []validator.String{kit.NotEmpty()},
		}
	}
	visibility := filter("visibility", "`private` (the default) for your own templates, `public` for those of the cloud.")
	visibility.Validators = []validator.String{kit.Word("private", "public")}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists images, the newest first. Images of the same time are sorted by ID. A list without a " +
			"match is empty.\n\nThe URL of an image is not in the list, because it may be a signed link." +
			clouds.Each("The list contains", func(limits driver.Limits) string { return limits.ImageListing }),
		Attributes: map[string]schema.Attribute{
			"cloud": l.CloudAttribute(),
			"location": schema.StringAttribute{
				MarkdownDescription: "The zone." + clouds.Location(),
				Optional:            true,
			},
			"name": filter("name", "Only images whose name contains this text, as the cloud compares it."),
			"standard_image": schema.BoolAttribute{
				MarkdownDescription: "`true` for the standard images of the cloud only, `false` for custom images only." +
					clouds.Available("standard_image"),
				Optional: true,
			},
			"search":      filter("search", "Only images with this text in their name or operating system."),
			"visibility":  visibility,
			"family":      filter("family", "Only templates of this family."),
			"name_regex":  kit.NameRegexAttribute(noun.Name),
			"most_recent": kit.MostRecentAttribute(),
			"images": schema.ListNestedAttribute{
				MarkdownDescription: "The matches.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: itemAttributes(noun.Texts(l.Drivers))},
			},
			"timeouts": kit.DataSourceTimeouts(ctx),
		},
	}
}

// itemAttributes are the attributes of one image: those of the resource, but for where the file comes from.
func itemAttributes(clouds kit.CloudTexts) map[string]schema.Attribute {
	text := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Computed: true}
	}
	attributes := kit.ItemAttributes(computed(clouds))
	for name, d := range fixedStrings {
		attributes[name] = text(d + clouds.Available(name))
	}
	for name, d := range fixedBools {
		attributes[name] = schema.BoolAttribute{MarkdownDescription: d + clouds.Available(name), Computed: true}
	}
	attributes["id"] = text("The import ID.")
	attributes["location"] = text("The zone." + clouds.HasLocation())
	attributes["name"] = text("The name.")
	attributes["description"] = text("The description.")
	attributes["standard_image"] = schema.BoolAttribute{
		MarkdownDescription: "Whether the image belongs to the cloud and not to you.", Computed: true,
	}
	attributes["tags"] = schema.ListAttribute{
		MarkdownDescription: "The tags. Null if the cloud reports none.", ElementType: types.StringType, Computed: true,
	}
	return attributes
}

// ValidateConfig rejects a location and filters that the cloud does not support.
func (l *DataSourceList) ValidateConfig(
	_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	l.CheckConfig(req.Config, req.Config.Raw, &resp.Diagnostics)
}

// toFilter returns the filters of the request.
func (m listModel) toFilter(location string) driver.ImageFilter {
	return driver.ImageFilter{
		Location:   location,
		Name:       m.Name.ValueString(),
		Standard:   m.StandardImage.ValueBoolPointer(),
		Search:     m.Search.ValueString(),
		Visibility: m.Visibility.ValueString(),
		Family:     m.Family.ValueString(),
	}
}

// Read lists the images and applies the filters.
func (l *DataSourceList) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, cl, ok := kit.OpenData[listModel](ctx, &l.DataSourceBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	location, ok := l.ListLocation(cl, config.Location, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	list, err := cl.Images(limited, config.toFilter(location))
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	list, ok = kit.Filter(list, config.ListFilter, nameOf, noun.Name, cl, &resp.Diagnostics)
	if !ok {
		return
	}
	config.Images = make([]listItemModel, len(list))
	for i, image := range list {
		config.Images[i].fromImage(cl.Descriptor, image)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

func nameOf(i driver.Image) string { return i.Name }

// fromImage sets the attributes to what the cloud reports.
func (m *listItemModel) fromImage(d driver.Descriptor, i driver.Image) {
	i.ErrorMessage = redact(i.ErrorMessage, i.URL)
	m.Name = types.StringUnknown()
	m.imageModel.fromImage(d, i)
	m.Description = kit.StringOrNull(i.Description)
	m.StandardImage = types.BoolValue(i.Standard)
	m.Tags = listOrNull(i.Tags)
}

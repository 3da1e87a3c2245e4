package image

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ datasource.DataSourceWithConfigure      = (*DataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSource)(nil)
)

// selection is the noun of cloudsnap_image. Its filters are those of cloudsnap_images, but for the name, which the
// provider compares itself.
var selection = kit.Noun{
	Name:       "image",
	Capability: driver.CapabilityImages,
	Table: func(l driver.Limits) driver.Attributes {
		filters := maps.Clone(l.ImageFilters)
		delete(filters, "name")
		return filters
	},
	IDParts: noun.IDParts,
}

// DataSource is the data source cloudsnap_image.
type DataSource struct{ kit.DataSourceBase }

// NewDataSource returns the data source for a list of clouds.
func NewDataSource(drivers []driver.Driver) datasource.DataSource {
	return &DataSource{kit.NewDataSourceBase(selection, "cloudsnap_image", drivers)}
}

// dataSourceModel is cloudsnap_image. The attributes of the image that a configuration sets are filters.
type dataSourceModel struct {
	Cloud types.String `tfsdk:"cloud"`
	listItemModel
	Search types.String `tfsdk:"search"`
	kit.ListFilter
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// Schema describes the data source cloudsnap_image.
func (s *DataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	clouds, images := selection.Texts(s.Drivers), noun.Texts(s.Drivers)
	filter := func(d string, validators ...validator.String) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Optional: true, Computed: true, Validators: validators}
	}
	attributes := itemAttributes(images)
	maps.Copy(attributes, map[string]schema.Attribute{
		"cloud":    s.CloudAttribute(),
		"id":       filter("The import ID. It selects the image, and excludes all filters."),
		"location": filter("The zone. As a filter, only images in it match." + clouds.Location()),
		"name":     filter("The name. As a filter, only images with exactly this name match.", kit.NotEmpty()),
		"standard_image": schema.BoolAttribute{
			MarkdownDescription: "Whether the image belongs to the cloud and not to you." +
				clouds.At("It is also a filter at", filtersStandard),
			Optional: true,
			Computed: true,
		},
		"visibility": filter("Who can use the template: `private` is its owner only. As a filter, `public` selects the "+
			"templates of the cloud; the default is `private`."+clouds.Available("visibility"), kit.Word("private", "public")),
		"family": filter("The family of the template. As a filter, only templates of it match."+clouds.Available("family"),
			kit.NotEmpty()),
		"search": schema.StringAttribute{
			MarkdownDescription: "Only images with this text in their name or operating system." + clouds.Available("search"),
			Optional:            true,
			Validators:          []validator.String{kit.NotEmpty()},
		},
		"name_regex":  kit.NameRegexAttribute(noun.Name),
		"most_recent": kit.OneMostRecentAttribute(),
		"timeouts":    kit.DataSourceTimeouts(ctx),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one image, by its ID or by filters. It is an error if none matches, and if several " +
			"match without `most_recent`.\n\nThe URL of an image is not reported, because it may be a signed link.",
		Attributes: attributes,
	}
}

func filtersStandard(l driver.Limits) bool { return l.ImageFilters["standard_image"].Settable() }

// ValidateConfig rejects filters beside an ID, and a location and filters that the cloud does not support.
func (s *DataSource) ValidateConfig(
	_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	kit.CheckIDOrFilters(req.Config, &resp.Diagnostics)
	s.CheckConfig(req.Config, req.Config.Raw, &resp.Diagnostics)
}

// Read reads the image by its ID, or lists the images and selects the one that matches.
func (s *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, cl, ok := kit.OpenData[dataSourceModel](ctx, &s.DataSourceBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	found, ok := s.find(limited, cl, config, resp)
	if !ok {
		return
	}
	config.listItemModel = listItemModel{}
	config.fromImage(cl.Descriptor, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// find reads or selects the image. It is false after an error.
func (s *DataSource) find(
	ctx context.Context, cl *cloud.Cloud, config dataSourceModel, resp *datasource.ReadResponse,
) (driver.Image, bool) {
	if id := config.ID.ValueString(); id != "" {
		return kit.ByID(ctx, &s.DataSourceBase, cl, id, cl.Image, &resp.Diagnostics)
	}
	location, ok := s.ListLocation(cl, config.Location, &resp.Diagnostics)
	if !ok {
		return driver.Image{}, false
	}
	name := config.Name.ValueString()
	filter := driver.ImageFilter{
		Location: location, Standard: config.StandardImage.ValueBoolPointer(), Search: config.Search.ValueString(),
		Visibility: config.Visibility.ValueString(), Family: config.Family.ValueString(),
	}
	if cl.Limits.ImageFilters["name"].Settable() {
		filter.Name = name
	}
	list, err := cl.Images(ctx, filter)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return driver.Image{}, false
	}
	list = slices.DeleteFunc(list, func(i driver.Image) bool { return name != "" && i.Name != name })
	idOf := func(i driver.Image) string { return cl.FormatID(cl.Limits.ImageID, i.Ref()) }
	return kit.One(list, config.ListFilter, nameOf, idOf, noun.Name, cl, &resp.Diagnostics)
}

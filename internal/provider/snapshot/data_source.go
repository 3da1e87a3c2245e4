package snapshot

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ datasource.DataSourceWithConfigure      = (*DataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSource)(nil)
)

// DataSource is the data source cloudsnap_snapshot.
type DataSource struct{ kit.DataSourceBase }

// NewDataSource returns the data source for a list of clouds.
func NewDataSource(drivers []driver.Driver) datasource.DataSource {
	return &DataSource{kit.NewDataSourceBase(noun, "cloudsnap_snapshot", drivers)}
}

// dataSourceModel is cloudsnap_snapshot. The attributes of the snapshot that a configuration sets are filters.
type dataSourceModel struct {
	Cloud types.String `tfsdk:"cloud"`
	snapshotModel
	States types.Set `tfsdk:"states"`
	kit.ListFilter
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// Schema describes the data source cloudsnap_snapshot.
func (s *DataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	clouds := noun.Texts(s.Drivers)
	filter := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Optional: true, Computed: true}
	}
	attributes := itemAttributes(clouds)
	maps.Copy(attributes, map[string]schema.Attribute{
		"cloud": s.CloudAttribute(),
		"id":    filter("The import ID. It selects the snapshot, and excludes all filters."),
		"location": filter("The zone or region. As a filter, only snapshots in it match." +
			clouds.HasLocation() + clouds.DefaultLocation()),
		"source_id": filter("The ID of the source. As a filter, only snapshots of it match."),
		"name": filter("The name. As a filter, only snapshots with exactly this name match." +
			clouds.Available("name")),
		"name_regex":  kit.NameRegexAttribute(noun.Name),
		"states":      statesAttribute(),
		"most_recent": kit.OneMostRecentAttribute(),
		"timeouts":    kit.DataSourceTimeouts(ctx),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one snapshot, by its ID or by filters. It is an error if none matches, and if several " +
			"match without `most_recent`.",
		Attributes: attributes,
	}
}

// ValidateConfig rejects filters beside an ID, a location that the cloud does not have, and a value that cannot be the
// ID of a source.
func (s *DataSource) ValidateConfig(
	_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	kit.CheckIDOrFilters(req.Config, &resp.Diagnostics)
	s.CheckFilters(req.Config, &resp.Diagnostics)
}

// Read reads the snapshot by its ID, or lists the snapshots and selects the one that matches.
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
	config.fromSnapshot(cl.Descriptor, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// find reads or selects the snapshot. It is false after an error.
func (s *DataSource) find(
	ctx context.Context, cl *cloud.Cloud, config dataSourceModel, resp *datasource.ReadResponse,
) (driver.Snapshot, bool) {
	if id := config.ID.ValueString(); id != "" {
		return kit.ByID(ctx, &s.DataSourceBase, cl, id, cl.Snapshot, &resp.Diagnostics)
	}
	name := config.Name.ValueString()
	filter := driver.SnapshotFilter{
		SourceID: config.SourceID.ValueString(), Location: config.Location.ValueString(), NameContains: name,
	}
	list, ok := readList(ctx, &s.DataSourceBase, cl, filter, config.States, &resp.Diagnostics)
	if !ok {
		return driver.Snapshot{}, false
	}
	list = slices.DeleteFunc(list, func(s driver.Snapshot) bool { return name != "" && s.Name != name })
	idOf := func(s driver.Snapshot) string { return cl.FormatID(cl.Limits.SnapshotID, s.Ref()) }
	return kit.One(list, config.ListFilter, nameOf, idOf, noun.Name, cl, &resp.Diagnostics)
}

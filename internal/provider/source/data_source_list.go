package source

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const defaultRead = 5 * time.Minute

var (
	_ datasource.DataSourceWithConfigure      = (*DataSourceList)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSourceList)(nil)
)

// noun is what a snapshot is taken of. No attribute of it differs between the clouds, except the location.
var noun = kit.Noun{
	Name:       "source",
	Capability: driver.CapabilitySnapshotSources,
	Table:      func(driver.Limits) driver.Attributes { return nil },
}

// DataSourceList is the data source cloudsnap_snapshot_sources.
type DataSourceList struct{ kit.DataSourceBase }

// NewDataSourceList returns the data source for a list of clouds.
func NewDataSourceList(drivers []driver.Driver) datasource.DataSource {
	return &DataSourceList{kit.NewDataSourceBase(noun, "cloudsnap_snapshot_sources", drivers)}
}

// listModel is cloudsnap_snapshot_sources, in the order of its schema.
type listModel struct {
	Cloud     types.String   `tfsdk:"cloud"`
	Location  types.String   `tfsdk:"location"`
	NameRegex types.String   `tfsdk:"name_regex"`
	States    types.Set      `tfsdk:"states"`
	Sources   []sourceModel  `tfsdk:"sources"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

// sourceModel is one source of the list.
type sourceModel struct {
	SourceID     types.String `tfsdk:"source_id"`
	Location     types.String `tfsdk:"location"`
	Name         types.String `tfsdk:"name"`
	State        types.String `tfsdk:"state"`
	MaxSnapshots types.Int64  `tfsdk:"max_snapshots"`
}

// fromSource returns the attributes that the cloud reports.
func fromSource(s driver.Source) sourceModel {
	m := sourceModel{
		SourceID:     kit.StringOrNull(s.ID),
		Location:     kit.StringOrNull(s.Location),
		Name:         kit.StringOrNull(s.Name),
		State:        kit.StringOrNull(s.State),
		MaxSnapshots: types.Int64Null(),
	}
	if s.MaxSnapshots != nil {
		m.MaxSnapshots = types.Int64Value(int64(*s.MaxSnapshots))
	}
	return m
}

// Schema describes cloudsnap_snapshot_sources.
func (l *DataSourceList) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	clouds := noun.Texts(l.Drivers)
	text := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists what can be snapshotted: instances, volumes or VMs, sorted by name. Sources of the " +
			"same name are sorted by ID. A list without a match is empty." +
			clouds.Each("The sources are of the type", func(l driver.Limits) string { return l.SourceKind }) +
			"\n\nWith `for_each` over the list, every machine of an account gets a snapshot.",
		Attributes: map[string]schema.Attribute{
			"cloud": l.CloudAttribute(),
			"location": schema.StringAttribute{
				MarkdownDescription: "Only sources in this zone or region." +
					clouds.HasLocation() + clouds.DefaultLocation(),
				Optional: true,
			},
			"name_regex": kit.NameRegexAttribute(noun.Name),
			"states": schema.SetAttribute{
				MarkdownDescription: "Only sources in one of these states, as in the attribute `state`.",
				ElementType:         types.StringType,
				Optional:            true,
			},
			"sources": schema.ListNestedAttribute{
				MarkdownDescription: "The matches.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"source_id": text("The ID of the source, as in `source_id` of `cloudsnap_snapshot`."),
					"location":  text("The zone or region." + clouds.HasLocation()),
					"name":      text("The name."),
					"state":     text("The cloud's own word for the state, in lower case, such as `running` or `stopped`."),
					"max_snapshots": schema.Int64Attribute{
						MarkdownDescription: "How many snapshots the source can have at the same time. Null if the cloud does not " +
							"report it.",
						Computed: true,
					},
				}},
			},
			"timeouts": kit.DataSourceTimeouts(ctx),
		},
	}
}

// ValidateConfig rejects a location that the cloud does not have.
func (l *DataSourceList) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	config, ok := kit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	d, found := l.Descriptor(config.Cloud.ValueString())
	if !ok || !found || config.Location.IsNull() {
		return
	}
	if v, ok := rules.CheckLocationFilter(d, kit.Value(config.Location)); !ok {
		kit.AddViolations([]rules.Violation{v}, &resp.Diagnostics)
	}
}

// Read lists the sources and applies the filters.
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
	list, err := cl.Sources(limited, location)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	var wanted []string
	resp.Diagnostics.Append(config.States.ElementsAs(ctx, &wanted, false)...)
	list = slices.DeleteFunc(list, func(s driver.Source) bool {
		return len(wanted) > 0 && !slices.Contains(wanted, s.State)
	})
	list = kit.MatchName(list, config.NameRegex, func(s driver.Source) string { return s.Name })
	config.Sources = make([]sourceModel, 0, len(list))
	for _, s := range list {
		config.Sources = append(config.Sources, fromSource(s))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

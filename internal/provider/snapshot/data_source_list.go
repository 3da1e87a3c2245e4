package snapshot

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ datasource.DataSourceWithConfigure      = (*DataSourceList)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSourceList)(nil)
)

// DataSourceList is the data source cloudsnap_snapshots.
type DataSourceList struct{ kit.DataSourceBase }

// NewDataSourceList returns the data source for a list of clouds.
func NewDataSourceList(drivers []driver.Driver) datasource.DataSource {
	return &DataSourceList{kit.NewDataSourceBase(noun, "cloudsnap_snapshots", drivers)}
}

// listModel is cloudsnap_snapshots.
type listModel struct {
	Cloud    types.String `tfsdk:"cloud"`
	Location types.String `tfsdk:"location"`
	SourceID types.String `tfsdk:"source_id"`
	Name     types.String `tfsdk:"name"`
	States   types.Set    `tfsdk:"states"`
	kit.ListFilter
	Snapshots []snapshotModel `tfsdk:"snapshots"`
	Timeouts  timeouts.Value  `tfsdk:"timeouts"`
}

// Schema describes cloudsnap_snapshots.
func (l *DataSourceList) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	clouds := noun.Texts(l.Drivers)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists snapshots, the newest first. Snapshots of the same time are sorted by ID. A list " +
			"without a match is empty.",
		Attributes: map[string]schema.Attribute{
			"cloud": l.CloudAttribute(),
			"location": schema.StringAttribute{
				MarkdownDescription: clouds.LocationFilter(),
				Optional:            true,
			},
			"source_id": schema.StringAttribute{
				MarkdownDescription: sourceText(clouds),
				Optional:            true,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Only snapshots whose name contains this text. The comparison is case-sensitive.",
				Optional:            true,
			},
			"name_regex":  kit.NameRegexAttribute(noun.Name),
			"states":      statesAttribute(),
			"most_recent": kit.MostRecentAttribute(),
			"snapshots": schema.ListNestedAttribute{
				MarkdownDescription: "The matches.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: itemAttributes(clouds)},
			},
			"timeouts": kit.DataSourceTimeouts(ctx),
		},
	}
}

// sourceText describes the filter source_id.
func sourceText(clouds kit.CloudTexts) string {
	return "Only snapshots of this source. Without it, all snapshots of the account or of the location are listed." +
		clouds.At(
			"That takes one request per source at",
			func(l driver.Limits) bool { return l.Scope == driver.ScopeSource },
		)
}

// statesAttribute is the filter by state.
func statesAttribute() schema.SetAttribute {
	words := kit.Words(driver.States()...)
	return schema.SetAttribute{
		MarkdownDescription: kit.StatesText(noun.Name, words),
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.ValueStringsAre(kit.Word(words...))},
	}
}

// itemAttributes are the attributes of one snapshot: those of the resource.
func itemAttributes(clouds kit.CloudTexts) map[string]schema.Attribute {
	text := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Computed: true}
	}
	attributes := kit.ItemAttributes(computed(clouds))
	attributes["id"] = text("The import ID.")
	attributes["location"] = text("The zone or region." + clouds.HasLocation())
	attributes["source_id"] = text("The ID of the source.")
	attributes["name"] = text("The name." + clouds.Available("name"))
	attributes["description"] = text("The description." + clouds.Available("description"))
	return attributes
}

// ValidateConfig rejects a location that the cloud does not have, and a value that cannot be the ID of a source.
func (l *DataSourceList) ValidateConfig(
	_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	l.CheckFilters(req.Config, &resp.Diagnostics)
}

// Read lists the snapshots and applies the filters.
func (l *DataSourceList) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, cl, ok := kit.OpenData[listModel](ctx, &l.DataSourceBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	filter := driver.SnapshotFilter{
		SourceID: config.SourceID.ValueString(), Location: config.Location.ValueString(),
		NameContains: config.Name.ValueString(),
	}
	list, ok := readList(limited, &l.DataSourceBase, cl, filter, config.States, &resp.Diagnostics)
	if !ok {
		return
	}
	list, ok = kit.Filter(list, config.ListFilter, nameOf, noun.Name, cl, &resp.Diagnostics)
	if !ok {
		return
	}
	config.Snapshots = make([]snapshotModel, len(list))
	for i, s := range list {
		config.Snapshots[i].fromSnapshot(cl.Descriptor, s)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// readList lists the snapshots that match a filter and a set of states. Without a location in the filter, the
// provider's default applies. An empty set matches every state.
func readList(
	ctx context.Context, b *kit.DataSourceBase, cl *cloud.Cloud, filter driver.SnapshotFilter, states types.Set,
	diags *diag.Diagnostics,
) (list []driver.Snapshot, ok bool) {
	if filter.Location, ok = b.ListLocation(cl, kit.StringOrNull(filter.Location), diags); !ok {
		return nil, false
	}
	list, err := cl.Snapshots(ctx, filter)
	if err != nil {
		kit.AddError(diags, err)
		return nil, false
	}
	var wanted []string
	diags.Append(states.ElementsAs(ctx, &wanted, false)...)
	return slices.DeleteFunc(list, func(s driver.Snapshot) bool {
		return len(wanted) > 0 && !slices.Contains(wanted, string(s.State))
	}), !diags.HasError()
}

func nameOf(s driver.Snapshot) string { return s.Name }

package snapshot

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ datasource.DataSourceWithConfigure      = (*DataSourceList)(nil)
	_ datasource.DataSourceWithValidateConfig = (*DataSourceList)(nil)
)

// DataSourceList is the data source cloudsnap_snapshots.
type DataSourceList struct{ kit.DataSourceBase }

// NewDataSourceList makes the data source for a list of clouds.
func NewDataSourceList(drivers []driver.Driver) datasource.DataSource {
	return &DataSourceList{kit.DataSourceBase{Base: kit.Base{Drivers: drivers}}}
}

// listModel is cloudsnap_snapshots, in the order of its schema.
type listModel struct {
	Cloud      types.String    `tfsdk:"cloud"`
	Location   types.String    `tfsdk:"location"`
	SourceID   types.String    `tfsdk:"source_id"`
	Name       types.String    `tfsdk:"name"`
	NameRegex  types.String    `tfsdk:"name_regex"`
	States     types.Set       `tfsdk:"states"`
	MostRecent types.Bool      `tfsdk:"most_recent"`
	Snapshots  []listItemModel `tfsdk:"snapshots"`
	Timeouts   timeouts.Value  `tfsdk:"timeouts"`
}

// listItemModel is one snapshot of the list.
type listItemModel struct {
	Location              types.String      `tfsdk:"location"`
	SourceID              types.String      `tfsdk:"source_id"`
	Name                  types.String      `tfsdk:"name"`
	Description           types.String      `tfsdk:"description"`
	ID                    types.String      `tfsdk:"id"`
	SnapshotID            types.String      `tfsdk:"snapshot_id"`
	State                 types.String      `tfsdk:"state"`
	CreatedAt             timetypes.RFC3339 `tfsdk:"created_at"`
	ExpiresAt             timetypes.RFC3339 `tfsdk:"expires_at"`
	SizeGiB               types.Int64       `tfsdk:"size_gib"`
	ImageID               types.String      `tfsdk:"image_id"`
	ImageName             types.String      `tfsdk:"image_name"`
	ApplicationConsistent types.Bool        `tfsdk:"application_consistent"`
	StorageType           types.String      `tfsdk:"storage_type"`
	RestoreTimeSeconds    types.Int64       `tfsdk:"restore_time_seconds"`
}

// Metadata names the type.
func (l *DataSourceList) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_snapshots"
}

// Schema describes cloudsnap_snapshots.
func (l *DataSourceList) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	clouds := kit.TextsFor(l.Drivers, driver.CapabilitySnapshot)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists snapshots, the newest first; snapshots of the same time are ordered by their ID. A list without a match is empty.",
		Attributes: map[string]schema.Attribute{
			"cloud": schema.StringAttribute{
				MarkdownDescription: "The cloud: one of " + kit.OneOf(l.Drivers, driver.CapabilitySnapshot) + ".",
				Required:            true,
				Validators:          []validator.String{kit.CloudValidator(l.Drivers, driver.CapabilitySnapshot, "cloudsnap_snapshots")},
			},
			"location": schema.StringAttribute{
				MarkdownDescription: "Only snapshots of this zone or region." +
					clouds.Available(func(l driver.Limits) bool { return l.Location != driver.LocationNone }) + clouds.DefaultLocation(),
				Optional: true,
			},
			"source_id": schema.StringAttribute{
				MarkdownDescription: "Only snapshots of this source. Without it, all snapshots of the account or of the location are listed." +
					clouds.At("That takes one request per source at", func(l driver.Limits) bool { return l.Scope == driver.ScopeSource }),
				Optional: true,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Only snapshots whose name contains this text. Case matters.",
				Optional:            true,
			},
			"name_regex": schema.StringAttribute{
				MarkdownDescription: "Only snapshots whose name matches this regular expression, in [RE2 syntax](https://github.com/google/re2/wiki/Syntax).",
				Optional:            true,
				Validators:          []validator.String{kit.Regexp()},
			},
			"states": schema.SetAttribute{
				MarkdownDescription: "Only snapshots in one of these states, as in the attribute `state`: `" +
					strings.Join(states(), "`, `") + "`.",
				ElementType: types.StringType,
				Optional:    true,
				Validators:  []validator.Set{setvalidator.ValueStringsAre(kit.Word(states()...))},
			},
			"most_recent": schema.BoolAttribute{
				MarkdownDescription: "Only the newest of the matches. It is an error if there is none.",
				Optional:            true,
			},
			"snapshots": schema.ListNestedAttribute{
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

// states are the words that a snapshot can be filtered by.
func states() []string {
	var out []string
	for _, s := range driver.States() {
		out = append(out, string(s))
	}
	return out
}

func itemAttributes(clouds kit.CloudTexts) map[string]schema.Attribute {
	text := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d, Computed: true}
	}
	number := func(d string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: d, Computed: true}
	}
	moment := func(d string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: d + " RFC 3339, UTC.", Computed: true, CustomType: timetypes.RFC3339Type{}}
	}
	return map[string]schema.Attribute{
		"location":    text("The zone or region." + clouds.Available(func(l driver.Limits) bool { return l.Location != driver.LocationNone })),
		"source_id":   text("What was snapshotted."),
		"name":        text("The name."),
		"description": text("The description." + clouds.Available(func(l driver.Limits) bool { return l.MaxDescription > 0 })),
		"id":          text("The ID that `terraform import` takes."),
		"snapshot_id": text("The cloud's own ID."),
		"state":       text("The state, in the words of the resource."),
		"created_at":  moment("When it was taken."),
		"expires_at":  moment("When the cloud deletes it by itself." + computed(clouds, driver.ComputedExpiry)),
		"size_gib":    number("The size of the disk in GiB." + computed(clouds, driver.ComputedSize)),
		"image_id":    text("The ID of the instance's image." + computed(clouds, driver.ComputedImageID)),
		"image_name":  text("The name of the instance's image." + computed(clouds, driver.ComputedImageName)),
		"application_consistent": schema.BoolAttribute{
			MarkdownDescription: "Whether the guest flushed its data first." + computed(clouds, driver.ComputedApplicationConsistent),
			Computed:            true,
		},
		"storage_type":         text("`local` or `remote`." + computed(clouds, driver.ComputedStorageType)),
		"restore_time_seconds": number("The estimated time of a restore in seconds." + computed(clouds, driver.ComputedRestoreTime)),
	}
}

// ValidateConfig refuses a location where a cloud has none, and what cannot be the ID of a source.
func (l *DataSourceList) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	config, ok := kit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	d, found := l.Descriptor(config.Cloud.ValueString())
	if !found {
		return
	}
	if p, ok := rules.CheckSourceID(d, kit.OptionalString(config.SourceID)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
	}
	if config.Location.IsNull() {
		return
	}
	if p, ok := rules.CheckLocationFilter(d, kit.OptionalString(config.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
	}
}

// Read lists and filters.
func (l *DataSourceList) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, ok := kit.Decode[listModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	cl, ok := l.Cloud(config.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	location := config.Location
	if location.IsNull() && cl.Limits.Location == driver.LocationChosen {
		location = kit.StringOrNull(l.Clouds.Setting(cl.Name, cl.Limits.LocationField))
		if p, ok := rules.CheckLocation(cl.Descriptor, kit.OptionalString(location)); !ok {
			kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
			return
		}
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	list, err := cl.Snapshots(limited, driver.SnapshotFilter{
		SourceID: config.SourceID.ValueString(), Location: location.ValueString(), NameContains: config.Name.ValueString(),
	})
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	var states []string
	resp.Diagnostics.Append(config.States.ElementsAs(ctx, &states, false)...)
	list = filter(list, config.NameRegex.ValueString(), states)
	if config.MostRecent.ValueBool() {
		if len(list) == 0 {
			resp.Diagnostics.AddAttributeError(path.Root("most_recent"), "Unable to find a snapshot",
				fmt.Sprintf("most_recent needs at least one match, and no snapshot at %s fits the filters.\n\nWiden the filters, or leave most_recent out to accept an empty list.", cl.Title))
			return
		}
		list = list[:1]
	}
	config.Snapshots = make([]listItemModel, 0, len(list))
	for _, s := range list {
		config.Snapshots = append(config.Snapshots, itemFromSnapshot(cl.Descriptor, s))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

// filter keeps what matches; an empty expression and an empty set match everything. The validator has tried the
// expression before.
func filter(list []driver.Snapshot, expression string, states []string) []driver.Snapshot {
	re := regexp.MustCompile(expression)
	return slices.DeleteFunc(list, func(s driver.Snapshot) bool {
		return !re.MatchString(s.Name) || (len(states) > 0 && !slices.Contains(states, string(s.State)))
	})
}

// itemFromSnapshot has the fields of the resource, and takes its conversions from there.
func itemFromSnapshot(d driver.Descriptor, s driver.Snapshot) listItemModel {
	var m resourceModel
	m.fromSnapshot(d, s)
	return listItemModel{
		Location:              m.Location,
		SourceID:              m.SourceID,
		Name:                  m.Name,
		Description:           m.Description,
		ID:                    m.ID,
		SnapshotID:            m.SnapshotID,
		State:                 m.State,
		CreatedAt:             m.CreatedAt,
		ExpiresAt:             m.ExpiresAt,
		SizeGiB:               m.SizeGiB,
		ImageID:               m.ImageID,
		ImageName:             m.ImageName,
		ApplicationConsistent: m.ApplicationConsistent,
		StorageType:           m.StorageType,
		RestoreTimeSeconds:    m.RestoreTimeSeconds,
	}
}

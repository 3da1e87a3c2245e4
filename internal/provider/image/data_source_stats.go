package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var _ datasource.DataSourceWithConfigure = (*DataSourceStats)(nil)

// DataSourceStats is the data source cloudsnap_image_stats.
type DataSourceStats struct{ kit.DataSourceBase }

// NewDataSourceStats returns the data source for a list of clouds.
func NewDataSourceStats(drivers []driver.Driver) datasource.DataSource {
	noun := kit.Noun{Capability: driver.CapabilityImageStats}
	return &DataSourceStats{kit.NewDataSourceBase(noun, "cloudsnap_image_stats", drivers)}
}

// statsModel is cloudsnap_image_stats, in the order of its schema.
type statsModel struct {
	Cloud    types.String   `tfsdk:"cloud"`
	Count    types.Int64    `tfsdk:"image_count"`
	TotalMB  types.Float64  `tfsdk:"total_mb"`
	UsedMB   types.Float64  `tfsdk:"used_mb"`
	FreeMB   types.Float64  `tfsdk:"free_mb"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// Schema describes cloudsnap_image_stats.
func (s *DataSourceStats) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	megabytes := func(d string) schema.Attribute {
		return schema.Float64Attribute{MarkdownDescription: d, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The use of the account's storage for custom images.",
		Attributes: map[string]schema.Attribute{
			"cloud":       s.CloudAttribute(),
			"image_count": schema.Int64Attribute{MarkdownDescription: "The number of custom images.", Computed: true},
			"total_mb":    megabytes("The size of the storage in megabytes."),
			"used_mb":     megabytes("The used storage in megabytes."),
			"free_mb":     megabytes("The free storage in megabytes."),
			"timeouts":    kit.DataSourceTimeouts(ctx),
		},
	}
}

// Read reads the figures.
func (s *DataSourceStats) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	config, cl, ok := kit.OpenData[statsModel](ctx, &s.DataSourceBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	stats, err := cl.ImageStats(limited)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	config.Count = types.Int64Value(stats.Count)
	config.TotalMB = types.Float64Value(stats.TotalMB)
	config.UsedMB = types.Float64Value(stats.UsedMB)
	config.FreeMB = types.Float64Value(stats.FreeMB)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}

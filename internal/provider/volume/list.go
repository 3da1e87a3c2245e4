package volume

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var (
	_ list.ListResourceWithConfigure      = (*List)(nil)
	_ list.ListResourceWithValidateConfig = (*List)(nil)
)

// List is the list resource cloudsnap_snapshot_volume.
type List struct{ kit.ListBase }

// NewList returns the list resource for a list of clouds.
func NewList(drivers []driver.Driver) list.ListResource {
	return &List{kit.NewListBase(noun, drivers)}
}

// ListResourceConfigSchema describes the configuration of the list resource.
func (l *List) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists volumes that were created from snapshots, to find and import those that exist. Other " +
			"volumes are not listed.",
		Attributes: l.Filters(nil),
	}
}

// List lists the volumes that match.
func (l *List) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	kit.List(ctx, &l.ListBase, req, stream, kit.Listing[resourceModel, driver.Volume]{
		All: func(ctx context.Context, cl *cloud.Cloud, within driver.Ref) iter.Seq2[[]driver.Volume, error] {
			return driver.Convert(cl.ListVolumes(ctx, within.Location), func(v driver.Volume) (driver.Volume, bool) {
				return v, v.SnapshotID != ""
			})
		},
		Found: func(v driver.Volume) kit.Found { return kit.Found{Ref: v.Ref(), Name: v.Name, State: v.State} },
		Set: func(cl *cloud.Cloud, m *resourceModel, v driver.Volume) any {
			m.Cloud = types.StringValue(cl.Name)
			m.applyDefaults()
			m.fromVolume(cl.Descriptor, v)
			return m.toIdentity()
		},
	})
}

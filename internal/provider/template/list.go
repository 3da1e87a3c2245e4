package template

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

// List is the list resource cloudsnap_snapshot_template.
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
		MarkdownDescription: "Lists templates that were created from snapshots, to find and import those that exist. " +
			"Public templates are not listed. A template with a URL is listed as `cloudsnap_custom_image` instead.",
		Attributes: l.Filters(kit.Words(driver.StateCreating, driver.StateReady)),
	}
}

// List lists the templates that match.
func (l *List) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	kit.List(ctx, &l.ListBase, req, stream, kit.Listing[resourceModel, driver.Image]{
		All: func(ctx context.Context, cl *cloud.Cloud, within driver.Ref) iter.Seq2[[]driver.Image, error] {
			return driver.Convert(cl.ListOwnImages(ctx, within.Location), func(i driver.Image) (driver.Image, bool) {
				return i, i.URL == ""
			})
		},
		Found: func(i driver.Image) kit.Found { return kit.Found{Ref: i.Ref(), Name: i.Name, State: i.State} },
		Set: func(cl *cloud.Cloud, m *resourceModel, i driver.Image) any {
			m.Cloud = types.StringValue(cl.Name)
			m.applyDefaults()
			m.fromImage(cl.Descriptor, i)
			return m.toIdentity()
		},
	})
}

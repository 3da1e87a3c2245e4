package snapshot

import (
	"context"
	"iter"
	"slices"

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

// List is the list resource cloudsnap_snapshot.
type List struct{ kit.ListBase }

// NewList returns the list resource for a list of clouds.
func NewList(drivers []driver.Driver) list.ListResource {
	return &List{kit.NewListBase(noun, drivers)}
}

// ListResourceConfigSchema describes the configuration of the list resource.
func (l *List) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	states := slices.DeleteFunc(driver.States(), func(s driver.State) bool { return s == driver.StateDeleting })
	attributes := l.Filters(kit.Words(states...))
	attributes["source_id"] = schema.StringAttribute{
		MarkdownDescription: sourceText(noun.Texts(l.Drivers)), Optional: true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists snapshots, to find and import those that exist.", Attributes: attributes,
	}
}

// List lists the snapshots that match.
func (l *List) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	kit.List(ctx, &l.ListBase, req, stream, kit.Listing[resourceModel, driver.Snapshot]{
		All: func(ctx context.Context, cl *cloud.Cloud, within driver.Ref) iter.Seq2[[]driver.Snapshot, error] {
			return cl.ListSnapshots(ctx, driver.SnapshotFilter{SourceID: within.SourceID, Location: within.Location})
		},
		Found: func(s driver.Snapshot) kit.Found { return kit.Found{Ref: s.Ref(), Name: s.Name, State: s.State} },
		Set: func(cl *cloud.Cloud, m *resourceModel, s driver.Snapshot) any {
			m.Cloud = types.StringValue(cl.Name)
			m.applyDefaults(cl.Limits)
			m.fromSnapshot(cl.Descriptor, s)
			return m.toIdentity(cl.Descriptor)
		},
	})
}

// Package twin is a provider that does nothing with the schema of cloudsnap_snapshot. What it costs is what Terraform's
// plugin framework costs for such a schema, so benchmarks compare the provider with it.
package twin

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/snapshot"
)

// twin is a provider whose only resource has the schema of cloudsnap_snapshot, and does nothing.
type twin struct {
	provider.Provider
	drivers []driver.Driver
}

// New returns the twin of a provider: the same settings, none of which it uses, and one resource that does nothing.
func New(of provider.Provider, drivers []driver.Driver) provider.Provider {
	return twin{Provider: of, drivers: driver.Remember(drivers)}
}

// Configure does nothing.
func (twin) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// DataSources has none.
func (twin) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources lists the one resource.
func (t twin) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource {
		of, _ := snapshot.NewResource(t.drivers).(described)
		return idle{of}
	}}
}

// idle is a resource that keeps its state as it is.
type idle struct{ described }

// described is what describes a resource. What else a resource has is left out.
type described interface {
	Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse)
	Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse)
	IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse)
}

// Create does nothing.
func (idle) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}

// Read keeps the state. A CLI that stores no identities gets one, because the framework requires it.
func (idle) Read(_ context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	object, ok := resp.Identity.Raw.Type().(tftypes.Object)
	var state map[string]tftypes.Value
	if !ok || !resp.Identity.Raw.IsNull() || req.State.Raw.As(&state) != nil {
		return
	}
	identity := map[string]tftypes.Value{}
	for name := range object.AttributeTypes {
		identity[name] = state[name]
	}
	resp.Identity.Raw = tftypes.NewValue(object, identity)
}

// Update does nothing.
func (idle) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

// Delete does nothing.
func (idle) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

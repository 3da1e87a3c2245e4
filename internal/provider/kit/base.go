package kit

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Base is embedded in every resource, list resource, data source, ephemeral resource and action.
type Base struct {
	Drivers []driver.Driver
	Noun    Noun
	// Clouds is nil until the provider is configured, as during validation.
	Clouds *Clouds
}

// Descriptor finds a cloud in the list.
func (b *Base) Descriptor(name string) (driver.Descriptor, bool) {
	i := slices.IndexFunc(b.Drivers, func(d driver.Driver) bool { return d.Descriptor().Name == name })
	if i < 0 {
		return driver.Descriptor{}, false
	}
	return b.Drivers[i].Descriptor(), true
}

// Supports reports whether a cloud of the list has a capability.
func (b *Base) Supports(name string, capability driver.Capability) bool {
	return slices.Contains(driver.SupportedBy(b.Drivers, capability), name)
}

// UpdatesSnapshots reports whether a cloud of the list updates snapshots in place.
func (b *Base) UpdatesSnapshots(name string) bool {
	return slices.ContainsFunc(b.Drivers, func(d driver.Driver) bool {
		return d.Descriptor().Name == name && driver.UpdatesSnapshots(d)
	})
}

// Cloud opens a configured cloud, or adds an error that names the missing settings.
func (b *Base) Cloud(name string, diags *diag.Diagnostics) (*cloud.Cloud, bool) {
	if b.Clouds == nil {
		diags.AddError("Provider is not configured", "This operation needs a configured provider. This is a bug in the "+
			"provider. Please report it.")
		return nil, false
	}
	cl, err := b.Clouds.Open(name)
	if err != nil {
		AddError(diags, err, path.Root("cloud"))
		return nil, false
	}
	return cl, true
}

func (b *Base) configure(data any, diags *diag.Diagnostics) {
	if data == nil {
		return
	}
	clouds, ok := data.(*Clouds)
	if !ok {
		diags.AddError(
			"Unexpected provider data",
			fmt.Sprintf("Got %T. This is a bug in the provider. Please report it.", data),
		)
		return
	}
	b.Clouds = clouds
}

// ResourceBase is embedded in every resource. Its methods are those that depend on the noun alone.
type ResourceBase struct{ Base }

// NewResourceBase returns the base of a noun's resource for a list of clouds.
func NewResourceBase(noun Noun, drivers []driver.Driver) ResourceBase {
	return ResourceBase{Base{Drivers: drivers, Noun: noun}}
}

// ImportBase is what an import ID of the resource is split by.
func (b *ResourceBase) ImportBase() *Base { return &b.Base }

// Metadata sets the name of the type. The identity is mutable because an ID that the cloud assigns late comes after the
// object is in the state.
func (b *ResourceBase) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = b.Noun.TypeName()
	resp.ResourceBehavior.MutableIdentity = true
}

// ValidateConfig adds what the cloud does not accept, as far as the configuration alone shows.
func (b *ResourceBase) ValidateConfig(
	_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	// Whether the cloud has set the same value shows in the plan.
	b.CheckConfig(req.Config, req.Config.Raw, &resp.Diagnostics)
}

// ImportState splits an import ID or an identity into the parts of the address. The read that follows does the rest.
func (b *ResourceBase) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	b.ImportAddress(ctx, req, resp)
}

// Configure sets the provider's clouds.
func (b *ResourceBase) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// DataSourceBase is embedded in every data source.
type DataSourceBase struct {
	Base

	typeName string
}

// NewDataSourceBase returns the base of a noun's data source for a list of clouds. typeName is its full name, because a
// noun has several data sources.
func NewDataSourceBase(noun Noun, typeName string, drivers []driver.Driver) DataSourceBase {
	return DataSourceBase{Base{Drivers: drivers, Noun: noun}, typeName}
}

// Metadata sets the name of the type.
func (b *DataSourceBase) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = b.typeName
}

// Configure sets the provider's clouds.
func (b *DataSourceBase) Configure(
	_ context.Context,
	req datasource.ConfigureRequest,
	resp *datasource.ConfigureResponse,
) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// EphemeralBase is embedded in every ephemeral resource.
type EphemeralBase struct{ Base }

// NewEphemeralBase returns the base of a noun's ephemeral resource for a list of clouds.
func NewEphemeralBase(noun Noun, drivers []driver.Driver) EphemeralBase {
	return EphemeralBase{Base{Drivers: drivers, Noun: noun}}
}

// Configure sets the provider's clouds.
func (b *EphemeralBase) Configure(
	_ context.Context,
	req ephemeral.ConfigureRequest,
	resp *ephemeral.ConfigureResponse,
) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// decoder is a plan, a state or a configuration.
type decoder interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// Decode reads a plan, a state or a configuration into a model. It is false after an error.
func Decode[M any](ctx context.Context, from decoder, diags *diag.Diagnostics) (model M, ok bool) {
	switch from := any(from).(type) {
	case tfsdk.Config:
		ok = decodeObject(ctx, from.Raw, from.Schema.Type(), reflect.ValueOf(&model).Elem())
	case tfsdk.Plan:
		ok = decodeObject(ctx, from.Raw, from.Schema.Type(), reflect.ValueOf(&model).Elem())
	case tfsdk.State:
		ok = decodeObject(ctx, from.Raw, from.Schema.Type(), reflect.ValueOf(&model).Elem())
	}
	if !ok {
		diags.Append(from.Get(ctx, &model)...)
	}
	return model, !diags.HasError()
}

// DecodeState is Decode for a state. It also records the location of the object, for a replacement that does not set
// one.
func DecodeState[M Placed](
	ctx context.Context, b *Base, from decoder, diags *diag.Diagnostics,
) (model M, ok bool) {
	if model, ok = Decode[M](ctx, from, diags); ok && b.Clouds != nil {
		b.Clouds.keepLocation(model)
	}
	return model, ok
}

// Open reads a plan, a state or a configuration into a model and opens its cloud. It is false after an error.
func Open[M Placed](
	ctx context.Context, b *Base, from decoder, diags *diag.Diagnostics,
) (model M, cl *cloud.Cloud, ok bool) {
	if model, ok = DecodeState[M](ctx, b, from, diags); !ok {
		return model, nil, false
	}
	cl, ok = b.Cloud(model.CloudName(), diags)
	return model, cl, ok
}

// OpenData reads the configuration of a data source into a model and opens its cloud. It is false after an error.
func OpenData[M any](
	ctx context.Context, b *DataSourceBase, config tfsdk.Config, diags *diag.Diagnostics,
) (model M, cl *cloud.Cloud, ok bool) {
	if model, ok = Decode[M](ctx, config, diags); !ok {
		return model, nil, false
	}
	cl, ok = b.Cloud(valueOf(objectValues(config.Raw)["cloud"]).Text, diags)
	return model, cl, ok
}

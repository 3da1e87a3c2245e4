// Package provider is the Terraform provider, with one package per noun below it. main.go passes the list of drivers to
// it. Start at provider.go, then config.go, then package snapshot.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	fwfunction "github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/export"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/function"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/image"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/restore"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/rotation"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/snapshot"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/source"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/template"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/volume"
)

var (
	_ provider.Provider                       = (*Provider)(nil)
	_ provider.ProviderWithActions            = (*Provider)(nil)
	_ provider.ProviderWithEphemeralResources = (*Provider)(nil)
	_ provider.ProviderWithFunctions          = (*Provider)(nil)
	_ provider.ProviderWithListResources      = (*Provider)(nil)
)

// Provider is cloudsnap.
type Provider struct {
	version string
	drivers []driver.Driver
	getenv  func(string) string
}

// New makes the provider of a version for a list of clouds. getenv reads the environment, as os.Getenv does.
func New(version string, drivers []driver.Driver, getenv func(string) string) func() provider.Provider {
	drivers = driver.Remember(drivers)
	return func() provider.Provider {
		return &Provider{version: version, drivers: drivers, getenv: getenv}
	}
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "cloudsnap"
	resp.Version = p.version
}

// Resources lists the managed resources.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	return withDrivers(p.drivers,
		snapshot.NewResource, rotation.NewResource, restore.NewResource, image.NewResource, template.NewResource,
		volume.NewResource,
		export.NewResource,
	)
}

// DataSources lists the data sources.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	return withDrivers(p.drivers,
		snapshot.NewDataSourceList, snapshot.NewDataSource, source.NewDataSourceList,
		image.NewDataSourceList, image.NewDataSource, image.NewDataSourceStats,
	)
}

// EphemeralResources lists what is open only while Terraform runs.
func (p *Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return withDrivers(p.drivers, export.NewEphemeral)
}

// Actions lists what Terraform does once when it is told to, from version 1.14.
func (p *Provider) Actions(context.Context) []func() action.Action {
	return withDrivers(p.drivers, snapshot.NewCreateAction, restore.NewAction, export.NewAction)
}

// ListResources lists what "terraform query" finds, from version 1.14.
func (p *Provider) ListResources(context.Context) []func() list.ListResource {
	return withDrivers(p.drivers, snapshot.NewList, image.NewList, template.NewList, volume.NewList)
}

// Functions lists the functions that split and join the import IDs of all resources that can be imported.
func (p *Provider) Functions(context.Context) []func() fwfunction.Function {
	var types function.Types
	for _, construct := range withDrivers(p.drivers,
		snapshot.NewResource, rotation.NewResource, image.NewResource, template.NewResource, volume.NewResource,
		export.NewResource,
	) {
		if r, ok := construct().(interface{ ImportBase() *kit.Base }); ok {
			types = append(types, r.ImportBase())
		}
	}
	return function.New(types)
}

// withDrivers hands the list of clouds to constructors.
func withDrivers[E any](drivers []driver.Driver, constructors ...func([]driver.Driver) E) []func() E {
	out := make([]func() E, 0, len(constructors))
	for _, construct := range constructors {
		out = append(out, func() E { return construct(drivers) })
	}
	return out
}

// Package contaboprovider stands in for Contabo's own Terraform provider in the tests. A move needs the schemas of the
// provider whose state it moves, and nothing else works for them. An instance can be created and deleted. The schemas
// follow the documentation at
// https://github.com/contabo/terraform-provider-contabo/tree/main/docs/resources.
package contaboprovider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// Provider is the stand-in.
type Provider struct{}

// New makes the stand-in.
func New() provider.Provider { return Provider{} }

// Metadata names the provider.
func (Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "contabo"
}

// Schema has no settings.
func (Provider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure does nothing. The tests give the provider no credentials.
func (Provider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// DataSources has none.
func (Provider) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources lists the types that a move begins with, and the instance.
func (Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return stored{"contabo_instance_snapshot", snapshotAttributes()} },
		func() resource.Resource { return stored{"contabo_image", imageAttributes()} },
		func() resource.Resource { return instance{} },
	}
}

func snapshotAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":               schema.StringAttribute{Optional: true, Computed: true},
		"name":             schema.StringAttribute{Optional: true},
		"description":      schema.StringAttribute{Optional: true},
		"instance_id":      schema.Int64Attribute{Optional: true},
		"created_date":     schema.StringAttribute{Optional: true, Computed: true},
		"auto_delete_date": schema.StringAttribute{Computed: true},
		"image_id":         schema.StringAttribute{Computed: true},
		"image_name":       schema.StringAttribute{Computed: true},
	}
}

func imageAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":               schema.StringAttribute{Computed: true},
		"name":             schema.StringAttribute{Required: true},
		"description":      schema.StringAttribute{Required: true},
		"image_url":        schema.StringAttribute{Required: true},
		"os_type":          schema.StringAttribute{Required: true},
		"version":          schema.StringAttribute{Required: true},
		"last_updated":     schema.StringAttribute{Computed: true},
		"uploaded_size_mb": schema.Int64Attribute{Computed: true},
		"format":           schema.StringAttribute{Computed: true},
		"status":           schema.StringAttribute{Computed: true},
		"error_message":    schema.StringAttribute{Computed: true},
		"standard_image":   schema.BoolAttribute{Computed: true},
		"creation_date":    schema.StringAttribute{Computed: true},
	}
}

// stored is a type of which only states exist.
type stored struct {
	typeName   string
	attributes map[string]schema.Attribute
}

// Metadata names the type.
func (s stored) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = s.typeName
}

// Schema describes the type.
func (s stored) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: s.attributes}
}

// Create fails.
func (stored) Create(_ context.Context, _ resource.CreateRequest, resp *resource.CreateResponse) {
	refuse(&resp.Diagnostics)
}

// Read fails.
func (stored) Read(_ context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	refuse(&resp.Diagnostics)
}

// Update fails.
func (stored) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	refuse(&resp.Diagnostics)
}

// Delete fails.
func (stored) Delete(_ context.Context, _ resource.DeleteRequest, resp *resource.DeleteResponse) {
	refuse(&resp.Diagnostics)
}

func refuse(diags *diag.Diagnostics) {
	diags.AddError("The stand-in was called", "A move needs nothing of the old provider but its schemas.")
}

package provider_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// server is the provider behind its protocol, with an empty environment.
func server(t *testing.T) tfprotov6.ProviderServer {
	t.Helper()
	return providerserver.NewProtocol6(provider.New("test", acctest.Drivers(), func(string) string { return "" })())()
}

func errorsOf(diags []*tfprotov6.Diagnostic) []string {
	var out []string
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			out = append(out, d.Summary+": "+d.Detail)
		}
	}
	return out
}

func TestProvider_schemasAreValid(t *testing.T) {
	resp, err := server(t).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatalf("%v %v", err, errorsOf(resp.Diagnostics))
	}
	for _, d := range acctest.Drivers() {
		block := d.Descriptor()
		i := slices.IndexFunc(
			resp.Provider.Block.Attributes,
			func(a *tfprotov6.SchemaAttribute) bool { return a.Name == block.Name },
		)
		if i < 0 {
			t.Fatalf("there is no block %s", block.Name)
		}
		for _, field := range block.Fields {
			j := slices.IndexFunc(
				resp.Provider.Block.Attributes[i].NestedType.Attributes,
				func(a *tfprotov6.SchemaAttribute) bool { return a.Name == field.Name },
			)
			if j < 0 || resp.Provider.Block.Attributes[i].NestedType.Attributes[j].Sensitive != field.Sensitive {
				t.Errorf("%s.%s is missing, or not as sensitive as its field", block.Name, field.Name)
			}
		}
	}
	identities, err := server(t).GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range identities.IdentitySchemas {
		if s.Version != 0 {
			t.Errorf("the identity of %s has version %d: a state without identity could not be upgraded", name, s.Version)
		}
	}
}

// A null object of each schema must fit its model: a missing tfsdk tag shows here, without a CLI.
func TestProvider_modelsFitTheirSchemas(t *testing.T) {
	p := provider.New("test", acctest.Drivers(), func(string) string { return "" })()
	for _, construct := range p.Resources(t.Context()) {
		r := construct()
		var schema resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		if d := schema.Schema.ValidateImplementation(t.Context()); d.HasError() {
			t.Errorf("%T: %v", r, d)
		}
		validator, ok := r.(resource.ResourceWithValidateConfig)
		if !ok {
			continue
		}
		var resp resource.ValidateConfigResponse
		validator.ValidateConfig(
			t.Context(),
			resource.ValidateConfigRequest{
				Config: tfsdk.Config{
					Schema: schema.Schema,
					Raw:    nulls(t.Context(), schema.Schema.Type().TerraformType(t.Context())),
				},
			},
			&resp,
		)
		if resp.Diagnostics.HasError() {
			t.Errorf("%T: %v", r, resp.Diagnostics)
		}
	}
	for _, construct := range p.DataSources(t.Context()) {
		var schema datasource.SchemaResponse
		construct().Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		if d := schema.Schema.ValidateImplementation(t.Context()); d.HasError() {
			t.Errorf("%v", d)
		}
	}
	with, ok := p.(fwprovider.ProviderWithEphemeralResources)
	if !ok {
		t.Fatal("the provider has no ephemeral resources")
	}
	for _, construct := range with.EphemeralResources(t.Context()) {
		e := construct()
		var schema ephemeral.SchemaResponse
		e.Schema(t.Context(), ephemeral.SchemaRequest{}, &schema)
		if d := schema.Schema.ValidateImplementation(t.Context()); d.HasError() {
			t.Errorf("%T: %v", e, d)
		}
		validator, ok := e.(ephemeral.EphemeralResourceWithValidateConfig)
		if !ok {
			continue
		}
		var resp ephemeral.ValidateConfigResponse
		validator.ValidateConfig(
			t.Context(),
			ephemeral.ValidateConfigRequest{
				Config: tfsdk.Config{
					Schema: schema.Schema,
					Raw:    nulls(t.Context(), schema.Schema.Type().TerraformType(t.Context())),
				},
			},
			&resp,
		)
		if resp.Diagnostics.HasError() {
			t.Errorf("%T: %v", e, resp.Diagnostics)
		}
	}
}

// Each list resource has the name of a resource, and its configuration may be null.
func TestProvider_listResources(t *testing.T) {
	made := provider.New("test", acctest.Drivers(), func(string) string { return "" })()
	p, ok := made.(fwprovider.ProviderWithListResources)
	if !ok {
		t.Fatal("the provider has no list resources")
	}
	for _, construct := range p.ListResources(t.Context()) {
		l := construct()
		var schema list.ListResourceSchemaResponse
		l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &schema)
		if d := schema.Schema.ValidateImplementation(t.Context()); d.HasError() {
			t.Errorf("%T: %v", l, d)
		}
		validator, ok := l.(list.ListResourceWithValidateConfig)
		if !ok {
			t.Errorf("%T has no validation", l)
			continue
		}
		var resp list.ValidateConfigResponse
		validator.ValidateListResourceConfig(t.Context(), list.ValidateConfigRequest{Config: tfsdk.Config{
			Schema: schema.Schema,
			Raw:    nulls(t.Context(), schema.Schema.Type().TerraformType(t.Context())),
		}}, &resp)
		if resp.Diagnostics.HasError() {
			t.Errorf("%T: %v", l, resp.Diagnostics)
		}
	}
}

// nulls is an object whose attributes are all null.
func nulls(_ context.Context, typ tftypes.Type) tftypes.Value {
	object, ok := typ.(tftypes.Object)
	if !ok {
		return tftypes.NewValue(typ, nil)
	}
	values := map[string]tftypes.Value{}
	for name, t := range object.AttributeTypes {
		values[name] = tftypes.NewValue(t, nil)
	}
	return tftypes.NewValue(object, values)
}

// configure sends a provider configuration of one block.
func configure(t *testing.T, s tfprotov6.ProviderServer, block string, fields map[string]tftypes.Value) []string {
	t.Helper()
	schema, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schema.Provider.ValueType()
	whole := nulls(t.Context(), typ)
	var values map[string]tftypes.Value
	if err := whole.As(&values); err != nil {
		t.Fatal(err)
	}
	var inner map[string]tftypes.Value
	if err := nulls(t.Context(), values[block].Type()).As(&inner); err != nil {
		t.Fatal(err)
	}
	maps.Copy(inner, fields)
	values[block] = tftypes.NewValue(values[block].Type(), inner)
	raw, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &raw})
	if err != nil {
		t.Fatal(err)
	}
	return errorsOf(resp.Diagnostics)
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func TestProvider_configure(t *testing.T) {
	first := acctest.Drivers()[0].Descriptor()
	tests := map[string]struct {
		endpoint tftypes.Value
		want     string
	}{
		"https":             {text("https://api.example.net"), ""},
		"http on loopback":  {text("http://127.0.0.1:1"), ""},
		"http elsewhere":    {text("http://api.example.net"), "would send credentials in the clear"},
		"not a URL":         {text("api.example.net"), "not a complete URL"},
		"known after apply": {tftypes.NewValue(tftypes.String, tftypes.UnknownValue), ""},
		"left out":          {tftypes.NewValue(tftypes.String, nil), ""},
		"password in a URL": {text("https://user:pass@api.example.net"), "must not contain a user name"},
		"query in a URL":    {text("https://api.example.net?a=b"), "must not have a query"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fields := map[string]tftypes.Value{"endpoint": test.endpoint}
			for _, f := range first.Fields {
				if f.Required {
					fields[f.Name] = text("x")
				}
			}
			got := strings.Join(configure(t, server(t), first.Name, fields), "\n")
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Even an empty import ID is answered with the forms that fit, for every type that can be imported.
func TestProvider_importOfAnEmptyID(t *testing.T) {
	p := provider.New("test", acctest.Drivers(), func(string) string { return "" })()
	for _, construct := range p.Resources(t.Context()) {
		r := construct()
		if _, ok := r.(resource.ResourceWithImportState); !ok {
			continue
		}
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "cloudsnap"}, &meta)
		req := &tfprotov6.ImportResourceStateRequest{TypeName: meta.TypeName}
		resp, err := server(t).ImportResourceState(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		want := "Expected is one of:\n  "
		if meta.TypeName == restoreType {
			want = "cannot be imported"
		}
		if got := strings.Join(errorsOf(resp.Diagnostics), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q", meta.TypeName, got)
		}
	}
}

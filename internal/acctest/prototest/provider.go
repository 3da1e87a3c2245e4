// Package prototest runs the provider over its protocol in process, without a CLI. It keeps state, identity and private
// data between the calls as a CLI does that stores identities, and reports what such a CLI refuses. A test over the
// protocol therefore shows on any machine what only newer CLIs show.
package prototest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Provider is a configured provider behind its protocol. It is safe for concurrent use.
type Provider struct {
	server     tfprotov6.ProviderServer
	schema     *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

// schemas is what a CLI caches: the answers with the schemas, which are the same in every process. The keys are the
// names of the clouds.
var schemas sync.Map

// described is one entry of schemas.
type described struct {
	schema     *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

// Start configures the provider for a sandbox. The provider polls every 100 ms unless settings say otherwise. Any
// failure ends the test.
func Start(t testing.TB, s *acctest.Sandbox, settings Values) *Provider {
	t.Helper()
	server, err := s.Server()
	if err != nil {
		t.Fatal(err)
	}
	d := describe(t, server, s.Drivers())
	p := &Provider{server: server, schema: d.schema, identities: d.identities}
	config := Values{"poll_interval": "100ms"}
	for name, value := range settings {
		config[name] = value
	}
	typ := p.schema.Provider.ValueType()
	raw := encode(t, typ, value(t, typ, config))
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	Diagnostics(resp.Diagnostics).MustSucceed(t)
	return p
}

// describe returns the schemas of a provider with these clouds.
func describe(t testing.TB, server tfprotov6.ProviderServer, drivers []driver.Driver) described {
	t.Helper()
	var clouds string
	for _, d := range drivers {
		clouds += d.Descriptor().Name + " "
	}
	if cached, ok := schemas.Load(clouds); ok {
		return cached.(described) //nolint:forcetypeassert // There is no other type in the map.
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	Diagnostics(schema.Diagnostics).MustSucceed(t)
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	d := described{schema: schema, identities: identities.IdentitySchemas}
	schemas.Store(clouds, d)
	return d
}

// Stop interrupts all running calls, as Ctrl-C does.
func (p *Provider) Stop(t testing.TB) {
	t.Helper()
	if _, err := p.server.StopProvider(context.WithoutCancel(t.Context()), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Error(err)
	}
}

// prompt is the longest time from an interrupt to the end of a call, on the fake clock. Requests take no time there,
// unless a fault delays them.
const prompt = 50 * time.Millisecond

// EndsOnStop interrupts all running calls, as Ctrl-C does, and fails the test if wait, which waits for their end, does
// not return promptly. It needs a fake clock.
func (p *Provider) EndsOnStop(t testing.TB, wait func()) {
	t.Helper()
	began := time.Now()
	p.Stop(t)
	wait()
	if took := time.Since(began); took > prompt {
		t.Errorf("it took %s to end", took)
	}
}

// ReadData validates the configuration of a data source and reads it. The values are nil after an error.
func (p *Provider) ReadData(t testing.TB, typeName string, config Values) (Values, Diagnostics) {
	t.Helper()
	schema, ok := p.schema.DataSourceSchemas[typeName]
	if !ok {
		t.Fatalf("the provider has no data source %s", typeName)
	}
	typ := schema.ValueType()
	raw := encode(t, typ, value(t, typ, config))
	valid, err := p.server.ValidateDataResourceConfig(t.Context(),
		&tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	read, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	if diags = append(diags, read.Diagnostics...); diags.HasError() {
		return nil, diags
	}
	return known(t, typ, read.State), diags
}

// OpenEphemeral validates the configuration of an ephemeral resource and opens it. The values are nil after an error.
func (p *Provider) OpenEphemeral(t testing.TB, typeName string, config Values) (Values, Diagnostics) {
	t.Helper()
	schema, ok := p.schema.EphemeralResourceSchemas[typeName]
	if !ok {
		t.Fatalf("the provider has no ephemeral resource %s", typeName)
	}
	typ := schema.ValueType()
	raw := encode(t, typ, value(t, typ, config))
	valid, err := p.server.ValidateEphemeralResourceConfig(t.Context(),
		&tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return nil, diags
	}
	opened, err := p.server.OpenEphemeralResource(t.Context(),
		&tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	if diags = append(diags, opened.Diagnostics...); diags.HasError() {
		return nil, diags
	}
	return known(t, typ, opened.Result), diags
}

// known decodes an answer that must have no unknown values.
func known(t testing.TB, typ tftypes.Type, raw *tfprotov6.DynamicValue) Values {
	t.Helper()
	v := decode(t, typ, raw)
	if !v.IsFullyKnown() {
		t.Errorf("the answer has unknown values: %s", v)
	}
	return plain(t, v)
}

// Diagnostics are what a call reports to the user.
type Diagnostics []*tfprotov6.Diagnostic

// HasError reports whether one of them is an error.
func (d Diagnostics) HasError() bool { return d.text(tfprotov6.DiagnosticSeverityError) != "" }

// text joins summaries and details of one severity.
func (d Diagnostics) text(severity tfprotov6.DiagnosticSeverity) string {
	var lines []string
	for _, one := range d {
		if one.Severity == severity {
			lines = append(lines, one.Summary+"\n"+one.Detail)
		}
	}
	return strings.Join(lines, "\n")
}

// MustSucceed ends the test if there is an error.
func (d Diagnostics) MustSucceed(t testing.TB) {
	t.Helper()
	if d.HasError() {
		t.Fatalf("unexpected error: %s", d.text(tfprotov6.DiagnosticSeverityError))
	}
}

// MustFail ends the test unless there is an error, and the errors contain all parts.
func (d Diagnostics) MustFail(t testing.TB, parts ...string) {
	t.Helper()
	if !d.HasError() {
		t.Fatalf("there is no error, want one with %q", parts)
	}
	d.contain(t, tfprotov6.DiagnosticSeverityError, parts)
}

// MustWarn ends the test if there is an error or the warnings do not contain all parts.
func (d Diagnostics) MustWarn(t testing.TB, parts ...string) {
	t.Helper()
	d.MustSucceed(t)
	d.contain(t, tfprotov6.DiagnosticSeverityWarning, parts)
}

func (d Diagnostics) contain(t testing.TB, severity tfprotov6.DiagnosticSeverity, parts []string) {
	t.Helper()
	for _, part := range parts {
		if text := d.text(severity); !strings.Contains(text, part) {
			t.Fatalf("got %q, want it with %q", text, part)
		}
	}
}

// Schema is the schema of everything that the provider has.
func (p *Provider) Schema() *tfprotov6.GetProviderSchemaResponse { return p.schema }

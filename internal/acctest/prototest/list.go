package prototest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Listed is one result of a list resource. Resource is nil unless it was asked for.
type Listed struct {
	DisplayName        string
	Identity, Resource Values
}

// ListResources validates the configuration of a list resource and lists. It returns all results, and the diagnostics
// of all steps. A limit of 0 is no limit.
func (p *Provider) ListResources(
	t testing.TB, typeName string, config Values, limit int64, includeResource bool,
) ([]Listed, Diagnostics) {
	t.Helper()
	var all []Listed
	diags := p.EachListed(t, typeName, config, limit, includeResource, func(one Listed) bool {
		all = append(all, one)
		return true
	})
	return all, diags
}

// EachListed is ListResources that passes each result on as it comes. If each returns false, the listing ends, as when
// a CLI goes away.
func (p *Provider) EachListed(
	t testing.TB, typeName string, config Values, limit int64, includeResource bool, each func(Listed) bool,
) Diagnostics {
	t.Helper()
	schema, ok := p.schema.ListResourceSchemas[typeName]
	if !ok {
		t.Fatalf("the provider has no list resource %s", typeName)
	}
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		t.Fatal("the server has no list resources")
	}
	typ := schema.ValueType()
	raw := encode(t, typ, value(t, typ, config))
	valid, err := server.ValidateListResourceConfig(t.Context(),
		&tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: raw})
	if err != nil {
		t.Fatal(err)
	}
	diags := Diagnostics(valid.Diagnostics)
	if diags.HasError() {
		return diags
	}
	stream, err := server.ListResource(t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: raw, Limit: limit, IncludeResource: includeResource,
	})
	if err != nil {
		t.Fatal(err)
	}
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		one := Listed{
			DisplayName: result.DisplayName,
			Identity:    known(t, p.identities[typeName].ValueType(), result.Identity.IdentityData),
		}
		if includeResource {
			one.Resource = known(t, p.schema.ResourceSchemas[typeName].ValueType(), result.Resource)
		}
		if !each(one) {
			break
		}
	}
	return diags
}

// Configuration is what a CLI generates as the configuration of an object: its attributes without those that only the
// cloud sets.
func (p *Provider) Configuration(t testing.TB, typeName string, object Values) Values {
	t.Helper()
	schema, ok := p.schema.ResourceSchemas[typeName]
	if !ok {
		t.Fatalf("the provider has no resource %s", typeName)
	}
	config := Values{}
	for _, a := range schema.Block.Attributes {
		if a.Required || a.Optional {
			config[a.Name] = object[a.Name]
		}
	}
	return config
}

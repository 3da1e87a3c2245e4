package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// An identity that does not fit is answered in its own words, and the provider's default zone counts for it.
func TestProtocol_identityErrorsNameAttributes(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		full := prototest.Values{"cloud": c.Name}
		parts := o.parts(c.Limits)
		for _, part := range parts {
			full[o.attribute(part)] = "x1"
		}
		without := func(attribute string, value any) prototest.Values {
			out := prototest.Values{}
			for name, v := range full {
				out[name] = v
			}
			out[attribute] = value
			return out
		}
		refused := func(identity prototest.Values, want string) {
			t.Helper()
			d := p.Resource(t, o.typeName).Import(t, "", identity)
			d.MustFail(t, "Invalid import identity", want)
			for _, one := range d {
				if strings.Contains(one.Detail, "import ID") {
					t.Errorf("it speaks of an import ID: %s", one.Detail)
				}
			}
		}
		for _, part := range parts {
			attribute := o.attribute(part)
			refused(without(attribute, ".."), attribute+` of the identity must be an ID, not ".."`)
			refused(without(attribute, "a/b"), attribute+` of the identity must be an ID, not "a/b"`)
			if part != driver.PartLocation {
				refused(without(attribute, nil), "The identity needs "+attribute+" at "+c.Title+".")
			}
		}
		refused(without("cloud", "x"), `The cloud of the identity must be "`)
		refused(without("cloud", c.Name+"x"), `Did you mean "`+c.Name+`"?`)
	})
}

func TestProtocol_identityTakesTheDefaultZone(t *testing.T) {
	t.Parallel()
	zones := acctest.WhereLimits(func(l driver.Limits) bool { return l.Location.Settable() })
	eachObjectWhere(t, zones, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		config := o.config(t, s, c)
		field := c.Limits.LocationField
		p := prototest.Start(t, s, prototest.Values{c.Name: prototest.Values{field: config["location"]}})
		r := p.Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		identity := r.Identity(t)
		identity["location"] = nil
		imported := p.Resource(t, o.typeName)
		imported.Import(t, "", identity).MustSucceed(t)
		if imported.Values(t)["id"] != r.Values(t)["id"] || imported.Identity(t)["location"] != config["location"] {
			t.Errorf("the import has %v", imported.Values(t))
		}
	})
}

// Without any zone, the error for an identity names the places to set one.
func TestProvider_identityWithoutAZone(t *testing.T) {
	for _, drv := range acctest.Drivers() {
		d := drv.Descriptor()
		if !d.Limits.Location.Settable() {
			continue
		}
		s := server(t)
		configure(t, s, d.Name, nil)
		resp, err := s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
			TypeName: snapshotType,
			Identity: identityOf(t, s, snapshotType, map[string]string{"cloud": d.Name, "snapshot_id": "s1"}),
		})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(errorsOf(resp.Diagnostics), "\n")
		for _, want := range []string{
			"The identity needs location at " + d.Title + ".\n\nSet location, or ", "environment variable",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
}

func identityOf(
	t *testing.T,
	s tfprotov6.ProviderServer,
	typeName string,
	values map[string]string,
) *tfprotov6.ResourceIdentityData {
	t.Helper()
	schemas, err := s.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ, _ := schemas.IdentitySchemas[typeName].ValueType().(tftypes.Object)
	object := map[string]tftypes.Value{}
	for name, attribute := range typ.AttributeTypes {
		object[name] = tftypes.NewValue(attribute, nil)
		if v, ok := values[name]; ok {
			object[name] = text(v)
		}
	}
	raw, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, object))
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &raw}
}

// IDs that would be folded out of a path are refused at import, before any request.
func TestProtocol_importRefusesDotSegments(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		parts := o.parts(c.Limits)
		for i := range parts {
			for _, dots := range []string{".", ".."} {
				words := []string{c.Name}
				for j := range parts {
					word := "x1"
					if i == j {
						word = dots
					}
					words = append(words, word)
				}
				p.Resource(t, o.typeName).
					Import(t, strings.Join(words, "/"), nil).
					MustFail(t, "Invalid import ID", c.IDShape(parts))
			}
		}
		if o.typeName == templateType {
			p.Resource(t, o.typeName).Import(t, c.FormatID(parts, driver.Ref{Location: "z", ObjectID: "x1"})+"/..", nil).
				MustFail(t, "The ID of a snapshot at "+c.Title+" must be")
		}
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// A filter that nothing can match is a mistake, and the error suggests the word that was meant.
func TestProtocol_unknownFiltersAreRefused(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshot, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		refused := func(name string, value any, want string) {
			t.Helper()
			_, d := p.ReadData(t, "cloudsnap_snapshots", addressed(c, prototest.Values{name: value}))
			d.MustFail(t, want)
		}
		refused("states", []any{"ready", "redy"}, `"redy" is not one of them. Did you mean "ready"?`)
		refused("source_id", "..", "must be "+c.Limits.Snapshot["source_id"].Format())
		_, d := p.ReadData(t, "cloudsnap_snapshots", prototest.Values{"cloud": strings.ToUpper(c.Name)})
		d.MustFail(t, `Did you mean "`+c.Name+`"?`)
		if n := len(s.Requests(c.Name)); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
		_, d = p.ReadData(t, "cloudsnap_snapshots", addressed(c, prototest.Values{"states": []any{"ready", "error"}}))
		d.MustSucceed(t)
	})
}

// A timeout that is no time is an error of validation, at its own attribute.
func TestProtocol_timeoutsMustBePositive(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		config := o.config(t, s, c)
		config["timeouts"] = prototest.Values{"create": "-5m"}
		plan := p.Resource(t, o.typeName).Plan(t, config)
		plan.MustFail(t, `must be a positive duration with a unit, as in "90m"`)
		for _, d := range plan.Diagnostics {
			if got := d.Attribute.String(); got != `AttributeName("timeouts").AttributeName("create")` {
				t.Errorf("the error is at %s", got)
			}
		}
		if o.typeName == exportType {
			config["timeouts"] = prototest.Values{"open": "-1s"}
			_, d := p.OpenEphemeral(t, exportType, config)
			d.MustFail(t, "must be a positive duration")
		}
	})
}

// A value that no request can carry is refused when the provider is configured, at its attribute, and never quoted.
func TestProvider_refusesLineBreaksInCredentials(t *testing.T) {
	const secret = "s3cr3t"
	for _, drv := range acctest.Drivers() {
		d := drv.Descriptor()
		for _, f := range d.Fields {
			for value, want := range map[string]string{
				secret + "\n":     "ends with a line break",
				secret + "\r\n":   "ends with a line break",
				"a\n" + secret:    "has a line break in it",
				secret + "\x00":   "has a control character in it",
				secret + "\x7f x": "has a control character in it",
			} {
				got := strings.Join(configure(t, server(t), d.Name, map[string]tftypes.Value{f.Name: text(value)}), "\n")
				if !strings.Contains(got, "The value of "+f.Name+" "+want) || !strings.Contains(got, "trimspace(file(") ||
					strings.Contains(got, secret) {
					t.Errorf("%s.%s = %q: got %q", d.Name, f.Name, value, got)
				}
			}
			for _, name := range f.Env {
				env := func(n string) string {
					if n == name {
						return secret + "\n"
					}
					return ""
				}
				made := providerserver.NewProtocol6(provider.New("test", acctest.Drivers(), env)())
				// A variable may be there for another tool: as long as nothing uses the cloud, it is no error.
				for _, other := range acctest.Drivers() {
					if other := other.Descriptor().Name; other != d.Name {
						if got := configure(t, made(), other, nil); len(got) > 0 {
							t.Errorf("%s disturbs %s: %q", name, other, got)
						}
					}
				}
				s := made()
				got := strings.Join(configure(t, s, d.Name, nil), "\n")
				if !strings.Contains(got, "environment variable "+name+" ends with a line break") || strings.Contains(got, secret) {
					t.Errorf("%s: got %q", name, got)
				}
			}
		}
	}
}

// A name where a cloud has none is found by validation. Where the cloud names its snapshots, only the plan can tell its
// name, which a generated configuration repeats, from another.
func TestProtocol_nameWithoutUseIsRefusedByValidation(t *testing.T) {
	t.Parallel()
	unnamed := acctest.WhereLimits(func(l driver.Limits) bool { return !l.Snapshot["name"].Settable() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, unnamed, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		config := snapshotConfig(t, s, c)
		config["name"] = "mine"
		plan := prototest.Start(t, s, nil).Resource(t, snapshotType).Plan(t, config)
		plan.MustFail(t, "Remove name from the configuration")
		planned := strings.Contains(plan.Diagnostics[0].Detail, "terraform destroy")
		if planned != c.Limits.Snapshot["name"].Computed() {
			t.Errorf("refused by the plan: %t: %s", planned, plan.Diagnostics[0].Detail)
		}
	})
}

package kit

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// Noun is a kind of object, with one attribute table per cloud. The resource, the data sources and the documentation of
// the noun read the tables.
type Noun struct {
	// Name is the noun in texts: "snapshot".
	Name string
	// Capability is what a cloud must support. It is also the name of the resource type without the provider's.
	Capability driver.Capability
	// Table is the table of a cloud.
	Table func(driver.Limits) driver.Attributes
	// IDParts are the parts of an import ID after the cloud's name.
	IDParts func(driver.Limits) []driver.IDPart
	// ObjectID is the attribute with the cloud's own ID: "snapshot_id".
	ObjectID string
	// ExtraPart reports whether an import ID may have one more part at a cloud: the IDs of snapshots. May be nil.
	ExtraPart func(driver.Limits) bool
	// ExtraIsList means that the part has several IDs, separated by commas, and not one.
	ExtraIsList bool
	// ImportNote is added to the error of an import ID that does not fit; may be empty.
	ImportNote string
	// ImportID returns the import ID of the object of a state, where it has more parts than `id`. nil means `id`.
	ImportID func(ctx context.Context, state tfsdk.State) string
	// AfterLoss is what the next apply does if the object is gone, in full sentences.
	AfterLoss string
}

// importID is the ID that imports the object of a state.
func (n Noun) importID(ctx context.Context, state tfsdk.State) string {
	if n.ImportID != nil {
		return n.ImportID(ctx, state)
	}
	return valueOf(objectValues(state.Raw)["id"]).Text
}

// HasExtraPart reports whether an import ID may have one more part at a cloud.
func (n Noun) HasExtraPart(l driver.Limits) bool { return n.ExtraPart != nil && n.ExtraPart(l) }

// TypeName is the full name of the resource type.
func (n Noun) TypeName() string { return "cloudsnap_" + string(n.Capability) }

// Attribute is what holds a part of an address.
func (n Noun) Attribute(p driver.IDPart) string {
	switch p {
	case driver.PartSource:
		return "source_id"
	case driver.PartLocation:
		return "location"
	default:
		return n.ObjectID
	}
}

// names are the attributes in the table of any cloud.
func (n Noun) names(drivers []driver.Driver) []string {
	var out []string
	for _, d := range drivers {
		out = append(out, n.Table(d.Descriptor().Limits).Names()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// supporting finds a cloud that supports the noun.
func (b *Base) supporting(name string) (driver.Descriptor, bool) {
	for _, drv := range b.Drivers {
		if d := drv.Descriptor(); d.Name == name {
			return d, driver.Supports(drv, b.Noun.Capability)
		}
	}
	return driver.Descriptor{}, false
}

// CheckConfig adds what a cloud does not accept in a configuration, and reports whether there was nothing. A value that
// the cloud sets passes if prior has the same: a configuration that is generated for an import repeats it.
func (b *Base) CheckConfig(config tfsdk.Config, prior tftypes.Value, diags *diag.Diagnostics) bool {
	written, existing := objectValues(config.Raw), objectValues(prior)
	d, ok := b.supporting(valueOf(written["cloud"]).Text)
	if !ok {
		// Unknown, or refused by the validator of the attribute.
		return true
	}
	configured, set := rules.Config{}, rules.Config{}
	for _, name := range b.Noun.names(b.Drivers) {
		configured[name], set[name] = valueOf(written[name]), valueOf(existing[name])
	}
	table := b.Noun.Table(d.Limits)
	found := rules.Check(d, b.Noun.Name, table, rules.IgnoreComputed(table, configured, set))
	location := valueOf(written["location"])
	unchanged := d.Limits.Location.Support == driver.Computed && location == valueOf(existing["location"])
	// Without a location in the configuration, the provider's default applies, which the plan checks.
	if location.Set && !unchanged {
		if v, ok := rules.CheckLocation(d, location); !ok {
			found = append(found, v)
		}
	}
	slices.SortStableFunc(found, func(a, b rules.Violation) int { return cmp.Compare(a.Attribute, b.Attribute) })
	AddViolations(found, diags)
	return len(found) == 0
}

// objectValues are the attributes of a configuration, a plan or a state; none if it is null.
func objectValues(raw tftypes.Value) map[string]tftypes.Value {
	var out map[string]tftypes.Value
	if raw.IsNull() || !raw.IsKnown() || raw.As(&out) != nil {
		return nil
	}
	return out
}

// valueOf is an attribute for the rules.
func valueOf(v tftypes.Value) rules.Value {
	if v.IsNull() {
		return rules.Value{}
	}
	out := rules.Value{Set: true, Unknown: !v.IsKnown()}
	switch {
	case out.Unknown:
	case v.Type().Is(tftypes.String):
		_ = v.As(&out.Text)
	case v.Type().Is(tftypes.Bool):
		_ = v.As(&out.Bool)
	case v.Type().Is(tftypes.Number):
		var number big.Float
		_ = v.As(&number)
		out.Text = number.Text('f', -1)
	}
	return out
}

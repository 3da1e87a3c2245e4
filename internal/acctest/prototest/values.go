package prototest

import (
	"maps"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Values are the attributes of an object. A value is a string, a bool, an int, a float64, nil, []any, Values for an
// object or a map, or Unknown. In a configuration an attribute that is missing is null. In an answer, numbers are
// float64.
type Values map[string]any

// Image returns what a cloud requires in the configuration of an image, without the cloud, the location and the
// timeouts.
func Image(c acctest.Case, name string) Values {
	config := Values{"name": name, "url": "https://img.example.net/golden.qcow2"}
	for name, row := range c.Limits.Image {
		switch {
		case row.Support != driver.Required || name == "name":
		case len(row.OneOf) > 0:
			config[name] = row.OneOf[0]
		case name == "checksum":
			config[name] = "0123456789abcdef0123456789abcdef"
		default:
			config[name] = "12"
		}
	}
	return config
}

// Unknown is a value that is known only after apply.
const Unknown = unknown("known after apply")

type unknown string

// value makes the protocol's value of a Go value.
func value(t testing.TB, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case int:
		return tftypes.NewValue(typ, int64(v))
	case Values:
		switch typ := typ.(type) {
		case tftypes.Object:
			return objectValue(t, typ, v)
		case tftypes.Map:
			return mapValue(t, typ, v)
		}
		t.Fatalf("%v is no %s", v, typ)
		return tftypes.Value{}
	case []any:
		element := tftypes.Type(nil)
		switch typ := typ.(type) {
		case tftypes.List:
			element = typ.ElementType
		case tftypes.Set:
			element = typ.ElementType
		default:
			t.Fatalf("%v is no %s", v, typ)
		}
		values := make([]tftypes.Value, 0, len(v))
		for _, one := range v {
			values = append(values, value(t, element, one))
		}
		return tftypes.NewValue(typ, values)
	default:
		return tftypes.NewValue(typ, v)
	}
}

func objectValue(t testing.TB, object tftypes.Object, v Values) tftypes.Value {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		values[name] = value(t, typ, v[name])
	}
	for name := range v {
		if _, ok := object.AttributeTypes[name]; !ok {
			t.Fatalf("there is no attribute %s", name)
		}
	}
	return tftypes.NewValue(object, values)
}

func mapValue(t testing.TB, typ tftypes.Map, v Values) tftypes.Value {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, one := range v {
		values[name] = value(t, typ.ElementType, one)
	}
	return tftypes.NewValue(typ, values)
}

// attributes takes an object apart into a map that the caller may change. A null object has none.
func attributes(t testing.TB, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	return maps.Clone(as[map[string]tftypes.Value](t, v))
}

// plain makes Go values of an object. A null object is nil.
func plain(t testing.TB, v tftypes.Value) Values {
	t.Helper()
	if v.IsNull() {
		return nil
	}
	out := Values{}
	for name, one := range attributes(t, v) {
		out[name] = goValue(t, one)
	}
	return out
}

func goValue(t testing.TB, v tftypes.Value) any {
	t.Helper()
	switch {
	case v.IsNull():
		return nil
	case !v.IsKnown():
		return Unknown
	case v.Type().Is(tftypes.String):
		return as[string](t, v)
	case v.Type().Is(tftypes.Bool):
		return as[bool](t, v)
	case v.Type().Is(tftypes.Number):
		number := as[big.Float](t, v)
		n, _ := number.Float64()
		return n
	case v.Type().Is(tftypes.Object{}), v.Type().Is(tftypes.Map{}):
		return plain(t, v)
	default:
		var out []any
		for _, one := range as[[]tftypes.Value](t, v) {
			out = append(out, goValue(t, one))
		}
		return out
	}
}

func as[T any](t testing.TB, v tftypes.Value) (out T) {
	t.Helper()
	if err := v.As(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func encode(t testing.TB, typ tftypes.Type, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	raw, err := tfprotov6.NewDynamicValue(typ, v)
	if err != nil {
		t.Fatal(err)
	}
	return &raw
}

// decode reads an answer; none is null.
func decode(t testing.TB, typ tftypes.Type, raw *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	if raw == nil {
		return tftypes.NewValue(typ, nil)
	}
	v, err := raw.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

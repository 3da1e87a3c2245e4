package kit

import (
	"math/big"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type embedded struct {
	Text types.String      `tfsdk:"text"`
	At   timetypes.RFC3339 `tfsdk:"at"`
}

type codecModel struct {
	embedded
	Flag     types.Bool     `tfsdk:"flag"`
	Number   types.Int64    `tfsdk:"number"`
	Set      types.Set      `tfsdk:"set"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func codecSchema(t *testing.T) (schema.Schema, tftypes.Object) {
	t.Helper()
	s := schema.Schema{Attributes: map[string]schema.Attribute{
		"text":   schema.StringAttribute{Optional: true},
		"at":     schema.StringAttribute{Optional: true, CustomType: timetypes.RFC3339Type{}},
		"flag":   schema.BoolAttribute{Optional: true},
		"number": schema.Int64Attribute{Optional: true},
		"set": schema.SetNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Required: true}},
		}},
		"timeouts": Timeouts(t.Context(), timeouts.Opts{Read: true}),
	}}
	object, _ := s.Type().TerraformType(t.Context()).(tftypes.Object)
	return s, object
}

// filled is an object of the schema; what is left out is null.
func filled(object tftypes.Object, values map[string]any) tftypes.Value {
	out := map[string]tftypes.Value{}
	for name, typ := range object.AttributeTypes {
		out[name] = tftypes.NewValue(typ, values[name])
	}
	return tftypes.NewValue(object, out)
}

// A model is decoded and encoded as the framework does it, without the framework.
func TestCodec_isTheFrameworks(t *testing.T) {
	t.Parallel()
	s, object := codecSchema(t)
	set, _ := object.AttributeTypes["set"].(tftypes.Set)
	for name, values := range map[string]map[string]any{
		"null": {},
		"set": {
			"text": "a", "at": "2026-01-02T03:04:05Z", "flag": true, "number": big.NewFloat(3),
			"set": []tftypes.Value{tftypes.NewValue(set.ElementType, map[string]tftypes.Value{
				"id": tftypes.NewValue(tftypes.String, "one"),
			})},
			"timeouts": map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, "5m")},
		},
		"unknown": {
			"text": tftypes.UnknownValue, "at": tftypes.UnknownValue, "flag": tftypes.UnknownValue,
			"number": tftypes.UnknownValue, "set": tftypes.UnknownValue, "timeouts": tftypes.UnknownValue,
		},
		"unknown inside": {
			"set":      []tftypes.Value{tftypes.NewValue(set.ElementType, tftypes.UnknownValue)},
			"timeouts": map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)},
		},
	} {
		state := tfsdk.State{Schema: s, Raw: filled(object, values)}
		var want, got codecModel
		if d := state.Get(t.Context(), &want); d.HasError() {
			t.Fatalf("%s: %v", name, d)
		}
		if !decodeObject(t.Context(), state.Raw, s.Type(), reflect.ValueOf(&got).Elem()) {
			t.Errorf("%s: the framework has to decode it", name)
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
		raw := tftypes.NewValue(object, nil)
		if !encodeObject(t.Context(), reflect.ValueOf(got), &raw) || !raw.Equal(state.Raw) {
			t.Errorf("%s: encoded as %s, want %s", name, raw, state.Raw)
		}
	}
}

// What does not fit is left to the framework, whose diagnostics stay the same.
func TestCodec_leavesTheRestToTheFramework(t *testing.T) {
	t.Parallel()
	s, object := codecSchema(t)
	type native struct {
		Text string `tfsdk:"text"`
	}
	type fewer struct{ embedded }
	for name, test := range map[string]struct {
		raw   tftypes.Value
		model any
	}{
		"a null object":          {tftypes.NewValue(object, nil), &codecModel{}},
		"an unknown object":      {tftypes.NewValue(object, tftypes.UnknownValue), &codecModel{}},
		"a time that is none":    {filled(object, map[string]any{"at": "yesterday"}), &codecModel{}},
		"a native field":         {filled(object, nil), &native{}},
		"missing fields":         {filled(object, nil), &fewer{}},
		"an untagged field":      {filled(object, nil), &struct{ Text types.String }{}},
		"a model without fields": {filled(object, nil), &struct{}{}},
	} {
		state := tfsdk.State{Schema: s, Raw: test.raw}
		if decodeObject(t.Context(), test.raw, s.Type(), reflect.ValueOf(test.model).Elem()) {
			t.Errorf("%s was decoded", name)
		}
		if d := state.Get(t.Context(), test.model); !d.HasError() {
			t.Errorf("%s: the framework has no error", name)
		}
	}
	var bad codecModel
	state := tfsdk.State{Schema: s, Raw: filled(object, map[string]any{"text": "before"})}
	if d := state.Get(t.Context(), &bad); d.HasError() {
		t.Fatal(d)
	}
	bad.At = timetypes.RFC3339{StringValue: types.StringValue("yesterday")}
	for name, model := range map[string]any{
		"a time that is none": bad, "a set without a type": codecModel{}, "missing fields": fewer{},
	} {
		next := state
		got, want := encode(t.Context(), &next, &next.Raw, model), (&tfsdk.State{Schema: s}).Set(t.Context(), model)
		if len(got) != 1 || len(want) != 1 || got[0].Summary() != want[0].Summary() || !next.Raw.Equal(state.Raw) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

package kit

import (
	"context"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The framework decodes and encodes a model by reflection, and compiles a pattern for each field of each call: about
// 1,000 allocations per model. This does the same for a model whose fields all are attribute values, with the fields
// of each model looked up once. It leaves every other model, and every error, to the framework.

// field is where a model has an attribute.
type field struct {
	name  string
	index []int
}

// modelFields has the []field of each type of model.
var modelFields sync.Map

var attrValue = reflect.TypeFor[attr.Value]()

// fieldsOf returns the fields of a model, and none if one of them is no attribute value.
func fieldsOf(model reflect.Type) []field {
	if known, ok := modelFields.Load(model); ok {
		fields, _ := known.([]field)
		return fields
	}
	var fields []field
	for _, f := range reflect.VisibleFields(model) {
		name, tagged := f.Tag.Lookup("tfsdk")
		if f.Anonymous && !tagged {
			continue // Its fields follow.
		}
		if !tagged || !f.Type.Implements(attrValue) {
			fields = nil
			break
		}
		fields = append(fields, field{name, f.Index})
	}
	modelFields.Store(model, fields)
	return fields
}

// decodeObject reads an object into the model that a pointer points to. It is false if the framework has to do it.
func decodeObject(ctx context.Context, raw tftypes.Value, typ attr.Type, model reflect.Value) bool {
	object, ok := typ.(types.ObjectType)
	fields := fieldsOf(model.Type())
	written := objectValues(raw)
	if !ok || len(fields) != len(written) || len(fields) != len(object.AttrTypes) {
		return false
	}
	for _, f := range fields {
		of := object.AttrTypes[f.name]
		in, ok := written[f.name]
		if !ok || of == nil {
			return false
		}
		v, err := of.ValueFromTerraform(ctx, in)
		into := model.FieldByIndex(f.index)
		if err != nil || reflect.TypeOf(v) != into.Type() || !isValid(ctx, v) {
			return false
		}
		into.Set(reflect.ValueOf(v))
	}
	return true
}

// encodeObject writes a model into an object that has its type already. It is false if the framework has to do it.
func encodeObject(ctx context.Context, model reflect.Value, raw *tftypes.Value) bool {
	object, ok := raw.Type().(tftypes.Object)
	fields := fieldsOf(model.Type())
	if !ok || len(fields) != len(object.AttributeTypes) {
		return false
	}
	values := make(map[string]tftypes.Value, len(fields))
	for _, f := range fields {
		v, ok := model.FieldByIndex(f.index).Interface().(attr.Value)
		of := object.AttributeTypes[f.name]
		// The zero value of a set has no type, and cannot be encoded.
		if !ok || of == nil || !of.Equal(v.Type(ctx).TerraformType(ctx)) || !isValid(ctx, v) {
			return false
		}
		out, err := v.ToTerraformValue(ctx)
		if err != nil {
			return false
		}
		values[f.name] = out
	}
	*raw = tftypes.NewValue(object, values)
	return true
}

// isValid reports whether a value passes the check of its own type.
func isValid(ctx context.Context, v attr.Value) bool {
	checked, ok := v.(xattr.ValidateableAttribute)
	if !ok {
		return true
	}
	var resp xattr.ValidateAttributeResponse
	checked.ValidateAttribute(ctx, xattr.ValidateAttributeRequest{}, &resp)
	return len(resp.Diagnostics) == 0
}

// setter is a plan, a state or an identity.
type setter interface {
	Set(ctx context.Context, model any) diag.Diagnostics
}

// encode writes a model into a plan, a state or an identity, whose content raw is.
func encode(ctx context.Context, into setter, raw *tftypes.Value, model any) diag.Diagnostics {
	if encodeObject(ctx, reflect.ValueOf(model), raw) {
		return nil
	}
	return into.Set(ctx, model)
}

// SetPlan writes a model into the plan of a response.
func SetPlan(ctx context.Context, resp *resource.ModifyPlanResponse, model any) {
	resp.Diagnostics.Append(encode(ctx, &resp.Plan, &resp.Plan.Raw, model)...)
}

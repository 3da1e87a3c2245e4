package prototest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// FunctionError is why a call of a function failed, and the position of the argument at fault; nil is none.
type FunctionError struct {
	Text     string
	Argument *int64
}

// CallFunction calls a function of the provider, before it is configured or after. The result is nil after an error.
func (p *Provider) CallFunction(t testing.TB, name string, arguments ...any) (any, *FunctionError) {
	t.Helper()
	f, ok := p.schema.Functions[name]
	if !ok {
		t.Fatalf("the provider has no function %s", name)
	}
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		parameter := f.VariadicParameter
		if i < len(f.Parameters) {
			parameter = f.Parameters[i]
		}
		typ := parameter.Type
		if typ.Is(tftypes.DynamicPseudoType) {
			typ = typeOf(t, argument)
		}
		req.Arguments = append(req.Arguments, encode(t, parameter.Type, value(t, typ, argument)))
	}
	resp, err := p.server.CallFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return nil, &FunctionError{Text: resp.Error.Text, Argument: resp.Error.FunctionArgument}
	}
	return goValue(t, decode(t, f.Return.Type, resp.Result)), nil
}

// typeOf is the type that a CLI gives to a value in a place for any type.
func typeOf(t testing.TB, v any) tftypes.Type {
	t.Helper()
	switch v := v.(type) {
	case Values:
		types := map[string]tftypes.Type{}
		for name, one := range v {
			types[name] = typeOf(t, one)
		}
		return tftypes.Object{AttributeTypes: types}
	case []any:
		return tftypes.List{ElementType: tftypes.String}
	case string:
		return tftypes.String
	case int, float64:
		return tftypes.Number
	case bool:
		return tftypes.Bool
	default:
		return tftypes.DynamicPseudoType
	}
}

package function

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// parseID is parse_id.
type parseID struct{ types Types }

// Metadata sets the name of the function.
func (parseID) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_id"
}

// Definition describes the function.
func (f parseID) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	names := slices.Sorted(maps.Keys(f.types.attributes()))
	resp.Definition = function.Definition{
		Summary: "Splits an import ID into its parts",
		MarkdownDescription: "Splits an import ID, which is the attribute `id` of a resource, into its parts. The result " +
			"is an object with the attributes `" + strings.Join(names, "`, `") + "`. A part that the IDs of the cloud and the " +
			"type do not have is null.\n\nAn ID without the cloud's name is accepted if only one cloud has such IDs: the " +
			"attribute `id` of the result is the complete ID. The function sends no request, so the object may not exist. " +
			"`build_id` is its inverse.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "id",
				MarkdownDescription: "The import ID, as the page of the resource type shows it.",
			},
		},
		VariadicParameter: function.StringParameter{
			Name: "type",
			MarkdownDescription: "The resource type, if it is not `" + f.types.standard() + "`: IDs of different types look " +
				"alike. One of `" + strings.Join(f.types.names(), "`, `") + "`.",
		},
		Return: function.ObjectReturn{AttributeTypes: f.types.attributes()},
	}
}

// Run splits an ID.
func (f parseID) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		id    string
		names []string
	)
	if resp.Error = req.Arguments.Get(ctx, &id, &names); resp.Error != nil {
		return
	}
	name := f.types.standard()
	if len(names) > 1 {
		resp.Error = function.NewArgumentFuncError(2, "an ID has one type")
		return
	}
	if len(names) == 1 {
		name = names[0]
	}
	b, err := f.types.find(name)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	address, err := b.ParseID(id)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	object, err := f.object(b, address)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, object)
}

// object is what an ID means, with null for all parts that it does not have.
func (f parseID) object(b *kit.Base, address kit.Address) (types.Object, error) {
	d := address.Cloud
	parts := b.Noun.IDParts(d.Limits)
	values := map[string]attr.Value{}
	for name, typ := range f.types.attributes() {
		values[name] = types.StringNull()
		if list, ok := typ.(types.ListType); ok {
			values[name] = types.ListNull(list.ElemType)
		}
	}
	values[attrType], values[attrCloud] = types.StringValue(b.Noun.TypeName()), types.StringValue(d.Name)
	for _, p := range parts {
		text := address.Ref.Part(p)
		if !d.Accepts(p, text) {
			return types.Object{}, refused(b.Noun.Attribute(p), text, d)
		}
		values[b.Noun.Attribute(p)] = types.StringValue(text)
	}
	id := d.FormatID(parts, address.Ref)
	if address.Extra != "" {
		var list []attr.Value
		for one := range strings.SplitSeq(address.Extra, ",") {
			if !d.Accepts(driver.PartSnapshot, one) {
				return types.Object{}, refused(extra(b), one, d)
			}
			list = append(list, types.StringValue(one))
		}
		if values[extra(b)] = list[0]; b.Noun.ExtraIsList {
			values[extra(b)] = types.ListValueMust(types.StringType, list)
		}
		id += "/" + address.Extra
	}
	values[attrID] = types.StringValue(id)
	return types.ObjectValueMust(f.types.attributes(), values), nil
}

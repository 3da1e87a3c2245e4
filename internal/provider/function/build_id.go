package function

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// buildID is build_id.
type buildID struct{ types Types }

// Metadata sets the name of the function.
func (buildID) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "build_id"
}

// Definition describes the function.
func (f buildID) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Joins the parts of an import ID",
		MarkdownDescription: "Joins the parts of an object to its import ID. It is the inverse of `parse_id`, and sends no " +
			"request.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "object",
				MarkdownDescription: "An object with the parts, by the names of the resource's attributes: `cloud`, and what the " +
					"IDs of that cloud have, such as `location`, `source_id` or `snapshot_id`. `type` is the resource type, if it " +
					"is not `" + f.types.standard() + "`: one of `" + strings.Join(f.types.names(), "`, `") + "`. Numbers are " +
					"accepted. Other attributes are ignored, so the result of `parse_id` or an element of a list can be passed.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run joins an ID.
func (f buildID) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var object types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &object); resp.Error != nil {
		return
	}
	id, err := f.build(object.UnderlyingValue())
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, id)
}

func (f buildID) build(object attr.Value) (string, error) {
	var values map[string]attr.Value
	switch object := object.(type) {
	case types.Object:
		values = object.Attributes()
	case types.Map:
		values = object.Elements()
	default:
		return "", errors.New("the argument must be an object with the parts of an ID")
	}
	name := f.types.standard()
	if text, ok := textOf(values[attrType]); ok && text != "" {
		name = text
	}
	b, err := f.types.find(name)
	if err != nil {
		return "", err
	}
	cloud, _ := textOf(values[attrCloud])
	d, err := b.CloudOf(cloud)
	if err != nil {
		return "", err
	}
	var (
		ref     driver.Ref
		parts   = b.Noun.IDParts(d.Limits)
		missing []string
	)
	for _, p := range parts {
		attribute := b.Noun.Attribute(p)
		text, ok := textOf(values[attribute])
		switch {
		case !ok:
			return "", fmt.Errorf("%s must be a text", attribute)
		case text == "":
			missing = append(missing, attribute)
		case !d.Accepts(p, text):
			return "", refused(attribute, text, d)
		}
		ref.SetPart(p, text)
	}
	if len(missing) > 0 {
		return "", fmt.Errorf("the ID of a %s at %s is %s, and the object has no %s",
			name, d.Title, d.IDShape(parts), strings.Join(missing, " and no "))
	}
	more, err := extraOf(b, d, values)
	return d.FormatID(parts, ref) + more, err
}

// extraOf is the one more part of an ID, with its slash. It is empty if the object has none.
func extraOf(b *kit.Base, d driver.Descriptor, values map[string]attr.Value) (string, error) {
	value, given := values[extra(b)]
	if !b.Noun.HasExtraPart(d.Limits) || !given || value.IsNull() {
		return "", nil
	}
	var ids []string
	if b.Noun.ExtraIsList {
		list, ok := value.(interface{ Elements() []attr.Value })
		if !ok {
			return "", fmt.Errorf("%s must be a list", attrSnapshotIDs)
		}
		for _, one := range list.Elements() {
			text, _ := textOf(one)
			ids = append(ids, text)
		}
		if len(ids) == 0 {
			return "", nil
		}
	} else {
		text, _ := textOf(value)
		ids = append(ids, text)
	}
	for _, id := range ids {
		if !d.Accepts(driver.PartSnapshot, id) || (b.Noun.ExtraIsList && strings.Contains(id, ",")) {
			return "", refused(extra(b), id, d)
		}
	}
	return "/" + strings.Join(ids, ","), nil
}

// textOf is a text or a number as a text, empty for null or no value. It is false for anything else.
func textOf(value attr.Value) (string, bool) {
	switch value := value.(type) {
	case nil:
		return "", true
	case types.Dynamic:
		return textOf(value.UnderlyingValue())
	case types.String:
		return value.ValueString(), true
	case types.Number:
		if value.IsNull() {
			return "", true
		}
		return value.ValueBigFloat().Text('f', -1), true
	default:
		return "", value.IsNull()
	}
}

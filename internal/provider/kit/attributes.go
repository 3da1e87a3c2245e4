package kit

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// The values of deletion_policy.
const (
	PolicyDelete = "delete"
	PolicyRetain = "retain"
)

const attrDeletionPolicy = "deletion_policy"

// ForcesNew ends the description of an attribute whose change replaces the object.
func (n Noun) ForcesNew() string { return " Changing this forces a new " + n.Name + " to be created." }

// CloudAttribute is the attribute `cloud` of a resource.
func (b *ResourceBase) CloudAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: b.cloudText() + b.Noun.ForcesNew(),
		Required:            true,
		Validators:          b.cloudValidators(b.Noun.TypeName()),
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// CloudAttribute is the attribute `cloud` of a data source.
func (b *DataSourceBase) CloudAttribute() datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{
		MarkdownDescription: b.cloudText(),
		Required:            true,
		Validators:          b.cloudValidators(b.typeName),
	}
}

// CloudAttribute is the attribute `cloud` of an ephemeral resource.
func (b *EphemeralBase) CloudAttribute() ephemeralschema.StringAttribute {
	return ephemeralschema.StringAttribute{
		MarkdownDescription: b.cloudText(),
		Required:            true,
		Validators:          b.cloudValidators(b.Noun.TypeName()),
	}
}

func (b *Base) cloudText() string {
	text := "`" + strings.Join(driver.SupportedBy(b.Drivers, b.Noun.Capability), "`, `") + "`."
	if strings.Contains(text, ",") {
		text = "one of " + text
	}
	return "The cloud: " + text
}

func (b *Base) cloudValidators(typeName string) []validator.String {
	return []validator.String{CloudValidator(b.Drivers, b.Noun.Capability, typeName)}
}

// FixedString is a text that a configuration sets at creation, and that the cloud sets otherwise.
func (n Noun) FixedString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + n.ForcesNew(),
		Optional:            true,
		Computed:            true,
		PlanModifiers: []planmodifier.String{
			stringplanmodifier.RequiresReplaceIfConfigured(), stringplanmodifier.UseStateForUnknown(),
		},
	}
}

// LocationAttribute is the attribute `location` of a resource: a zone where a configuration sets it, and a region where
// the cloud reports it.
func (t CloudTexts) LocationAttribute() schema.StringAttribute {
	region := t.At("Read-only region at", func(l driver.Limits) bool { return l.Location.Support == driver.Computed })
	out := t.noun.FixedString("The zone." + t.Location())
	out.MarkdownDescription += region + " Null at other clouds."
	return out
}

// DeletionPolicy is the attribute `deletion_policy`.
func (n Noun) DeletionPolicy() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "What a destroy does. `delete` (the default) deletes the " + n.Name + " at the cloud. " +
			"`retain` only removes it from the state, and the plan shows the ID that imports it again. A destroy uses the " +
			"policy that the last apply has saved: to delete a retained " + n.Name + ", apply `delete` first. After an " +
			"import, setting `retain` is an update in place that sends nothing to the cloud.",
		Optional:   true,
		Computed:   true,
		Default:    stringdefault.StaticString(PolicyDelete),
		Validators: []validator.String{Word(PolicyDelete, PolicyRetain)},
	}
}

// Switch is an optional attribute that is off unless it is set: false at the clouds that support it, else null. An
// attribute without a row in any table is null everywhere.
func (b *Base) Switch(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{switchModifier{b}},
	}
}

// switchModifier plans a Switch that is not set.
type switchModifier struct{ base *Base }

// Description describes the modifier.
func (m switchModifier) Description(context.Context) string { return "Off unless it is set." }

// MarkdownDescription describes the modifier.
func (m switchModifier) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyBool plans an attribute that is not set as false or null. An off value of the state stays, because neither
// false nor null is a change that needs a plan.
func (m switchModifier) PlanModifyBool(
	ctx context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse,
) {
	if !req.ConfigValue.IsNull() {
		return
	}
	var name types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("cloud"), &name)...)
	d, ok := m.base.Descriptor(name.ValueString())
	attribute := req.Path.String()
	switch {
	case !req.State.Raw.IsNull() && !req.StateValue.ValueBool():
		resp.PlanValue = req.StateValue
	case ok && m.base.Noun.Table(d.Limits)[attribute].Settable():
		resp.PlanValue = types.BoolValue(false)
	case ok || !slices.Contains(m.base.Noun.names(m.base.Drivers), attribute):
		resp.PlanValue = types.BoolNull()
	}
}

// ComputedString is a text that the cloud sets once.
func ComputedString(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// ComputedTime is a time that the cloud sets once.
func ComputedTime(description string) schema.StringAttribute {
	a := ComputedString(description + " RFC 3339, UTC.")
	a.CustomType = timetypes.RFC3339Type{}
	return a
}

// ComputedInt64 is an integer that the cloud sets once.
func ComputedInt64(description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
	}
}

// ComputedFloat64 is a number that the cloud sets once.
func ComputedFloat64(description string) schema.Float64Attribute {
	return schema.Float64Attribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Float64{float64planmodifier.UseStateForUnknown()},
	}
}

// ComputedBool is a bool that the cloud sets once.
func ComputedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
	}
}

// ItemAttributes are the computed attributes of a resource as attributes of an item of a list data source.
func ItemAttributes(computed map[string]schema.Attribute) map[string]datasourceschema.Attribute {
	out := map[string]datasourceschema.Attribute{}
	for name, a := range computed {
		text := a.GetMarkdownDescription()
		switch a := a.(type) {
		case schema.StringAttribute:
			out[name] = datasourceschema.StringAttribute{MarkdownDescription: text, CustomType: a.CustomType, Computed: true}
		case schema.Int64Attribute:
			out[name] = datasourceschema.Int64Attribute{MarkdownDescription: text, Computed: true}
		case schema.Float64Attribute:
			out[name] = datasourceschema.Float64Attribute{MarkdownDescription: text, Computed: true}
		case schema.BoolAttribute:
			out[name] = datasourceschema.BoolAttribute{MarkdownDescription: text, Computed: true}
		case schema.ListAttribute:
			out[name] = datasourceschema.ListAttribute{MarkdownDescription: text, ElementType: a.ElementType, Computed: true}
		}
	}
	return out
}

// IdentityString is an attribute of an identity.
func IdentityString(required bool, description string) identityschema.StringAttribute {
	return identityschema.StringAttribute{
		RequiredForImport: required, OptionalForImport: !required, Description: description,
	}
}

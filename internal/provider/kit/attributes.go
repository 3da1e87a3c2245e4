package kit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
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

// DeletionPolicy is the attribute deletion_policy; noun is what is kept or deleted.
func DeletionPolicy(noun string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "What destroying does: `delete` (the default) deletes the " + noun + " at the cloud, `retain` " +
			"only forgets it, and the plan names the ID to import it by. A destroy goes by the policy that the last apply has " +
			"saved: to delete a retained " + noun + ", apply `delete` first. After an import, setting `retain` is a change in " +
			"place that sends nothing to the cloud.",
		Optional:   true,
		Computed:   true,
		Default:    stringdefault.StaticString(PolicyDelete),
		Validators: []validator.String{Word(PolicyDelete, PolicyRetain)},
	}
}

// Switch is an optional attribute that is off unless it is set: false at the clouds that it means something to, else
// null. A nil means makes it null everywhere.
func Switch(drivers []driver.Driver, description string, means func(driver.Limits) bool) schema.BoolAttribute {
	return schema.BoolAttribute{
		MarkdownDescription: description,
		Optional:            true,
		Computed:            true,
		PlanModifiers:       []planmodifier.Bool{switchModifier{Base{Drivers: drivers}, means}},
	}
}

// switchModifier plans what a Switch is when it is not set.
type switchModifier struct {
	base  Base
	means func(driver.Limits) bool
}

// Description says what the modifier does.
func (m switchModifier) Description(context.Context) string { return "Off unless it is set." }

// MarkdownDescription says what the modifier does.
func (m switchModifier) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyBool plans an attribute that is not set as false or null. What the state has stays as long as it is off
// too, because neither is a change worth a plan.
func (m switchModifier) PlanModifyBool(ctx context.Context, req planmodifier.BoolRequest, resp *planmodifier.BoolResponse) {
	if !req.ConfigValue.IsNull() {
		return
	}
	var name types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("cloud"), &name)...)
	d, ok := m.base.Descriptor(name.ValueString())
	switch {
	case !req.State.Raw.IsNull() && !req.StateValue.ValueBool():
		resp.PlanValue = req.StateValue
	case ok && m.means != nil && m.means(d.Limits):
		resp.PlanValue = types.BoolValue(false)
	case ok || m.means == nil:
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

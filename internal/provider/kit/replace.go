package kit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Replaces reports whether a plan replaces the object of the state. The framework does not pass the results of the
// attributes' plan modifiers to ModifyPlan, so this runs them again. It does not see a replacement that Terraform alone
// decides, as for -replace.
func Replaces(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	switch {
	case len(resp.RequiresReplace) > 0:
		return true
	case req.State.Raw.IsNull(), req.Plan.Raw.IsNull(), req.Plan.Raw.Equal(req.State.Raw):
		return false
	}
	for name, a := range req.Plan.Schema.GetAttributes() {
		at, replace := path.Root(name), false
		switch a := a.(type) {
		case schema.StringAttribute:
			replace = stringReplaces(ctx, at, a.StringPlanModifiers(), req)
		case schema.BoolAttribute:
			replace = boolReplaces(ctx, at, a.BoolPlanModifiers(), req)
		case schema.Int64Attribute:
			replace = int64Replaces(ctx, at, a.Int64PlanModifiers(), req)
		}
		if replace {
			return true
		}
	}
	return false
}

func stringReplaces(
	ctx context.Context,
	at path.Path,
	modifiers []planmodifier.String,
	req resource.ModifyPlanRequest,
) bool {
	config, plan, state := values[types.String](ctx, at, req)
	for _, m := range modifiers {
		in := planmodifier.StringRequest{
			Path: at, PathExpression: at.Expression(), Config: req.Config, ConfigValue: config, Plan: req.Plan, PlanValue: plan,
			State: req.State, StateValue: state,
		}
		out := planmodifier.StringResponse{PlanValue: plan}
		if m.PlanModifyString(ctx, in, &out); out.RequiresReplace {
			return true
		}
	}
	return false
}

func boolReplaces(
	ctx context.Context,
	at path.Path,
	modifiers []planmodifier.Bool,
	req resource.ModifyPlanRequest,
) bool {
	config, plan, state := values[types.Bool](ctx, at, req)
	for _, m := range modifiers {
		in := planmodifier.BoolRequest{
			Path: at, PathExpression: at.Expression(), Config: req.Config, ConfigValue: config, Plan: req.Plan, PlanValue: plan,
			State: req.State, StateValue: state,
		}
		out := planmodifier.BoolResponse{PlanValue: plan}
		if m.PlanModifyBool(ctx, in, &out); out.RequiresReplace {
			return true
		}
	}
	return false
}

func int64Replaces(
	ctx context.Context,
	at path.Path,
	modifiers []planmodifier.Int64,
	req resource.ModifyPlanRequest,
) bool {
	config, plan, state := values[types.Int64](ctx, at, req)
	for _, m := range modifiers {
		in := planmodifier.Int64Request{
			Path: at, PathExpression: at.Expression(), Config: req.Config, ConfigValue: config, Plan: req.Plan, PlanValue: plan,
			State: req.State, StateValue: state,
		}
		out := planmodifier.Int64Response{PlanValue: plan}
		if m.PlanModifyInt64(ctx, in, &out); out.RequiresReplace {
			return true
		}
	}
	return false
}

// values reads an attribute in its three places. One of a custom type, such as a time, reads as null: none of those
// forces a replacement.
func values[V any](ctx context.Context, at path.Path, req resource.ModifyPlanRequest) (config, plan, state V) {
	_ = req.Config.GetAttribute(ctx, at, &config)
	_ = req.Plan.GetAttribute(ctx, at, &plan)
	_ = req.State.GetAttribute(ctx, at, &state)
	return config, plan, state
}

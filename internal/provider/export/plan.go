package export

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ValidateConfig finds what a cloud would refuse, as far as the configuration alone tells.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	// A cloud that is unknown or not there leaves nothing to check.
	if d, ok := r.Descriptor(config.Cloud.ValueString()); ok {
		kit.AddViolations(check(d, config.Location, config.SnapshotID), &resp.Diagnostics)
	}
}

// ModifyPlan tells at plan time what would fail at apply, plans the rest of an interrupted wait, and says what a
// destroy does not do.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer kit.EndPlan(ctx, "export", req, resp)
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok || r.Clouds == nil || plan.Cloud.IsUnknown() {
		return
	}
	if req.State.Raw.IsNull() {
		r.planCreate(ctx, req, plan, resp)
		return
	}
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if ok && !state.arrived() && !kit.Replaces(ctx, req, resp) {
		plan.MD5Sum, plan.State = types.StringUnknown(), types.StringUnknown()
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

func (r *Resource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if ok {
		resp.Diagnostics.AddWarning("Destroying only forgets the export", "The cloud cannot take back the export of "+kit.Visible(state.ID.ValueString())+
			", so nothing is sent to it. A URL that was handed out works until it ends by itself. What becomes of the snapshot "+
			"does not depend on its export.")
	}
}

func (r *Resource) planCreate(ctx context.Context, req resource.ModifyPlanRequest, plan resourceModel, resp *resource.ModifyPlanResponse) {
	name := plan.Cloud.ValueString()
	d, ok := r.Descriptor(name)
	if !ok {
		return
	}
	var configured types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("location"), &configured)...)
	if configured.IsNull() {
		plan.Location = r.NewLocation(d, plan, plan.Location)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
	if r.Clouds.Unknown(name) {
		return
	}
	if p, ok := rules.CheckLocation(d, kit.OptionalString(plan.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
		return
	}
	r.Cloud(name, &resp.Diagnostics)
}

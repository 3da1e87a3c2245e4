package export

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ModifyPlan reports at plan time what would fail at apply, plans the rest of an interrupted wait, and warns of what a
// destroy does not do.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	switch {
	case !ok:
	case p.Create:
		r.PlanCreate(ctx, p.Cloud, req.Config, p.Plan, resp)
	case p.State.isPending() && !p.Replaces:
		p.Plan.MD5Sum, p.Plan.State = types.StringUnknown(), types.StringUnknown()
		kit.SetPlan(ctx, resp, p.Plan)
	}
}

func (r *Resource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if ok {
		resp.Diagnostics.AddWarning("Destroy only removes the export from the state",
			"The cloud cannot revoke the export of "+kit.Visible(state.ID.ValueString())+", so the destroy sends nothing. A "+
				"URL that was issued works until it expires. The destroy does not affect the snapshot.")
	}
}

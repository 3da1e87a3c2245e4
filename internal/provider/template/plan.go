package template

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ModifyPlan reports at plan time what would fail at apply, and plans the rest of an interrupted wait.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	switch {
	case !ok:
	case p.Create:
		r.planCreate(ctx, p, req, resp)
	default:
		r.planUpdate(ctx, p, resp)
	}
}

func (r *Resource) planCreate(
	ctx context.Context, p kit.Planned[resourceModel], req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if p.Config().SnapshotID.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("snapshot_id"), "Missing snapshot",
			"A template is created from a snapshot, and snapshot_id is not set. It is optional only for a template that was "+
				"imported.\n\nSet snapshot_id, or import the template that this resource manages.")
		return
	}
	plan := p.Plan
	if p.Config().SSHKeyEnabled.IsNull() {
		plan.SSHKeyEnabled = types.BoolValue(defaultSSHKeyEnabled)
	}
	if p.Config().PasswordEnabled.IsNull() {
		plan.PasswordEnabled = types.BoolValue(defaultPasswordEnabled)
	}
	kit.SetPlan(ctx, resp, plan)
	r.PlanCreate(ctx, p.Cloud, req.Config, plan, resp)
}

func (r *Resource) planUpdate(
	ctx context.Context, p kit.Planned[resourceModel], resp *resource.ModifyPlanResponse,
) {
	state, plan := p.State, p.Plan
	cl, ok := r.PlanCloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	cl.Track(state.ref())
	if p.Replaces || !state.isPending() {
		return
	}
	plan.State, plan.CreatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	kit.UnknownIfNull(&plan.ID, &plan.TemplateID)
	kit.SetPlan(ctx, resp, plan)
	r.PlanUnfinished(cl.Descriptor, &resp.Plan)
}

package snapshot

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ModifyPlan reports at plan time what would fail at apply: a cloud that is not configured, a missing zone, an existing
// snapshot. It also plans the rest of an interrupted wait, and warns of snapshots that expire soon.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	if !ok || !r.CheckConfig(req.Config, req.State.Raw, &resp.Diagnostics) {
		return
	}
	if !p.Create {
		if fixed := r.fixedTexts(p); len(fixed) > 0 {
			resp.RequiresReplace, p.Replaces = append(resp.RequiresReplace, fixed...), true
		}
		r.planUpdate(ctx, p, resp)
		return
	}
	limited, cancel := kit.Timeout(ctx, p.Plan.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	location, cl, ok := r.PlanCreate(limited, p.Cloud, req.Config, p.Plan, resp)
	if ok && (!p.Cloud.Limits.Location.Settable() || !location.IsUnknown()) {
		p.Plan.Location = location
		checkCreate(limited, cl, p.Plan, &resp.Diagnostics)
	}
}

// fixedTexts returns the changed attributes that the cloud cannot update in place.
func (r *Resource) fixedTexts(p kit.Planned[resourceModel]) (changed path.Paths) {
	if r.UpdatesSnapshots(p.Cloud.Name) {
		return nil
	}
	if !p.Config().Name.IsNull() && !p.Config().Name.Equal(p.State.Name) {
		changed = append(changed, path.Root("name"))
	}
	if !p.Config().Description.IsNull() && !p.Config().Description.Equal(p.State.Description) {
		changed = append(changed, path.Root("description"))
	}
	return changed
}

// checkCreate checks at the cloud whether a create would be accepted. An unknown source is checked at apply.
func checkCreate(ctx context.Context, cl *cloud.Cloud, plan resourceModel, diags *diag.Diagnostics) {
	if !plan.SourceID.IsUnknown() && !plan.ReplaceExisting.IsUnknown() {
		kit.CheckCreate(ctx, cl, plan.toSpec(), diags)
	}
}

func (r *Resource) planUpdate(
	ctx context.Context, p kit.Planned[resourceModel], resp *resource.ModifyPlanResponse,
) {
	state, plan := p.State, p.Plan
	cl, ok := r.PlanCloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	state.track(cl)
	if p.Replaces && cl.Limits.UnreportedSlots && !plan.SourceID.Equal(state.SourceID) {
		resp.Diagnostics.AddAttributeWarning(path.Root("source_id"), "Free slot is not known", fmt.Sprintf(
			"%s does not report how many snapshots it can hold per %s. Terraform deletes the snapshot %s first, and then takes "+
				"a snapshot of %s. If that has no free slot, both snapshots are missing.\n\n"+
				"To be safe, set create_before_destroy in the lifecycle block.",
			cl.Title, cl.Limits.SourceKind, kit.Visible(state.ID.ValueString()), kit.Visible(plan.SourceID.ValueString())))
	}
	if !p.Replaces && !cl.IsReady(state.toSnapshot(), plan.readiness()) {
		r.planUnfinished(ctx, cl, state, plan, resp)
	}
	r.WarnOfExpiry(cl, kit.Expiry{
		ID: state.ID.ValueString(), At: kit.Time(state.ExpiresAt), Attribute: "expires_at",
		Advice: "The next plan after that creates a new snapshot from the source's then-current data.\n\nTo take a new one " +
			"earlier, run \"terraform apply -replace\".",
	}, &resp.Diagnostics)
}

// planUnfinished plans the rest of an interrupted wait: what the cloud may still set is unknown.
func (r *Resource) planUnfinished(
	ctx context.Context, cl *cloud.Cloud, state, plan resourceModel, resp *resource.ModifyPlanResponse,
) {
	if moves := cl.IsReady(state.toSnapshot(), driver.ReadyWhen{}); moves {
		// A snapshot that only moves to remote storage is complete.
		plan.State, plan.StorageType = types.StringUnknown(), types.StringUnknown()
		kit.SetPlan(ctx, resp, plan)
		return
	}
	plan.State, plan.CreatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	kit.UnknownIfNull(&plan.ID, &plan.SnapshotID)
	if cl.Limits.Location.Support == driver.Computed {
		kit.UnknownIfNull(&plan.Location)
	}
	kit.SetPlan(ctx, resp, plan)
	r.PlanUnfinished(cl.Descriptor, &resp.Plan)
	if state.toSnapshot().State == driver.StateError {
		// No wait makes a snapshot of it, so a new one is planned.
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("state"))
	}
}

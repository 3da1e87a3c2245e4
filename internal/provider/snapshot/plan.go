package snapshot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ValidateConfig finds what a cloud would refuse, as far as the configuration alone tells.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	d, ok := r.Descriptor(config.Cloud.ValueString())
	if !ok {
		// Unknown, or refused by the attribute's own validator.
		return
	}
	draft := config.draft()
	if config.Location.IsNull() {
		// The provider may have a default, which is not known while validating.
		draft.Location.Unknown = true
	}
	kit.Refuse(d.CheckSnapshot(draft), &resp.Diagnostics)
}

// ModifyPlan tells at plan time what would fail at apply: a cloud that is not configured, a missing zone, an occupied slot. It also plans the rest of an
// interrupted wait, and warns of snapshots that expire soon.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.Clouds == nil {
		return
	}
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok || plan.Cloud.IsUnknown() {
		return
	}
	if req.State.Raw.IsNull() {
		config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
		if ok {
			r.planCreate(ctx, config, plan, resp)
		}
		return
	}
	state, ok := kit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	r.planUpdate(ctx, state, plan, resp)
}

func (r *Resource) planCreate(ctx context.Context, config, plan resourceModel, resp *resource.ModifyPlanResponse) {
	name := plan.Cloud.ValueString()
	d, ok := r.Descriptor(name)
	if !ok {
		return
	}
	// What is written down and known only after apply stays unknown: Terraform takes nothing else for it.
	if config.Location.IsNull() {
		plan.Location = r.DefaultLocation(d, plan.Location)
	}
	plan = unreported(d, config, plan)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if r.Clouds.Unknown(name) {
		return
	}
	if p, ok := d.CheckLocation(kit.StringSetting(plan.Location)); !ok {
		kit.Refuse([]cloud.Problem{p}, &resp.Diagnostics)
		return
	}
	cl, ok := r.Cloud(name, &resp.Diagnostics)
	if !ok || plan.SourceID.IsUnknown() || plan.ReplaceExisting.IsUnknown() {
		return
	}
	if err := cl.CheckSlot(ctx, plan.toSpec()); err != nil {
		kit.Fail(&resp.Diagnostics, err, path.Root("source_id"))
	}
}

func (r *Resource) planUpdate(ctx context.Context, state, plan resourceModel, resp *resource.ModifyPlanResponse) {
	if r.Clouds.Unknown(state.Cloud.ValueString()) {
		return
	}
	cl, ok := r.Cloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	cl.Claim(state.SnapshotID.ValueString())
	if len(resp.RequiresReplace) == 0 && !cl.Arrived(state.toSnapshot(), plan.readiness()) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, unfinished(cl.Descriptor, plan))...)
	}
	r.warnOfExpiry(cl, state, &resp.Diagnostics)
}

// unfinished plans the rest of a wait: whatever the cloud may still change becomes unknown.
func unfinished(d cloud.Descriptor, plan resourceModel) resourceModel {
	plan.State = types.StringUnknown()
	plan.CreatedAt = timetypes.NewRFC3339Unknown()
	for _, v := range []*types.String{&plan.ID, &plan.SnapshotID, &plan.Name} {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
	if plan.Location.IsNull() && d.Traits.Location == cloud.LocationReported {
		plan.Location = types.StringUnknown()
	}
	for _, r := range d.Traits.Reports {
		plan.setReport(r, true)
	}
	return plan
}

// unreported plans null for what a cloud never tells.
func unreported(d cloud.Descriptor, config, plan resourceModel) resourceModel {
	if d.Traits.MaxDescription == 0 && config.Description.IsNull() {
		plan.Description = types.StringNull()
	}
	for _, r := range cloud.AllReports() {
		if !slices.Contains(d.Traits.Reports, r) {
			plan.setReport(r, false)
		}
	}
	return plan
}

// warnOfExpiry reminds of a snapshot that the cloud will delete soon, by the cloud's clock.
func (r *Resource) warnOfExpiry(cl *cloud.Cloud, state resourceModel, diags *diag.Diagnostics) {
	if r.Clouds.ExpiryWarning <= 0 || state.ExpiresAt.IsNull() || state.ExpiresAt.IsUnknown() {
		return
	}
	expires, d := state.ExpiresAt.ValueRFC3339Time()
	diags.Append(d...)
	left := expires.Sub(cl.Now())
	if d.HasError() || left > r.Clouds.ExpiryWarning {
		return
	}
	diags.AddAttributeWarning(path.Root("expires_at"), "Snapshot expires soon", fmt.Sprintf(
		"%s deletes the snapshot %s by itself at %s, in about %s. After that a plan takes a new one, of what the source holds then.\n\n"+
			"To have a fresh one before, replace it with \"terraform apply -replace\". The provider's expiry_warning sets how early this warning comes.",
		cl.Title, state.ID.ValueString(), expires.UTC().Format(time.RFC3339), roughly(left)))
}

func roughly(d time.Duration) string {
	switch {
	case d <= 0:
		return "no time at all"
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	default:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	}
}

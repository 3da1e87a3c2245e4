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
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
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
	// Whether the cloud has decided the same shows when planning.
	kit.AddViolations(problems(d, config, config.toSnapshot()), &resp.Diagnostics)
}

// problems are what a cloud would refuse in a configuration, where made is the snapshot that exists.
func problems(d driver.Descriptor, config resourceModel, made driver.Snapshot) []rules.Violation {
	draft := rules.IgnoreUnchangedComputed(d, config.config(), made)
	if !draft.Location.Set {
		// The provider may have a default: the plan looks at that.
		draft.Location.Unknown = true
	}
	return rules.CheckSnapshot(d, draft)
}

// ModifyPlan tells at plan time what would fail at apply: a cloud that is not configured, a missing zone, an occupied
// slot. It also plans the rest of an interrupted wait, and warns of snapshots that expire soon.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer kit.EndPlan(ctx, "snapshot", req, resp)
	if req.Plan.Raw.IsNull() || r.Clouds == nil {
		return
	}
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok || plan.Cloud.IsUnknown() {
		return
	}
	d, ok := r.Descriptor(plan.Cloud.ValueString())
	if !ok {
		return
	}
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	var state resourceModel
	if !req.State.Raw.IsNull() {
		if state, ok = kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics); !ok {
			return
		}
	}
	if found := problems(d, config, state.toSnapshot()); len(found) > 0 {
		kit.AddViolations(found, &resp.Diagnostics)
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	if req.State.Raw.IsNull() {
		r.planCreate(limited, d, config, plan, resp)
		return
	}
	r.planUpdate(limited, state, plan, kit.Replaces(ctx, req, resp), resp)
}

func (r *Resource) planCreate(ctx context.Context, d driver.Descriptor, config, plan resourceModel, resp *resource.ModifyPlanResponse) {
	// What is written down and known only after apply stays unknown: Terraform takes nothing else for it.
	if config.Location.IsNull() {
		plan.Location = r.NewLocation(d, plan, plan.Location)
	}
	plan = unreported(d, config, plan)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if r.Clouds.Unknown(d.Name) {
		return
	}
	if p, ok := rules.CheckLocation(d, kit.OptionalString(plan.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
		return
	}
	cl, ok := r.Cloud(d.Name, &resp.Diagnostics)
	if !ok || plan.SourceID.IsUnknown() || plan.ReplaceExisting.IsUnknown() {
		return
	}
	if d.Limits.Location == driver.LocationChosen && plan.Location.IsUnknown() {
		return
	}
	if err := cl.CheckSource(ctx, plan.toSpec()); err != nil {
		kit.AddError(&resp.Diagnostics, err, path.Root("source_id"))
		return
	}
	if err := cl.CheckExistingSnapshot(ctx, plan.toSpec()); err != nil {
		kit.AddError(&resp.Diagnostics, err, path.Root("source_id"))
		return
	}
	warnOfOverwriting(ctx, cl, plan, &resp.Diagnostics)
}

// warnOfOverwriting names the snapshot that replace_existing allows to overwrite, because nothing else in a plan shows
// it.
func warnOfOverwriting(ctx context.Context, cl *cloud.Cloud, plan resourceModel, diags *diag.Diagnostics) {
	old, found, err := cl.Overwrites(ctx, plan.toSpec())
	switch {
	case err != nil:
		kit.AddError(diags, err, path.Root("source_id"))
	case found:
		diags.AddAttributeWarning(path.Root("replace_existing"), "Snapshot will be overwritten", fmt.Sprintf(
			"%s keeps one snapshot per %s. The snapshot %s of %s, which was taken at %s, about %s ago, is lost as soon as the new "+
				"one is taken: replace_existing = true allows it.", cl.Title, cl.Limits.Source.Kind, kit.Visible(old.ID),
			kit.Visible(old.SourceID), old.CreatedAt.UTC().Format(time.RFC3339), roughly(cl.Now().Sub(old.CreatedAt))))
	}
}

func (r *Resource) planUpdate(ctx context.Context, state, plan resourceModel, replaces bool, resp *resource.ModifyPlanResponse) {
	if r.Clouds.Unknown(state.Cloud.ValueString()) {
		return
	}
	cl, ok := r.Cloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	state.track(cl)
	if replaces && cl.Limits.UnreportedSlots && !plan.SourceID.Equal(state.SourceID) {
		resp.Diagnostics.AddAttributeWarning(path.Root("source_id"), "Free slot is not known", fmt.Sprintf(
			"%s does not report how many snapshots it can hold per %s. Terraform deletes the snapshot %s first and then takes one of %s. "+
				"If that has no free slot, both are missing.\n\nTo be safe, set create_before_destroy in the lifecycle block.",
			cl.Title, cl.Limits.Source.Kind, kit.Visible(state.ID.ValueString()), kit.Visible(plan.SourceID.ValueString())))
	}
	if !replaces && !cl.IsReady(state.toSnapshot(), plan.readiness()) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, unfinished(cl.Descriptor, plan, cl.IsReady(state.toSnapshot(), driver.ReadyWhen{})))...)
		if state.toSnapshot().State == driver.StateError {
			// No wait makes a snapshot of it, so a new one is planned.
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("state"))
		}
	}
	r.warnOfExpiry(cl, state, &resp.Diagnostics)
}

// unfinished plans the rest of a wait: whatever the cloud may still change becomes unknown. moves is true for a
// snapshot that is ready and only moves to remote storage.
func unfinished(d driver.Descriptor, plan resourceModel, moves bool) resourceModel {
	plan.State = types.StringUnknown()
	if moves {
		plan.StorageType = types.StringUnknown()
		return plan
	}
	plan.CreatedAt = timetypes.NewRFC3339Unknown()
	for _, v := range []*types.String{&plan.ID, &plan.SnapshotID} {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
	if plan.Name.IsNull() && d.Limits.Name.Generated {
		plan.Name = types.StringUnknown()
	}
	if plan.Location.IsNull() && d.Limits.Location == driver.LocationReported {
		plan.Location = types.StringUnknown()
	}
	for _, r := range d.Limits.ComputedFields {
		plan.setReport(r, true)
	}
	return plan
}

// unreported plans null for what a cloud never tells.
func unreported(d driver.Descriptor, config, plan resourceModel) resourceModel {
	if d.Limits.MaxDescription == 0 && config.Description.IsNull() {
		plan.Description = types.StringNull()
	}
	if name := d.Limits.Name; !name.Settable && !name.Generated && config.Name.IsNull() {
		plan.Name = types.StringNull()
	}
	for _, r := range driver.AllComputedFields() {
		if !slices.Contains(d.Limits.ComputedFields, r) {
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
		cl.Title, kit.Visible(state.ID.ValueString()), expires.UTC().Format(time.RFC3339), roughly(left)))
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

package rotation

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ModifyPlan decides what the next run does, and shows it: a snapshot that is known after apply, without those that
// the run deletes. It also reports what would fail at apply.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	if !ok || !r.CheckConfig(req.Config, req.State.Raw, &resp.Diagnostics) {
		return
	}
	if p.Create {
		r.planCreate(ctx, p, req, resp)
		return
	}
	r.planUpdate(ctx, p, req, resp)
}

// planCreate plans the first run, which always takes a snapshot.
func (r *Resource) planCreate(
	ctx context.Context, p kit.Planned[resourceModel], req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	limited, cancel := kit.Timeout(ctx, p.Plan.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	plan := p.Plan
	planNamePrefix(p.Cloud, p.Config(), &plan)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(driver.NamePrefix), plan.NamePrefix)...)
	location, cl, ok := r.PlanCreate(limited, p.Cloud, req.Config, plan, resp)
	plan.Location = location
	planID(p.Cloud, &plan)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), plan.ID)...)
	if plan.Interval.IsNull() {
		null := timetypes.NewRFC3339Null()
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("next_due_at"), null)...)
	}
	if ok && (!p.Cloud.Limits.Location.Settable() || !location.IsUnknown()) {
		checkTake(limited, cl, plan, nil, resp)
	}
}

// planNamePrefix plans the default if the configuration sets no prefix. It is null where a cloud sets the names.
func planNamePrefix(d driver.Descriptor, config resourceModel, plan *resourceModel) {
	if config.NamePrefix.IsNull() {
		plan.NamePrefix = kit.StringOrNull(d.Limits.Rotation()[driver.NamePrefix].Default)
	}
}

// planID plans the ID, which follows from the source and the prefix.
func planID(d driver.Descriptor, plan *resourceModel) {
	if plan.SourceID.IsUnknown() || plan.NamePrefix.IsUnknown() ||
		(d.Limits.Location.Settable() && plan.Location.IsUnknown()) {
		plan.ID = types.StringUnknown()
		return
	}
	plan.ID = kit.IDOrNull(d, d.Limits.RotationID(), plan.ref())
}

// checkTake checks at the cloud whether it would accept the new snapshot, which may supersede the newest of the owned
// ones. An unknown source is checked at apply.
func checkTake(
	ctx context.Context, cl *cloud.Cloud, plan resourceModel, owned []driver.Snapshot, resp *resource.ModifyPlanResponse,
) {
	if plan.SourceID.IsUnknown() || plan.ReplaceExisting.IsUnknown() {
		return
	}
	spec := plan.toSpec()
	if newest, found := cloud.Newest(owned); found {
		spec.Supersedes = newest.ID
	}
	kit.CheckCreate(ctx, cl, spec, &resp.Diagnostics)
}

// planUpdate plans a run of an existing rotation.
func (r *Resource) planUpdate(
	ctx context.Context, p kit.Planned[resourceModel], req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	state, plan := p.State, p.Plan
	if p.Replaces {
		warnReplaced(state, &resp.Diagnostics)
		return
	}
	cl, ok := r.PlanCloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	state.track(cl)
	planNamePrefix(cl.Descriptor, p.Config(), &plan)
	planID(cl.Descriptor, &plan)
	if plan.isUndecided() {
		plan.Snapshots = types.SetUnknown(itemType)
		plan.planLatest(true, nil)
		kit.SetPlan(ctx, resp, plan)
		return
	}
	observed := loadObserved(ctx, req.Private, &resp.Diagnostics)
	next := decide(cl, state, plan, !req.Plan.Raw.Equal(req.State.Raw), observed)
	plan.Snapshots = next.snapshots(state)
	plan.planLatest(next.take, plan.toOwned())
	kit.SetPlan(ctx, resp, plan)
	if next.take && !next.resumes {
		limited, cancel := kit.Timeout(ctx, plan.Timeouts.Read, defaultRead, &resp.Diagnostics)
		defer cancel()
		checkTake(limited, cl, plan, state.toOwned(), resp)
		return
	}
	if newest, found := cloud.Newest(plan.toOwned()); found {
		r.WarnOfExpiry(cl, kit.Expiry{
			ID: plan.ID.ValueString(), At: newest.ExpiresAt, Attribute: "snapshots",
			Advice: "It is the newest snapshot of the rotation. To take a new one earlier, set a shorter interval or change " +
				"triggers.",
		}, &resp.Diagnostics)
	}
}

// warnReplaced warns that Terraform deletes the snapshots of the old source before it takes one of the new source.
func warnReplaced(state resourceModel, diags *diag.Diagnostics) {
	if n := len(state.toOwned()); n > 0 && state.DeletionPolicy.ValueString() != kit.PolicyRetain {
		diags.AddAttributeWarning(path.Root("snapshots"), "Snapshots are deleted before the first new one", fmt.Sprintf(
			"Terraform replaces the rotation %s: it deletes all %d snapshots of %s, and takes a new one after that.\n\nTo keep "+
				"them until there is a new one, set create_before_destroy in the lifecycle block. To keep them for good, apply "+
				"deletion_policy = \"retain\" first.",
			kit.Visible(state.ID.ValueString()), n, kit.Visible(state.SourceID.ValueString())))
	}
}

// planLatest plans what follows from the newest snapshot: unknown if the run takes one.
func (m *resourceModel) planLatest(take bool, owned []driver.Snapshot) {
	if !take {
		m.setLatest(owned)
		return
	}
	m.LatestSnapshotID, m.LatestCreatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
	if m.NextDueAt = timetypes.NewRFC3339Unknown(); m.Interval.IsNull() {
		m.NextDueAt = timetypes.NewRFC3339Null()
	}
}

// decision is what a run does.
type decision struct {
	// take means that the run takes a snapshot, resumes that it is the one of an interrupted run.
	take, resumes bool
	// drop has the IDs of the snapshots that the run deletes.
	drop map[string]bool
}

// decide decides what the next run does. observed is the cloud's time of the last read. changed means that the
// configuration has changed.
//
// Terraform plans once more when it applies, without a read, and accepts no other decision. So a decision depends on
// the state alone, with one exception: if there is no other reason for a run, a snapshot may have become due since the
// last read, as in a plan with -refresh=false. It is due at apply too, then.
func decide(cl *cloud.Cloud, state, plan resourceModel, changed bool, observed time.Time) decision {
	owned, rules := state.toOwned(), plan.toRetention()
	complete := cloud.Complete(owned)
	out := decision{drop: map[string]bool{}}
	for _, s := range owned {
		out.resumes = out.resumes || cloud.IsPending(s)
		if s.State == driver.StateError {
			out.drop[s.ID] = true
		}
	}
	now := observed
	if reason := changed || out.resumes || len(out.drop)+len(rules.Expired(complete)) > 0; !reason && cl.Now().After(now) {
		now = cl.Now()
	}
	out.take = out.resumes || isDue(state, plan, complete, now)
	if out.take {
		complete = append(complete, upcoming(owned, now))
	}
	expired := rules.Expired(complete)
	if len(expired)+len(out.drop) == 0 && out.take && !out.resumes && plan.DeleteOldestFirst.ValueBool() &&
		len(complete) > 2 {
		// The new snapshot, and at least two that exist.
		expired = append(expired, oldest(complete))
	}
	for _, s := range expired {
		out.drop[s.ID] = true
	}
	return out
}

// isDue reports whether a new snapshot is due.
func isDue(state, plan resourceModel, complete []driver.Snapshot, now time.Time) bool {
	newest, found := cloud.Newest(complete)
	switch {
	case !found:
		return true
	case !state.isImported() && !plan.Triggers.Equal(state.Triggers):
		return true
	default:
		return plan.interval() > 0 && !now.Before(cloud.DueAt(newest.CreatedAt, plan.interval()))
	}
}

// upcoming is the new snapshot as far as the rules need it: the newest of all, without an ID.
func upcoming(owned []driver.Snapshot, now time.Time) driver.Snapshot {
	out := driver.Snapshot{State: driver.StateReady, CreatedAt: now}
	for _, s := range owned {
		if s.CreatedAt.After(out.CreatedAt) {
			out.CreatedAt = s.CreatedAt
		}
	}
	return out
}

func oldest(snapshots []driver.Snapshot) driver.Snapshot {
	list := cloud.Retention{}.Expired(snapshots)
	return list[0]
}

// snapshots is the planned set: an element that is known after apply for a snapshot that the run takes, and those that
// stay.
func (d decision) snapshots(state resourceModel) types.Set {
	var out []attr.Value
	if d.take {
		out = append(out, types.ObjectUnknown(itemType.AttrTypes))
	}
	items := state.items()
	for _, s := range state.toOwned() {
		if !cloud.IsPending(s) && !d.drop[s.ID] {
			out = append(out, items[s.ID])
		}
	}
	return types.SetValueMust(itemType, out)
}

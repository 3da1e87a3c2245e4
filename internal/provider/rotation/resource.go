package rotation

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The defaults of timeouts. A run may delete several snapshots.
const (
	defaultCreate = 60 * time.Minute
	defaultRead   = 5 * time.Minute
	defaultUpdate = 90 * time.Minute
	defaultDelete = 60 * time.Minute
)

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_snapshot_rotation.
type Resource struct{ kit.ResourceBase }

// NewResource returns the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	r := &Resource{kit.NewResourceBase(noun, drivers)}
	r.Noun.ImportID = r.importID
	return r
}

// ValidateConfig adds what the cloud does not accept, and a configuration in which nothing is ever due.
func (r *Resource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	r.ResourceBase.ValidateConfig(ctx, req, resp)
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	// Terraform reports a missing cloud itself.
	if ok && !config.Cloud.IsNull() && config.Interval.IsNull() && config.Triggers.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("interval"), "Invalid configuration",
			"Without interval and triggers, no snapshot is ever due.\n\nSet interval, as in \"24h\", or triggers.")
	}
}

// Create takes the first snapshot and waits until it is ready. The snapshot is in the state however the wait ends.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	release, err := cl.LockSource(limited, plan.source())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	done, err := cl.Rotate(limited, cloud.Rotation{Spec: plan.toSpec(), Take: true, Keep: plan.toRetention()})
	if len(done.Owned) == 0 {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	plan.fromOwned(cl.Descriptor, done.Owned)
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity(cl.Descriptor))
	saveObserved(ctx, resp.Private, cl, &resp.Diagnostics)
	warnAdopted(&resp.Diagnostics, cl.Descriptor, nil, done)
	done.Operation.Adopted = false
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), done.Operation, err)
}

// warnAdopted warns of the snapshot of a run that was found after a lost answer. before are the snapshots that the
// rotation owned then.
func warnAdopted(diags *diag.Diagnostics, d driver.Descriptor, before []driver.Snapshot, done cloud.Rotated) {
	if !done.Operation.Adopted {
		return
	}
	for _, s := range done.Owned {
		if !slices.ContainsFunc(before, func(old driver.Snapshot) bool { return old.ID == s.ID }) {
			kit.WarnAdopted(diags, kit.IDOrNull(d, d.Limits.SnapshotID, s.Ref()).ValueString())
		}
	}
}

// Read removes snapshots that are gone from the state, with a warning. The rotation itself stays.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()

	var (
		owned []driver.Snapshot
		err   error
	)
	if state.isImported() && state.KeepLast.IsNull() {
		owned, err = adopt(limited, cl, state)
	} else {
		operation := kit.LoadOperation(ctx, req.Private, &resp.Diagnostics)
		owned, err = r.refresh(limited, cl, state, operation, &resp.Diagnostics)
	}
	switch {
	case driver.IsNotFound(err):
		// Only an import finds nothing. Terraform's own error follows.
		resp.Diagnostics.Append(resp.Identity.Set(ctx, state.toIdentity(cl.Descriptor))...)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	state.applyDefaults()
	state.fromOwned(cl.Descriptor, owned)
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity(cl.Descriptor))
	state.track(cl)
	saveObserved(ctx, resp.Private, cl, &resp.Diagnostics)
	if !hasPending(owned) {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
}

// Update carries out a planned run: it takes what the plan takes, and then deletes what the plan deletes. After a
// failure the state has what was done. Settings are in the state once the new snapshot is ready, so a change of
// triggers that was not carried out is planned again.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	state, ok := kit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Update, defaultUpdate, &resp.Diagnostics)
	defer cancel()
	run := plannedRun(state, plan)
	run.Operation = kit.LoadOperation(ctx, req.Private, &resp.Diagnostics)
	if !run.Take && len(run.Delete) == 0 {
		kit.SetPlanned(ctx, req.Plan, &resp.State, plan, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity(cl.Descriptor))...)
		return
	}
	release, err := cl.LockSource(limited, state.source())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	done, err := cl.Rotate(limited, run)
	result := state
	if done.Complete {
		result = plan
	}
	result.fromOwned(cl.Descriptor, done.Owned)
	if err == nil {
		kit.SetPlanned(ctx, req.Plan, &resp.State, result, &resp.Diagnostics)
	} else {
		resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, result.toIdentity(cl.Descriptor))...)
	saveObserved(ctx, resp.Private, cl, &resp.Diagnostics)
	kit.SaveOperation(ctx, resp.Private, done.Operation, &resp.Diagnostics)
	warnAdopted(&resp.Diagnostics, cl.Descriptor, run.Owned, done)
	if err != nil {
		addError(&resp.Diagnostics, run, done, err)
	}
}

// addError adds the error of a run, with what was done and what the next apply does.
func addError(diags *diag.Diagnostics, run cloud.Rotation, done cloud.Rotated, err error) {
	kept := "No snapshot was deleted."
	switch {
	case done.Complete && run.Take:
		kept = "The new snapshot is ready, and the state holds it. Not all old snapshots are deleted: apply again to resume."
	case done.Complete:
		kept = "Not all snapshots are deleted. The state holds those that remain: apply again to resume."
	case hasPending(done.Owned):
		kept = "Nothing is lost: the cloud continues, and the state holds the new snapshot. No old snapshot is deleted " +
			"before the new one is ready. Apply again to resume waiting."
	case len(done.Owned) < len(run.Owned):
		kept = "The oldest snapshot was deleted, as delete_oldest_first permits. No other snapshot was deleted."
	}
	kit.AddRunError(diags, err, kept)
}

// plannedRun is the run that a plan shows.
func plannedRun(state, plan resourceModel) cloud.Rotation {
	run := cloud.Rotation{
		Spec: plan.toSpec(), Owned: state.toOwned(), Take: plan.takes(), Keep: plan.toRetention(),
		DeleteOldestFirst: plan.DeleteOldestFirst.ValueBool(),
	}
	if plan.Snapshots.IsUnknown() {
		return run
	}
	kept := plan.items()
	for _, s := range run.Owned {
		if _, stays := kept[s.ID]; !stays && !cloud.IsPending(s) {
			run.Delete = append(run.Delete, s.ID)
		}
	}
	return run
}

// Delete deletes all snapshots of the rotation, unless deletion_policy retains them. After a failure the state has
// those that remain.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, cl, ok := kit.BeginDelete[resourceModel](ctx, &r.ResourceBase, req, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Delete, defaultDelete, &resp.Diagnostics)
	defer cancel()
	release, err := cl.LockSource(limited, state.source())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	operation := kit.LoadOperation(ctx, req.Private, &resp.Diagnostics)
	remaining, err := cl.DeleteOwned(limited, state.toOwned(), operation)
	kit.FinishDelete(&resp.Diagnostics, err)
	if resp.Diagnostics.HasError() {
		state.fromOwned(cl.Descriptor, remaining)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

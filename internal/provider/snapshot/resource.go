package snapshot

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Long enough for real disks; the timeouts attribute overrides them.
const (
	defaultCreate = 60 * time.Minute
	defaultRead   = 5 * time.Minute
	defaultUpdate = 60 * time.Minute
	defaultDelete = 30 * time.Minute
)

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithMoveState      = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_snapshot.
type Resource struct{ kit.ResourceBase }

// NewResource returns the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.NewResourceBase(noun, drivers)}
}

// Create takes the snapshot and waits until it is ready. The snapshot is in the state however the wait ends.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	spec := plan.toSpec()
	release, err := cl.LockSource(limited, spec.Ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	made, operation, err := cl.CreateSnapshot(limited, spec)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	// The snapshot exists and may cost money, so it is in the state whichever way the wait ends.
	ready, err := cl.WaitSnapshot(limited, made, operation, plan.readiness())
	plan.fromSnapshot(cl.Descriptor, ready)
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity(cl.Descriptor))
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, err)
}

// Read sets the state to what the cloud reports, and removes a snapshot that is gone.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()

	operation := kit.LoadOperation(ctx, req.Private, &resp.Diagnostics)
	snap, err := cl.SnapshotOf(limited, state.ref(), operation)
	if driver.IsNotFound(err) {
		r.RemoveFromState(ctx, resp, cl, state.loss(), state.toIdentity(cl.Descriptor), err)
		return
	}
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	state.applyDefaults(cl.Limits)
	state.fromSnapshot(cl.Descriptor, snap)
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity(cl.Descriptor))
	state.track(cl)
	if cl.IsReady(snap, state.readiness()) {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
}

// Update resumes an interrupted wait, and changes name and description in place.
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
	release, err := cl.LockSource(limited, state.ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	change := state.toChange(plan)
	if known := state.toSnapshot(); !cl.IsReady(known, plan.readiness()) {
		ready, goOn := kit.Resume(ctx, req, resp, kit.Resumption[driver.Snapshot]{
			ID: state.ID.ValueString(), Change: change != (driver.SnapshotChange{}),
			Wait: func(operation driver.Operation) (driver.Snapshot, error) {
				return cl.WaitSnapshot(limited, known, operation, plan.readiness())
			},
			Keep: func(latest driver.Snapshot) {
				state.fromSnapshot(cl.Descriptor, latest)
				kit.UpdateResult(resp).Set(ctx, state, state.toIdentity(cl.Descriptor))
			},
		})
		if !goOn {
			return
		}
		plan.fromSnapshot(cl.Descriptor, ready)
	}
	if change != (driver.SnapshotChange{}) {
		if _, err = cl.UpdateSnapshot(limited, state.ref(), change); err != nil {
			kit.AddError(&resp.Diagnostics, err)
			return
		}
	}
	kit.SetPlanned(ctx, req.Plan, &resp.State, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity(cl.Descriptor))...)
}

// Delete deletes the snapshot and waits until it is gone, unless deletion_policy retains it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, cl, ok := kit.BeginDelete[resourceModel](ctx, &r.ResourceBase, req, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Delete, defaultDelete, &resp.Diagnostics)
	defer cancel()
	release, err := cl.LockSource(limited, state.ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	operation := kit.LoadOperation(ctx, req.Private, &resp.Diagnostics)
	ref, err := cl.Identify(limited, state.ref(), operation)
	if err == nil {
		err = cl.DeleteSnapshot(limited, ref)
	}
	kit.FinishDelete(&resp.Diagnostics, err)
}

package snapshot

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
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
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_snapshot.
type Resource struct{ kit.ResourceBase }

// NewResource makes the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.ResourceBase{Base: kit.Base{Drivers: drivers}}}
}

// Metadata names the type. The identity is mutable because an ID that the cloud names late comes after the object is in
// the state.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_snapshot"
	resp.ResourceBehavior.MutableIdentity = true
}

// Create takes the snapshot, waits until it is ready, and keeps it however the wait ends.
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
	// The snapshot exists and may cost money: whichever way the wait ends, the state has it.
	ready, err := cl.WaitSnapshot(limited, made, operation, plan.readiness())
	r.keep(ctx, cl, &plan, ready, &resp.State, resp.Identity, &resp.Diagnostics)
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, err)
}

// Read takes over what the cloud says, and removes from the state what is gone.
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
		kit.RemoveFromState(ctx, resp, state.loss(cl), state.toIdentity(cl.Descriptor), err)
		return
	}
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	state.applyDefaults(cl.Limits)
	r.keep(ctx, cl, &state, snap, &resp.State, resp.Identity, &resp.Diagnostics)
	state.track(cl)
	if cl.IsReady(snap, state.readiness()) {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
}

// Update resumes a wait that was interrupted, and changes name and description in place.
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
				r.keep(ctx, cl, &state, latest, &resp.State, resp.Identity, &resp.Diagnostics)
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

// Delete deletes the snapshot and waits until it is gone, or only forgets it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	if state.DeletionPolicy.ValueString() == kit.PolicyRetain {
		kit.Kept(&resp.Diagnostics, "snapshot", state.ID.ValueString())
		return
	}
	cl, ok := r.Cloud(state.Cloud.ValueString(), &resp.Diagnostics)
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

// keep writes what is known of a snapshot into state and identity.
func (r *Resource) keep(ctx context.Context, cl *cloud.Cloud, m *resourceModel, s driver.Snapshot, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	m.fromSnapshot(cl.Descriptor, s)
	diags.Append(state.Set(ctx, *m)...)
	diags.Append(identity.Set(ctx, m.toIdentity(cl.Descriptor))...)
}

package volume

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The defaults of the timeouts. Creating waits for the snapshot too.
const (
	defaultCreate = 2 * time.Hour
	defaultRead   = 5 * time.Minute
	defaultUpdate = 20 * time.Minute
	defaultDelete = 30 * time.Minute
)

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_snapshot_volume.
type Resource struct{ kit.ResourceBase }

// NewResource makes the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.NewResourceBase(noun, drivers)}
}

// Create waits until the snapshot can be used, and creates the volume, which is usable at once.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	made, operation, err := cl.CreateVolume(limited, plan.toSpec())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	plan.fromVolume(cl.Descriptor, made)
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity())
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, nil)
}

// Read refreshes the state, and removes a volume that is gone.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	volume, err := cl.Volume(limited, state.ref())
	switch {
	case driver.IsNotFound(err):
		r.RemoveFromState(ctx, resp, cl, state.loss(), state.toIdentity(), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	state.applyDefaults()
	state.fromVolume(cl.Descriptor, volume)
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity())
}

// Update renames the volume. Everything else that can change without a new volume is in the state alone.
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
	if change := state.toChange(plan); change != (driver.VolumeChange{}) {
		release, err := cl.LockSource(limited, state.ref())
		if err != nil {
			kit.AddError(&resp.Diagnostics, err)
			return
		}
		defer release()
		changed, err := cl.UpdateVolume(limited, state.ref(), change)
		if err != nil {
			kit.AddError(&resp.Diagnostics, err)
			return
		}
		plan.fromVolume(cl.Descriptor, changed)
	}
	kit.SetPlanned(ctx, req.Plan, &resp.State, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity())...)
}

// Delete deletes the volume and waits until it is gone. A snapshot that is being taken of it ends first.
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
	kit.FinishDelete(&resp.Diagnostics, cl.DeleteVolume(limited, state.ref()))
}

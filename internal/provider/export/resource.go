package export

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The defaults of timeouts.
const (
	defaultCreate = 2 * time.Hour
	defaultRead   = 5 * time.Minute
	defaultUpdate = 2 * time.Hour
)

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is the managed cloudsnap_snapshot_export.
type Resource struct{ kit.ResourceBase }

// NewResource returns the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.NewResourceBase(noun, drivers)}
}

// Create waits for the snapshot, exports it, and waits until the file is there.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	release, _, err := cl.LockSnapshotSource(limited, plan.ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	operation, err := cl.StartExport(limited, plan.ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	// The cloud is at work: whichever way the wait ends, the state has it.
	done, err := finish(limited, cl, plan.ref(), operation)
	plan.fromExport(cl.Descriptor, done)
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity())
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, err)
}

// Read sets the checksum, and removes a snapshot that is not exported any more.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()

	found, err := getCurrent(limited, cl, state)
	switch {
	case driver.IsNotFound(err):
		r.RemoveFromState(ctx, resp, cl, state.loss(), state.toIdentity(), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	state.fromExport(cl.Descriptor, found)
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity())
	if !state.isPending() {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
}

// getCurrent reads the state of an export. It sends one request if the export has ended before. Otherwise the
// snapshot's state decides, because an existing file may be that of an earlier export.
func getCurrent(ctx context.Context, cl *cloud.Cloud, state resourceModel) (export, error) {
	var absent error
	if state.State.ValueString() != string(driver.StateExporting) {
		var found driver.Export
		if found, absent = cl.Export(ctx, state.ref()); absent == nil || !driver.IsNotFound(absent) {
			return export{found, driver.StateExported}, absent
		}
	}
	snap, err := cl.Snapshot(ctx, state.ref())
	switch {
	case err != nil:
		return export{}, err
	case snap.State == driver.StateExporting:
		return export{state: driver.StateExporting}, nil
	case absent != nil:
		return export{}, absent
	}
	found, err := cl.Export(ctx, state.ref())
	return export{found, driver.StateExported}, err
}

// Update resumes an interrupted wait. Nothing else can be changed in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	state, ok := kit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	if !state.isPending() {
		kit.UpdateResult(resp).Set(ctx, plan, plan.toIdentity())
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Update, defaultUpdate, &resp.Diagnostics)
	defer cancel()
	done, goOn := kit.Resume(ctx, req, resp, kit.Resumption[export]{
		ID:   state.ID.ValueString(),
		Wait: func(operation driver.Operation) (export, error) { return finish(limited, cl, state.ref(), operation) },
		Keep: func(latest export) {
			state.fromExport(cl.Descriptor, latest)
			kit.UpdateResult(resp).Set(ctx, state, state.toIdentity())
		},
	})
	if goOn {
		plan.fromExport(cl.Descriptor, done)
		kit.UpdateResult(resp).Set(ctx, plan, plan.toIdentity())
	}
}

// export is an export with its state.
type export struct {
	driver.Export
	state driver.State
}

// finish waits for an export, and returns it as it is then, with an error too.
func finish(ctx context.Context, cl *cloud.Cloud, ref driver.Ref, operation driver.Operation) (export, error) {
	done, err := cl.FinishExport(ctx, ref, operation)
	if err != nil {
		return export{state: driver.StateExporting}, err
	}
	return export{done, driver.StateExported}, nil
}

// Delete only removes the export from the state, because no cloud can revoke an export. The plan warns of it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
}

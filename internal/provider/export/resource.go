package export

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

// NewResource makes the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.ResourceBase{Base: kit.Base{Drivers: drivers}}}
}

// Metadata names the type.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeName
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
	r.keep(ctx, cl, &plan, done, &resp.State, resp.Identity, &resp.Diagnostics)
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, err)
}

// Read keeps the checksum, and removes from the state what is not exported any more.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()

	found, err := look(limited, cl, state)
	switch {
	case driver.IsNotFound(err):
		kit.RemoveFromState(ctx, resp, state.loss(cl), state.toIdentity(), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	r.keep(ctx, cl, &state, found, &resp.State, resp.Identity, &resp.Diagnostics)
	if state.arrived() {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
}

// look finds out how far an export is. One request where it is known to be over; else the snapshot tells whether it
// still goes on, because a file that is there may be that of an earlier export.
func look(ctx context.Context, cl *cloud.Cloud, state resourceModel) (export, error) {
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

// Update goes on with a wait that was interrupted. Nothing else can be changed in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	state, ok := kit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	if state.arrived() {
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity())...)
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Update, defaultUpdate, &resp.Diagnostics)
	defer cancel()
	done, goOn := kit.Resume(ctx, req, resp, kit.Resumption[export]{
		ID:   state.ID.ValueString(),
		Wait: func(operation driver.Operation) (export, error) { return finish(limited, cl, state.ref(), operation) },
		Keep: func(latest export) {
			r.keep(ctx, cl, &state, latest, &resp.State, resp.Identity, &resp.Diagnostics)
		},
	})
	if goOn {
		r.keep(ctx, cl, &plan, done, &resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// export is an export and where it is in its life.
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

// Delete only forgets: no cloud can take an export back. ModifyPlan has said so.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
}

// keep writes what is known of an export into state and identity.
func (r *Resource) keep(ctx context.Context, cl *cloud.Cloud, m *resourceModel, e export, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	m.fromExport(cl.Descriptor, e)
	diags.Append(state.Set(ctx, *m)...)
	diags.Append(identity.Set(ctx, m.toIdentity())...)
}

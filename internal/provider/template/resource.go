package template

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
	defaultDelete = 30 * time.Minute
)

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_snapshot_template.
type Resource struct{ kit.ResourceBase }

// NewResource makes the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.ResourceBase{Base: kit.Base{Drivers: drivers}}}
}

// Metadata names the type. The identity is mutable because an ID that the cloud names late comes after the object is in
// the state.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_snapshot_template"
	resp.ResourceBehavior.MutableIdentity = true
}

// Create waits for the snapshot, promotes it, waits until the template is complete, and keeps it however that wait
// ends.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	spec := plan.toSpec()
	release, _, err := cl.LockSnapshotSource(limited, spec.Snapshot)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	made, operation, err := cl.PromoteSnapshot(limited, spec)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	// The template is on its way and may cost money: whichever way the wait ends, the state has it.
	ready, err := cl.WaitImage(limited, made, operation)
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
	image, err := cl.ImageOf(limited, state.ref(), operation)
	switch {
	case driver.IsNotFound(err):
		kit.RemoveFromState(ctx, resp, state.loss(cl), state.toIdentity(), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	case image.Standard:
		resp.Diagnostics.AddError("Unable to manage a public template", "The template "+kit.Visible(state.ID.ValueString())+" belongs to the cloud, which made it for everybody: it can be neither changed nor deleted.\n\n"+
			"Import a private template, or use the ID as it is.")
		return
	}
	state.applyDefaults()
	r.keep(ctx, cl, &state, image, &resp.State, resp.Identity, &resp.Diagnostics)
	if state.arrived() {
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

	change := state.toChange(plan)
	if !state.arrived() {
		ready, goOn := kit.Resume(ctx, req, resp, kit.Resumption[driver.Image]{
			ID: state.ID.ValueString(), Change: change != (driver.ImageChange{}),
			Wait: func(operation driver.Operation) (driver.Image, error) {
				return cl.WaitImage(limited, state.known(), operation)
			},
			Keep: func(latest driver.Image) {
				r.keep(ctx, cl, &state, latest, &resp.State, resp.Identity, &resp.Diagnostics)
			},
		})
		if !goOn {
			return
		}
		plan.fromImage(cl.Descriptor, ready)
	}
	if change != (driver.ImageChange{}) {
		changed, err := cl.UpdateImage(limited, state.ref(), change)
		if err != nil {
			kit.AddError(&resp.Diagnostics, err)
			return
		}
		plan.fromImage(cl.Descriptor, changed)
	}
	kit.SetPlanned(ctx, req.Plan, &resp.State, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity())...)
}

// Delete deletes the template and waits until it is gone, or only forgets it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	if state.DeletionPolicy.ValueString() == kit.PolicyRetain {
		kit.Kept(&resp.Diagnostics, "template", state.ID.ValueString())
		return
	}
	cl, ok := r.Cloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Delete, defaultDelete, &resp.Diagnostics)
	defer cancel()

	ref, err := state.ref(), error(nil)
	if !state.arrived() {
		// A template that is still being made cannot be deleted yet, and would appear afterwards.
		ref, err = cl.IdentifyImage(limited, ref, kit.LoadOperation(ctx, req.Private, &resp.Diagnostics))
	}
	if err == nil {
		err = cl.DeleteImage(limited, ref)
	}
	kit.FinishDelete(&resp.Diagnostics, err)
}

// keep writes what is known of a template into state and identity.
func (r *Resource) keep(ctx context.Context, cl *cloud.Cloud, m *resourceModel, i driver.Image, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	m.fromImage(cl.Descriptor, i)
	diags.Append(state.Set(ctx, *m)...)
	diags.Append(identity.Set(ctx, m.toIdentity())...)
}

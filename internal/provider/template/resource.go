package template

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
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
func NewResource(drivers []cloud.Driver) resource.Resource {
	return &Resource{kit.ResourceBase{Base: kit.Base{Drivers: drivers}}}
}

// Metadata names the type. The identity is mutable because an ID that the cloud names late comes after the object is in the state.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_snapshot_template"
	resp.ResourceBehavior.MutableIdentity = true
}

// Create waits for the snapshot, promotes it, keeps the template's ID, and waits until the template is complete.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	spec := plan.toSpec()
	release, err := cl.Reserve(limited, spec.Snapshot)
	if err != nil {
		kit.Fail(&resp.Diagnostics, err)
		return
	}
	defer release()

	made, job, err := cl.PromoteSnapshot(limited, spec)
	if err != nil {
		kit.Fail(&resp.Diagnostics, err)
		return
	}
	// From here on the template is on its way and may cost money: the state has it before the wait begins.
	r.keep(ctx, cl, &plan, made, &resp.State, resp.Identity, &resp.Diagnostics)
	kit.SaveJob(ctx, resp.Private, job, &resp.Diagnostics)

	ready, err := cl.WaitImage(limited, made, job)
	r.keep(ctx, cl, &plan, ready, &resp.State, resp.Identity, &resp.Diagnostics)
	kit.Created(ctx, resp, plan.ID.ValueString(), err)
}

// Read takes over what the cloud says, and removes from the state what is gone.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()

	job := kit.LoadJob(ctx, req.Private, &resp.Diagnostics)
	image, err := cl.ImageOf(limited, state.ref(), job)
	switch {
	case cloud.IsNotFound(err):
		kit.Gone(ctx, resp, state.loss(cl), state.toIdentity(), err)
		return
	case err != nil:
		kit.Fail(&resp.Diagnostics, err)
		return
	case image.Standard:
		resp.Diagnostics.AddError("Unable to manage a public template", "The template "+state.ID.ValueString()+" belongs to the cloud, which made it for everybody: it can be neither changed nor deleted.\n\n"+
			"Import a private template, or use the ID as it is.")
		return
	}
	state.applyDefaults()
	r.keep(ctx, cl, &state, image, &resp.State, resp.Identity, &resp.Diagnostics)
	if state.arrived() {
		kit.SaveJob(ctx, resp.Private, cloud.Job{}, &resp.Diagnostics)
	}
}

// Update goes on with a wait that was interrupted, and changes name and description in place.
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

	// What neither the wait nor the change tells anew is in the plan as it was read a moment ago.
	next := plan
	if !state.arrived() {
		ready, err := r.resume(limited, cl, state, kit.LoadJob(ctx, req.Private, &resp.Diagnostics))
		if cloud.KindOf(err) == cloud.KindCanceled {
			kit.Interrupted(&resp.Diagnostics, err, state.ID.ValueString())
			r.keep(ctx, cl, &next, ready, &resp.State, resp.Identity, &resp.Diagnostics)
			return
		}
		if err != nil {
			kit.Fail(&resp.Diagnostics, err)
			return
		}
		r.keep(ctx, cl, &state, ready, &resp.State, resp.Identity, &resp.Diagnostics)
		kit.SaveJob(ctx, resp.Private, cloud.Job{}, &resp.Diagnostics)
		next.fromImage(cl.Descriptor, ready)
	}
	if change := state.toChange(plan); change != (cloud.ImageChange{}) {
		changed, err := cl.UpdateImage(limited, state.ref(), change)
		if err != nil {
			kit.Fail(&resp.Diagnostics, err)
			return
		}
		next.fromImage(cl.Descriptor, changed)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, next.toIdentity())...)
}

// resume waits on. Without a job the template itself has to tell.
func (r *Resource) resume(ctx context.Context, cl *cloud.Cloud, state resourceModel, job cloud.Job) (cloud.Image, error) {
	if job.Done() {
		job.Watch = true
	}
	return cl.WaitImage(ctx, state.known(), job)
}

// Delete deletes the template and waits until it is gone, or only forgets it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := kit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
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
		ref, err = cl.IdentifyImage(limited, ref, kit.LoadJob(ctx, req.Private, &resp.Diagnostics))
	}
	if err == nil {
		err = cl.DeleteImage(limited, ref)
	}
	kit.Removed(&resp.Diagnostics, err)
}

// keep writes what is known of a template into state and identity.
func (r *Resource) keep(ctx context.Context, cl *cloud.Cloud, m *resourceModel, i cloud.Image, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	m.fromImage(cl.Descriptor, i)
	diags.Append(state.Set(ctx, *m)...)
	diags.Append(identity.Set(ctx, m.toIdentity())...)
}

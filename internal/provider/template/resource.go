package template

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

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

// NewResource returns the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.NewResourceBase(noun, drivers)}
}

// Create waits for the snapshot, promotes it, and waits until the template is complete. The template is in the state
// however that wait ends.
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
	// The template may cost money, so it is in the state whichever way the wait ends.
	ready, err := cl.WaitImage(limited, made, operation)
	plan.fromImage(cl.Descriptor, ready)
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity())
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, err)
}

// Read sets the state to what the cloud reports, and removes a template that is gone.
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
		r.RemoveFromState(ctx, resp, cl, state.loss(), state.toIdentity(), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	case image.Standard:
		resp.Diagnostics.AddError("Unable to manage a public template", "The template "+kit.Visible(state.ID.ValueString())+
			" belongs to the cloud, so Terraform can neither change nor delete it.\n\nImport a private template, or use the "+
			"ID directly.")
		return
	}
	state.applyDefaults()
	state.fromImage(cl.Descriptor, image)
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity())
	if !state.isPending() {
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

	change := state.toChange(plan)
	if state.isPending() {
		ready, goOn := kit.Resume(ctx, req, resp, kit.Resumption[driver.Image]{
			ID: state.ID.ValueString(), Change: change != (driver.ImageChange{}),
			Wait: func(operation driver.Operation) (driver.Image, error) {
				return cl.WaitImage(limited, state.toImage(), operation)
			},
			Keep: func(latest driver.Image) {
				state.fromImage(cl.Descriptor, latest)
				kit.UpdateResult(resp).Set(ctx, state, state.toIdentity())
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

// Delete deletes the template and waits until it is gone, unless deletion_policy retains it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, cl, ok := kit.BeginDelete[resourceModel](ctx, &r.ResourceBase, req, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Delete, defaultDelete, &resp.Diagnostics)
	defer cancel()

	ref, err := state.ref(), error(nil)
	if state.isPending() {
		// A template that is not complete cannot be deleted yet, and would appear afterwards.
		ref, err = cl.IdentifyImage(limited, ref, kit.LoadOperation(ctx, req.Private, &resp.Diagnostics))
	}
	if err == nil {
		err = cl.DeleteImage(limited, ref)
	}
	kit.FinishDelete(&resp.Diagnostics, err)
}

package image

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// Long enough for the download of a real disk; the timeouts attribute overrides them.
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
	_ resource.ResourceWithMoveState      = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_custom_image.
type Resource struct{ kit.ResourceBase }

// NewResource returns the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.NewResourceBase(noun, drivers)}
}

// Create imports the image into the cloud and waits until it is ready. The image is in the state however the wait ends.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	// A URL that must not be in a plan is only in the configuration.
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	cl, ok := r.Cloud(plan.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	link := config.source().ValueString()
	if plan.DetectContentChanges.ValueBool() {
		// Before the cloud downloads the file, so that the next plan finds a change in between.
		plan.SourceFingerprint = kit.StringOrNull(fingerprint(limited, link))
	}

	made, operation, err := cl.CreateImage(limited, plan.toSpec(link))
	if err != nil {
		kit.AddError(&resp.Diagnostics, redactError(err, link))
		return
	}
	// The image exists and uses storage, so it is in the state whichever way the wait ends.
	ready, err := cl.WaitImage(limited, made, operation)
	ready.ErrorMessage = redactFor(plan, ready.ErrorMessage, link)
	plan.fromImage(cl.Descriptor, ready)
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity(cl.Descriptor))
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, redactError(err, link))
}

// redactFor removes a URL that must not be in the state from a text for the state.
func redactFor(m resourceModel, text, link string) string {
	if m.URLWOVersion.IsNull() {
		return text
	}
	return redact(text, link)
}

// Read sets the state to what the cloud reports, and removes an image that is gone.
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
		r.RemoveFromState(ctx, resp, cl, state.loss(), state.toIdentity(cl.Descriptor), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	case image.Standard:
		resp.Diagnostics.AddError("Unable to manage a standard image", fmt.Sprintf("%s belongs to %s, so Terraform can "+
			"neither change nor delete it.\n\nUse the data source cloudsnap_images to read standard images.",
			kit.Visible(state.ID.ValueString()), cl.Title))
		return
	}
	state.applyDefaults()
	if state.State.IsNull() {
		state.forgetFixed()
	}
	state.fromImage(cl.Descriptor, image)
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity(cl.Descriptor))
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
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Update, defaultUpdate, &resp.Diagnostics)
	defer cancel()

	link := config.source().ValueString()
	if plan.SourceFingerprint.IsUnknown() {
		plan.SourceFingerprint = kit.StringOrNull(fingerprint(limited, link))
	}
	change := state.toChange(plan)
	if state.isPending() {
		ready, goOn := kit.Resume(ctx, req, resp, kit.Resumption[driver.Image]{
			ID: state.ID.ValueString(), Change: change != (driver.ImageChange{}),
			Wait: func(operation driver.Operation) (driver.Image, error) {
				latest, err := cl.WaitImage(limited, state.toImage(), operation)
				latest.ErrorMessage = redactFor(plan, latest.ErrorMessage, link)
				return latest, redactError(err, link)
			},
			Keep: func(latest driver.Image) {
				state.fromImage(cl.Descriptor, latest)
				kit.UpdateResult(resp).Set(ctx, state, state.toIdentity(cl.Descriptor))
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
	if plan.LastModifiedAt.IsUnknown() {
		plan.LastModifiedAt = state.LastModifiedAt
	}
	kit.SetPlanned(ctx, req.Plan, &resp.State, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity(cl.Descriptor))...)
}

// Delete deletes the image and waits until it is gone, unless deletion_policy retains it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, cl, ok := kit.BeginDelete[resourceModel](ctx, &r.ResourceBase, req, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, state.Timeouts.Delete, defaultDelete, &resp.Diagnostics)
	defer cancel()

	operation := kit.LoadOperation(ctx, req.Private, &resp.Diagnostics)
	ref, err := cl.IdentifyImage(limited, state.ref(), operation)
	if err == nil {
		err = cl.DeleteImage(limited, ref)
	}
	kit.FinishDelete(&resp.Diagnostics, err)
}

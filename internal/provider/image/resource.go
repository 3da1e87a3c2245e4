package image

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
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
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_custom_image.
type Resource struct{ kit.ResourceBase }

// NewResource makes the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.ResourceBase{Base: kit.Base{Drivers: drivers}}}
}

// Metadata names the type. The identity is mutable because an ID that the cloud names late comes after the object is in
// the state.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_custom_image"
	resp.ResourceBehavior.MutableIdentity = true
}

// Create has the cloud fetch the image, waits until it is ready, and keeps it however the wait ends.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	// Only the configuration has a URL that must be in no plan.
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
		// Asked for before the cloud fetches the file: a change in between is found by the next plan, and not
		// overlooked.
		plan.SourceFingerprint = kit.StringOrNull(fingerprint(limited, link))
	}

	made, operation, err := cl.CreateImage(limited, plan.toSpec(link))
	if err != nil {
		kit.AddError(&resp.Diagnostics, redactError(err, link))
		return
	}
	// The image exists and takes up storage: whichever way the wait ends, the state has it.
	ready, err := cl.WaitImage(limited, made, operation)
	ready.ErrorMessage = redactFor(plan, ready.ErrorMessage, link)
	r.keep(ctx, cl, &plan, ready, &resp.State, resp.Identity, &resp.Diagnostics)
	kit.FinishCreate(ctx, resp, plan.ID.ValueString(), operation, redactError(err, link))
}

// redactFor takes a URL that must not be in the state out of a text for the state.
func redactFor(m resourceModel, text, link string) string {
	if m.URLWOVersion.IsNull() {
		return text
	}
	return redact(text, link)
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
		kit.RemoveFromState(ctx, resp, state.loss(cl), state.toIdentity(cl.Descriptor), err)
		return
	case err != nil:
		kit.AddError(&resp.Diagnostics, err)
		return
	case image.Standard:
		resp.Diagnostics.AddError("Unable to manage a standard image", fmt.Sprintf("%s belongs to %s: Terraform could neither change nor delete it.\n\n"+
			"Look standard images up with the data source cloudsnap_images.", kit.Visible(state.ID.ValueString()), cl.Title))
		return
	}
	state.applyDefaults()
	r.keep(ctx, cl, &state, image, &resp.State, resp.Identity, &resp.Diagnostics)
	if !state.unfinished() {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
}

// Delete deletes the image and waits until it is gone, or only forgets it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	if state.DeletionPolicy.ValueString() == kit.PolicyRetain {
		kit.Kept(&resp.Diagnostics, "image", state.ID.ValueString())
		return
	}
	cl, ok := r.Cloud(state.Cloud.ValueString(), &resp.Diagnostics)
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

// keep writes what is known of an image into state and identity.
func (r *Resource) keep(ctx context.Context, cl *cloud.Cloud, m *resourceModel, i driver.Image, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	m.fromImage(cl.Descriptor, i)
	diags.Append(state.Set(ctx, *m)...)
	diags.Append(identity.Set(ctx, m.toIdentity(cl.Descriptor))...)
}

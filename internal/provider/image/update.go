package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

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
	if state.unfinished() {
		// A cloud may not even show an image before it is finished, so the wait comes first.
		job := kit.LoadJob(limited, req.Private, &resp.Diagnostics)
		if job.Done() {
			job.Watch = true
		}
		ready, err := cl.WaitImage(limited, state.known(), job)
		ready.ErrorMessage = hideFor(plan, ready.ErrorMessage, link)
		if err != nil {
			r.stopped(ctx, cl, &state, &plan, change, ready, hush(err, link), resp)
			return
		}
		kit.SaveJob(ctx, resp.Private, cloud.Job{}, &resp.Diagnostics)
		name, description := plan.Name, plan.Description
		state.fromImage(cl.Descriptor, ready)
		plan.fromImage(cl.Descriptor, ready)
		plan.Name, plan.Description = name, keep(description, state.Description)
	}
	switch {
	case change != (cloud.ImageChange{}):
		image, err := cl.UpdateImage(limited, state.ref(), change)
		if err != nil {
			kit.Fail(&resp.Diagnostics, err)
			return
		}
		plan.LastModifiedAt = kit.TimeOrNull(image.ModifiedAt)
	case plan.LastModifiedAt.IsUnknown():
		plan.LastModifiedAt = state.LastModifiedAt
	}
	// Everything else is in the plan as it was read a moment ago.
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity(cl.Descriptor))...)
}

// stopped ends an update whose wait did not come to its end.
func (r *Resource) stopped(ctx context.Context, cl *cloud.Cloud, state, plan *resourceModel, change cloud.ImageChange, latest cloud.Image, err error, resp *resource.UpdateResponse) {
	if cloud.KindOf(err) == cloud.KindCanceled && change == (cloud.ImageChange{}) {
		r.keep(ctx, cl, plan, latest, &resp.State, resp.Identity, &resp.Diagnostics)
		kit.Interrupted(&resp.Diagnostics, err, state.ID.ValueString())
		return
	}
	// What was to be changed has not been: the state stays as it was but for what the wait has seen.
	r.keep(ctx, cl, state, latest, &resp.State, resp.Identity, &resp.Diagnostics)
	kit.Fail(&resp.Diagnostics, err)
}

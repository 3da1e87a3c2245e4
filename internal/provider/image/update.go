package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

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
		ready, goOn := kit.Resume(ctx, req, resp, kit.Resumption[driver.Image]{
			ID: state.ID.ValueString(), Change: change != (driver.ImageChange{}),
			Wait: func(operation driver.Operation) (driver.Image, error) {
				latest, err := cl.WaitImage(limited, state.known(), operation)
				latest.ErrorMessage = redactFor(plan, latest.ErrorMessage, link)
				return latest, redactError(err, link)
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
	if plan.LastModifiedAt.IsUnknown() {
		plan.LastModifiedAt = state.LastModifiedAt
	}
	kit.SetPlanned(ctx, req.Plan, &resp.State, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.toIdentity(cl.Descriptor))...)
}

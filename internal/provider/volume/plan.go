package volume

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ModifyPlan reports at plan time what would fail at apply: a cloud that is not configured, and a snapshot that does
// not exist or has failed. Terraform destroys the old volume of a replacement first, so that counts twice there.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	if !ok || !r.CheckConfig(req.Config, req.State.Raw, &resp.Diagnostics) {
		return
	}
	if !p.Create {
		if cl, ok := r.PlanCloud(p.Cloud.Name, &resp.Diagnostics); ok {
			cl.Track(p.State.ref())
		}
		return
	}
	limited, cancel := kit.Timeout(ctx, p.Plan.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	_, cl, ok := r.PlanCreate(limited, p.Cloud, req.Config, p.Plan, resp)
	if !ok || p.Plan.SnapshotID.IsUnknown() {
		return
	}
	if err := cl.CheckVolume(limited, p.Plan.toSpec()); err != nil {
		kit.AddError(&resp.Diagnostics, err, path.Root("snapshot_id"))
	}
}

package template

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ImportState splits an import ID or an identity into the parts of the address. The read that follows does the rest. An
// ID may have one more part: the snapshot that the template was created from, which the cloud does not report.
func (r *Resource) ImportState(
	ctx context.Context,
	req resource.ImportStateRequest,
	resp *resource.ImportStateResponse,
) {
	if at := strings.LastIndex(req.ID, "/"); at > 0 && at < len(req.ID)-1 {
		if d, ref, err := r.ParseID(req.ID[:at]); err == nil {
			snapshot := types.StringValue(req.ID[at+1:])
			if p, ok := rules.CheckSnapshotID(d, kit.Value(snapshot)); !ok {
				kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
				return
			}
			r.SetAddress(ctx, d, ref, resp)
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("snapshot_id"), snapshot)...)
			return
		}
	}
	r.ResourceBase.ImportState(ctx, req, resp)
}

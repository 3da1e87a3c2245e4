package template

import (
	"context"

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
	address, ok := r.ImportAddress(ctx, req, resp)
	if !ok || address.Extra == "" {
		return
	}
	snapshot := types.StringValue(address.Extra)
	if p, ok := rules.CheckSnapshotID(address.Cloud, kit.Value(snapshot)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("snapshot_id"), snapshot)...)
}

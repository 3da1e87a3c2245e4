package template

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var address = kit.Address{
	Capability: driver.CapabilitySnapshotTemplate,
	Parts:      func(t driver.Limits) []driver.IDPart { return t.ImageID },
	Object:     "template_id",
	Note:       "The ID of the snapshot that the template was made of may follow, after another slash.",
}

// ImportState takes an import ID or an identity apart; the read that follows does the rest. An ID may have one part
// more: the snapshot that the template was made of, which nobody but the user knows.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if at := strings.LastIndex(req.ID, "/"); at > 0 && at < len(req.ID)-1 {
		if d, ref, err := r.ParseID(address.Capability, address.Parts, req.ID[:at]); err == nil {
			snapshot := types.StringValue(req.ID[at+1:])
			if p, ok := rules.CheckSnapshotID(d, kit.OptionalString(snapshot)); !ok {
				kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
				return
			}
			address.Keep(ctx, d, ref, resp)
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("snapshot_id"), snapshot)...)
			return
		}
	}
	r.Import(ctx, address, req, resp)
}

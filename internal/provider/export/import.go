package export

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var address = kit.Address{
	Capability: driver.CapabilitySnapshotExport,
	Parts:      func(t driver.Limits) []driver.IDPart { return t.SnapshotID },
	Object:     "snapshot_id",
}

// ImportState takes an import ID or an identity apart; the read that follows does the rest, and finds nothing where the
// snapshot is not exported.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.Import(ctx, address, req, resp)
}

package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

var address = kit.Address{
	Capability: driver.CapabilityCustomImage,
	Parts:      func(t driver.Limits) []driver.IDPart { return t.ImageID },
	Object:     "image_id",
}

// ImportState takes an import ID or an identity apart; the read that follows does the rest, and refuses what is not the
// customer's.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.Import(ctx, address, req, resp)
}

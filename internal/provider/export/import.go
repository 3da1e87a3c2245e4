package export

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ImportState takes an import ID or an identity apart; the read that follows does the rest, and finds nothing where the snapshot is not exported.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var (
		d   cloud.Descriptor
		ref cloud.Ref
		err error
	)
	if req.ID != "" {
		d, ref, err = r.ParseID(cloud.AbilitySnapshotExport, snapshotID, req.ID)
	} else {
		identity, ok := kit.Decode[identityModel](ctx, req.Identity, &resp.Diagnostics)
		if !ok {
			return
		}
		d, ref, err = r.ParseIdentity(cloud.AbilitySnapshotExport, snapshotID, identity.Cloud.ValueString(), refOf(identity.Location, identity.SnapshotID))
	}
	if err != nil {
		resp.Diagnostics.AddError("Invalid import ID", err.Error())
		return
	}
	m := resourceModel{Cloud: types.StringValue(d.Name), Location: kit.StringOrNull(ref.Location), SnapshotID: kit.StringOrNull(ref.ObjectID)}
	m.ID = kit.IDOrNull(d, d.Traits.SnapshotID, ref)
	for name, value := range map[string]types.String{"cloud": m.Cloud, "location": m.Location, "snapshot_id": m.SnapshotID, "id": m.ID} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.toIdentity())...)
}

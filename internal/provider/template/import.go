package template

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

func templateID(t cloud.Traits) []cloud.IDPart { return t.ImageID }

// ImportState takes an import ID or an identity apart; the read that follows does the rest.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var (
		d          cloud.Descriptor
		ref        cloud.Ref
		snapshotID string
		err        error
	)
	if req.ID != "" {
		d, ref, snapshotID, err = r.parseID(req.ID)
	} else {
		identity, ok := kit.Decode[identityModel](ctx, req.Identity, &resp.Diagnostics)
		if !ok {
			return
		}
		d, ref, err = r.ParseIdentity(cloud.AbilitySnapshotTemplate, templateID, identity.Cloud.ValueString(), identity.toRef())
	}
	if err != nil {
		resp.Diagnostics.AddError("Invalid import ID", err.Error())
		return
	}
	m := resourceModel{Cloud: types.StringValue(d.Name), Location: kit.StringOrNull(ref.Location), TemplateID: kit.StringOrNull(ref.ObjectID)}
	m.SnapshotID, m.ID = kit.StringOrNull(snapshotID), kit.IDOrNull(d, d.Traits.ImageID, ref)
	for name, value := range map[string]types.String{"cloud": m.Cloud, "location": m.Location, "snapshot_id": m.SnapshotID, "template_id": m.TemplateID, "id": m.ID} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.toIdentity())...)
}

// parseID also takes an ID with one part more: the snapshot that the template was made of, which nobody but the user knows.
func (r *Resource) parseID(id string) (d cloud.Descriptor, ref cloud.Ref, snapshotID string, err error) {
	d, ref, err = r.ParseID(cloud.AbilitySnapshotTemplate, templateID, id)
	if err == nil {
		return d, ref, "", nil
	}
	if at := strings.LastIndex(id, "/"); at > 0 && at < len(id)-1 {
		if d, ref, problem := r.ParseID(cloud.AbilitySnapshotTemplate, templateID, id[:at]); problem == nil {
			return d, ref, id[at+1:], nil
		}
	}
	return d, ref, "", fmt.Errorf("%w\n\nThe ID of the snapshot that the template was made of may follow, after another slash", err)
}

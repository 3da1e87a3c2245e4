package snapshot

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ImportState takes an import ID or an identity apart; the read that follows does the rest.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var (
		d   cloud.Descriptor
		ref cloud.Ref
		err error
	)
	if req.ID != "" {
		d, ref, err = r.parseID(req.ID)
	} else {
		identity, ok := kit.Decode[identityModel](ctx, req.Identity, &resp.Diagnostics)
		if !ok {
			return
		}
		d, ref, err = r.parseIdentity(identity)
	}
	if err != nil {
		resp.Diagnostics.AddError("Invalid import ID", err.Error())
		return
	}
	var m resourceModel
	m.Cloud = kit.StringOrNull(d.Name)
	m.Location, m.SourceID, m.SnapshotID = kit.StringOrNull(ref.Location), kit.StringOrNull(ref.SourceID), kit.StringOrNull(ref.ObjectID)
	m.ID = idOrNull(d, ref)
	for name, value := range map[string]any{"cloud": m.Cloud, "location": m.Location, "source_id": m.SourceID, "snapshot_id": m.SnapshotID, "id": m.ID} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.toIdentity(d))...)
}

func (r *Resource) parseID(id string) (cloud.Descriptor, cloud.Ref, error) {
	for _, driver := range r.Drivers {
		d := driver.Descriptor()
		if len(id) > len(d.Name) && id[:len(d.Name)+1] == d.Name+"/" || id == d.Name {
			ref, err := d.ParseID(d.Traits.SnapshotID, id)
			return d, ref, err
		}
	}
	shapes := ""
	for _, driver := range r.Drivers {
		d := driver.Descriptor()
		shapes += "\n  " + d.IDShape(d.Traits.SnapshotID)
	}
	return cloud.Descriptor{}, cloud.Ref{}, fmt.Errorf("the import ID %q does not begin with the name of a cloud. Expected is one of:%s", id, shapes)
}

// parseIdentity checks an identity by the same rules as an import ID.
func (r *Resource) parseIdentity(identity identityModel) (cloud.Descriptor, cloud.Ref, error) {
	d, ok := r.Descriptor(identity.Cloud.ValueString())
	if !ok {
		return d, cloud.Ref{}, fmt.Errorf("this provider knows no cloud %q", identity.Cloud.ValueString())
	}
	ref, err := d.ParseID(d.Traits.SnapshotID, d.FormatID(d.Traits.SnapshotID, identity.toRef()))
	if err != nil {
		return d, ref, fmt.Errorf("the identity is not complete: %s needs all parts of %s", d.Title, d.IDShape(d.Traits.SnapshotID))
	}
	return d, ref, nil
}

package image

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ImportState takes an import ID or an identity apart; the read that follows does the rest, and refuses what is not the customer's.
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
	m.Cloud, m.Location, m.ImageID, m.ID = kit.StringOrNull(d.Name), kit.StringOrNull(ref.Location), kit.StringOrNull(ref.ObjectID), idOrNull(d, ref)
	for name, value := range map[string]any{"cloud": m.Cloud, "location": m.Location, "image_id": m.ImageID, "id": m.ID} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.toIdentity(d))...)
}

// parseID finds the cloud that an import ID begins with.
func (r *Resource) parseID(id string) (cloud.Descriptor, cloud.Ref, error) {
	name, _, _ := strings.Cut(id, "/")
	if d, ok := r.able(name); ok {
		ref, err := d.ParseID(d.Traits.ImageID, id)
		return d, ref, err
	}
	shapes := ""
	for _, name := range cloud.WhoCan(r.Drivers, cloud.AbilityCustomImage) {
		d, _ := r.able(name)
		shapes += "\n  " + d.IDShape(d.Traits.ImageID)
	}
	return cloud.Descriptor{}, cloud.Ref{}, fmt.Errorf("the import ID %q does not begin with the name of a cloud that keeps custom images. Expected is one of:%s", id, shapes)
}

// parseIdentity checks an identity by the same rules as an import ID.
func (r *Resource) parseIdentity(identity identityModel) (cloud.Descriptor, cloud.Ref, error) {
	d, ok := r.able(identity.Cloud.ValueString())
	if !ok {
		return d, cloud.Ref{}, fmt.Errorf("this provider knows no cloud %q that keeps custom images", identity.Cloud.ValueString())
	}
	ref, err := d.ParseID(d.Traits.ImageID, d.FormatID(d.Traits.ImageID, identity.toRef()))
	if err != nil {
		return d, ref, fmt.Errorf("the identity is not complete: %s needs all parts of %s", d.Title, d.IDShape(d.Traits.ImageID))
	}
	return d, ref, nil
}

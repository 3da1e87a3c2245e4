package kit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
)

// Address says how the objects of a resource are addressed. State and identity name the parts alike.
type Address struct {
	Ability cloud.Ability
	// Parts are the parts of an import ID after the cloud's name.
	Parts func(cloud.Traits) []cloud.IDPart
	// Note is said of an ID that does not fit, besides the forms that do; may be empty.
	Note string
	// Object is the attribute with the cloud's own ID: "snapshot_id".
	Object string
}

// attribute is what holds a part.
func (a Address) attribute(p cloud.IDPart) string {
	switch p {
	case cloud.PartSource:
		return "source_id"
	case cloud.PartLocation:
		return "location"
	default:
		return a.Object
	}
}

// Import takes an import ID or an identity apart, into state and identity; the read that follows does the rest.
func (b *Base) Import(ctx context.Context, a Address, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var (
		d   cloud.Descriptor
		ref cloud.Ref
		err error
	)
	// Without an identity even an empty ID is meant as one, and deserves the answer that shows the forms.
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsFullyNull() {
		d, ref, err = b.ParseID(a.Ability, a.Parts, req.ID)
	} else {
		d, ref, err = b.parseIdentity(ctx, a, req.Identity, &resp.Diagnostics)
	}
	if err != nil {
		detail := capital(err.Error())
		if a.Note != "" {
			detail += "\n\n" + a.Note
		}
		resp.Diagnostics.AddError("Invalid import ID", detail)
	}
	if !resp.Diagnostics.HasError() {
		a.Keep(ctx, d, ref, resp)
	}
}

// Keep writes an address into the state and the identity of an import.
func (a Address) Keep(ctx context.Context, d cloud.Descriptor, ref cloud.Ref, resp *resource.ImportStateResponse) {
	set := func(attribute, value string) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	set("cloud", d.Name)
	parts := a.Parts(d.Traits)
	for _, p := range parts {
		set(a.attribute(p), ref.Part(p))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), IDOrNull(d, parts, ref))...)
}

// parseIdentity checks the parts of an identity by the same rules as an import ID.
func (b *Base) parseIdentity(ctx context.Context, a Address, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) (cloud.Descriptor, cloud.Ref, error) {
	get := func(attribute string) string {
		var v types.String
		diags.Append(identity.GetAttribute(ctx, path.Root(attribute), &v)...)
		return v.ValueString()
	}
	name := get("cloud")
	var ref cloud.Ref
	if d, ok := b.Descriptor(name); ok {
		for _, p := range a.Parts(d.Traits) {
			ref.SetPart(p, get(a.attribute(p)))
		}
	}
	return b.ParseIdentity(a.Ability, a.Parts, name, ref)
}

package kit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// Address says how the objects of a resource are addressed. State and identity name the parts alike.
type Address struct {
	Capability driver.Capability
	// Parts are the parts of an import ID after the cloud's name.
	Parts func(driver.Limits) []driver.IDPart
	// Note is said of an ID that does not fit, besides the forms that do; may be empty.
	Note string
	// Object is the attribute with the cloud's own ID: "snapshot_id".
	Object string
}

// attribute is what holds a part.
func (a Address) attribute(p driver.IDPart) string {
	switch p {
	case driver.PartSource:
		return "source_id"
	case driver.PartLocation:
		return "location"
	default:
		return a.Object
	}
}

// Import takes an import ID or an identity apart, into state and identity; the read that follows does the rest.
func (b *Base) Import(ctx context.Context, a Address, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var (
		d       driver.Descriptor
		ref     driver.Ref
		err     error
		summary = "Invalid import ID"
	)
	// Without an identity even an empty ID is meant as one, and deserves the answer that shows the forms.
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsFullyNull() {
		d, ref, err = b.ParseID(a.Capability, a.Parts, req.ID)
	} else {
		summary = "Invalid import identity"
		d, ref, err = b.parseIdentity(ctx, a, req.Identity, &resp.Diagnostics)
	}
	if err != nil {
		detail := visibleLines(capital(err.Error()))
		if a.Note != "" && req.ID != "" {
			detail += "\n\n" + a.Note
		}
		resp.Diagnostics.AddError(summary, detail)
	}
	if !resp.Diagnostics.HasError() {
		a.Keep(ctx, d, ref, resp)
	}
}

// Keep writes an address into the state and the identity of an import.
func (a Address) Keep(ctx context.Context, d driver.Descriptor, ref driver.Ref, resp *resource.ImportStateResponse) {
	set := func(attribute, value string) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
		resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	set("cloud", d.Name)
	parts := a.Parts(d.Limits)
	for _, p := range parts {
		set(a.attribute(p), ref.Part(p))
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), IDOrNull(d, parts, ref))...)
}

// parseIdentity reads the parts of an address from an identity. A location that is left out is the provider's default.
// The error names the attributes that are missing or cannot be a part of an address.
func (b *Base) parseIdentity(ctx context.Context, a Address, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) (driver.Descriptor, driver.Ref, error) {
	get := func(attribute string) types.String {
		var v types.String
		diags.Append(identity.GetAttribute(ctx, path.Root(attribute), &v)...)
		return v
	}
	name, able := get("cloud").ValueString(), driver.SupportedBy(b.Drivers, a.Capability)
	if !slices.Contains(able, name) {
		return driver.Descriptor{}, driver.Ref{}, errors.New(stop(fmt.Sprintf("the cloud of the identity must be %s, not %s%s",
			orList(able), driver.Quote(name), suggest(name, able))))
	}
	d, _ := b.Descriptor(name)
	parts := a.Parts(d.Limits)
	var (
		ref     driver.Ref
		missing []string
		hint    string
	)
	for _, p := range parts {
		value := get(a.attribute(p))
		if p == driver.PartLocation && value.ValueString() == "" && b.Clouds != nil {
			value = b.DefaultLocation(d, value)
		}
		ref.SetPart(p, value.ValueString())
		switch {
		case value.ValueString() == "":
			missing = append(missing, a.attribute(p))
			if problem, ok := rules.CheckLocation(d, OptionalString(types.StringNull())); p == driver.PartLocation && !ok {
				hint = "\n\n" + problem.Hint
			}
		case !driver.IsPart(value.ValueString()):
			return d, ref, fmt.Errorf("the %s of the identity must be an ID, not %s", a.attribute(p), driver.Quote(value.ValueString()))
		}
	}
	if len(missing) > 0 {
		return d, ref, fmt.Errorf("the identity needs %s at %s.%s", strings.Join(missing, " and "), d.Title, hint)
	}
	return d, ref, nil
}

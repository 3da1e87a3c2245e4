package kit

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// ImportAddress splits an import ID or an identity into the parts of the address, and sets them in state and identity.
// It is false after an error.
func (b *Base) ImportAddress(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) (address Address, ok bool) {
	var (
		err     error
		summary = "Invalid import ID"
	)
	// Without an identity even an empty ID is meant as one, and deserves the answer that shows the forms.
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsFullyNull() {
		address, err = b.ParseID(req.ID)
	} else {
		summary = "Invalid import identity"
		address.Cloud, address.Ref, err = b.parseIdentity(ctx, req.Identity, &resp.Diagnostics)
	}
	if err != nil {
		detail := visibleLines(capital(err.Error()))
		if b.Noun.ImportNote != "" && req.ID != "" {
			detail += "\n\n" + b.Noun.ImportNote
		}
		resp.Diagnostics.AddError(summary, detail)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(b.setAddress(ctx, address.Cloud, address.Ref, &resp.State, resp.Identity)...)
	}
	return address, !resp.Diagnostics.HasError()
}

// setAddress sets the parts of an address in a state and an identity.
func (b *Base) setAddress(
	ctx context.Context, d driver.Descriptor, ref driver.Ref, state *tfsdk.State, identity *tfsdk.ResourceIdentity,
) (diags diag.Diagnostics) {
	set := func(attribute, value string) {
		diags.Append(state.SetAttribute(ctx, path.Root(attribute), value)...)
		diags.Append(identity.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	set("cloud", d.Name)
	parts := b.Noun.IDParts(d.Limits)
	for _, p := range parts {
		set(b.Noun.Attribute(p), ref.Part(p))
	}
	diags.Append(state.SetAttribute(ctx, path.Root("id"), IDOrNull(d, parts, ref))...)
	return diags
}

// parseIdentity reads the parts of an address from an identity. A location that is left out is the provider's default.
// The error names the attributes that are missing or cannot be a part of an address.
func (b *Base) parseIdentity(
	ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics,
) (driver.Descriptor, driver.Ref, error) {
	get := func(attribute string) types.String {
		var v types.String
		diags.Append(identity.GetAttribute(ctx, path.Root(attribute), &v)...)
		return v
	}
	name, able := get("cloud").ValueString(), driver.SupportedBy(b.Drivers, b.Noun.Capability)
	if !slices.Contains(able, name) {
		return driver.Descriptor{}, driver.Ref{}, errors.New(stop(fmt.Sprintf("the cloud of the identity must be %s, not "+
			"%s%s",
			orList(able), driver.Quote(name), suggest(name, able))))
	}
	d, _ := b.Descriptor(name)
	parts := b.Noun.IDParts(d.Limits)
	var (
		ref     driver.Ref
		missing []string
		hint    string
	)
	for _, p := range parts {
		value := get(b.Noun.Attribute(p))
		if p == driver.PartLocation && value.ValueString() == "" && b.Clouds != nil {
			value = b.DefaultLocation(d, value)
		}
		ref.SetPart(p, value.ValueString())
		switch {
		case value.ValueString() == "":
			missing = append(missing, b.Noun.Attribute(p))
			if problem, ok := rules.CheckLocation(d, rules.Value{}); p == driver.PartLocation && !ok {
				hint = "\n\n" + problem.Hint
			}
		case !driver.IsPart(value.ValueString()):
			return d, ref, fmt.Errorf(
				"the %s of the identity must be an ID, not %s",
				b.Noun.Attribute(p),
				driver.Quote(value.ValueString()),
			)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(objectValues(identity.Raw))) {
		isPart := slices.ContainsFunc(parts, func(p driver.IDPart) bool { return b.Noun.Attribute(p) == name })
		if name != "cloud" && !isPart && get(name).ValueString() != "" {
			return d, ref, fmt.Errorf("the identity has a %s, which identifies no %s at %s", name, b.Noun.Name, d.Title)
		}
	}
	if len(missing) > 0 {
		return d, ref, fmt.Errorf("the identity needs %s at %s.%s", strings.Join(missing, " and "), d.Title, hint)
	}
	return d, ref, nil
}

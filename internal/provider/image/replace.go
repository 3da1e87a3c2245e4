package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	replaceURLText = "Changing this forces a new image to be created, unless the state has none after an import, or the " +
		"same value moves to url_wo."
	replaceVersionText = "Changing this forces a new image to be created."
)

// urlReplaces reports whether a change of url replaces the image. A state without it comes from an import that did not
// report it, or from url_wo, whose version decides. If url is removed, the same value in url_wo is the same image.
func urlReplaces(
	ctx context.Context,
	req planmodifier.StringRequest,
	resp *stringplanmodifier.RequiresReplaceIfFuncResponse,
) {
	if req.StateValue.IsNull() {
		return
	}
	if !req.PlanValue.IsNull() {
		resp.RequiresReplace = true
		return
	}
	var secret types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("url_wo"), &secret)...)
	resp.RequiresReplace = secret.IsUnknown() || secret.ValueString() != req.StateValue.ValueString()
}

// versionReplaces reports whether a change of url_wo_version replaces the image. The first version does not: it comes
// with url_wo, for which urlReplaces decides.
func versionReplaces(
	_ context.Context,
	req planmodifier.Int64Request,
	resp *int64planmodifier.RequiresReplaceIfFuncResponse,
) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

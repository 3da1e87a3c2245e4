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
	replaceURLText     = "Another URL replaces the image. One that was not known after an import is taken over, and the same one may move to url_wo."
	replaceVersionText = "Another version replaces the image."
)

// urlReplaces decides for url. A state without it comes from an import that could not tell it, or from url_wo, whose
// version decides. An url that goes away has become url_wo: the same value there is the same image.
func urlReplaces(ctx context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
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

// versionReplaces decides for url_wo_version: a first version comes with url_wo, for which urlReplaces decides.
func versionReplaces(_ context.Context, req planmodifier.Int64Request, resp *int64planmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

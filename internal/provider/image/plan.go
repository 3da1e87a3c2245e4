package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ValidateConfig finds what a cloud would refuse, as far as the configuration alone tells.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	d, ok := r.able(config.Cloud.ValueString())
	if !ok {
		// Unknown, or refused by the attribute's own validator.
		return
	}
	draft := config.config()
	if config.Location.IsNull() {
		// The provider may have a default, which is not known while validating.
		draft.Location.Unknown = true
	}
	kit.AddViolations(rules.CheckImage(d, draft), &resp.Diagnostics)
	kit.AddViolations(config.checkURL(), &resp.Diagnostics)
}

// able finds a cloud that keeps custom images.
func (r *Resource) able(name string) (driver.Descriptor, bool) {
	for _, drv := range r.Drivers {
		if d := drv.Descriptor(); d.Name == name {
			return d, driver.Supports(drv, driver.CapabilityCustomImage)
		}
	}
	return driver.Descriptor{}, false
}

// ModifyPlan tells at plan time what would fail at apply: a cloud that is not configured, a missing zone. It also plans
// the rest of an interrupted wait and the replacement of an image whose file has changed.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer kit.EndPlan(ctx, "image", req, resp)
	if req.Plan.Raw.IsNull() || r.Clouds == nil {
		return
	}
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok || plan.Cloud.IsUnknown() {
		return
	}
	if req.State.Raw.IsNull() {
		r.planCreate(ctx, config, plan, resp)
		return
	}
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	r.planUpdate(ctx, config, state, plan, kit.Replaces(ctx, req, resp), resp)
}

func (r *Resource) planCreate(ctx context.Context, config, plan resourceModel, resp *resource.ModifyPlanResponse) {
	d, ok := r.able(plan.Cloud.ValueString())
	if !ok {
		return
	}
	if config.Location.IsNull() {
		plan.Location = r.NewLocation(d, plan, plan.Location)
	}
	planDefaults(d.Limits.Image, config, &plan)
	if text, ok := d.Limits.Image.OSTypeWarnings[plan.OSType.ValueString()]; ok {
		resp.Diagnostics.AddAttributeWarning(path.Root("os_type"), "Operating system not supported by the cloud", text)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if r.Clouds.Unknown(d.Name) {
		return
	}
	if p, ok := rules.CheckLocation(d, kit.OptionalString(plan.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
		return
	}
	r.Cloud(d.Name, &resp.Diagnostics)
}

// planDefaults plans what is certain before an image is made: the defaults, and null for what the cloud does not know.
func planDefaults(rule driver.ImageRule, config resourceModel, plan *resourceModel) {
	if config.SSHKeyEnabled.IsNull() {
		plan.SSHKeyEnabled = types.BoolValue(true)
	}
	if config.PasswordEnabled.IsNull() {
		plan.PasswordEnabled = types.BoolValue(false)
	}
	for _, f := range driver.ImageFields() {
		if !rule.Knows(f) {
			plan.setNull(f)
		}
	}
	if !plan.DetectContentChanges.IsUnknown() && !plan.DetectContentChanges.ValueBool() {
		plan.SourceFingerprint = types.StringNull()
	}
}

func (r *Resource) planUpdate(ctx context.Context, config, state, plan resourceModel, replaces bool, resp *resource.ModifyPlanResponse) {
	if r.Clouds.Unknown(state.Cloud.ValueString()) {
		return
	}
	cl, ok := r.Cloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	cl.Track(state.ref())
	if replaces {
		return
	}
	rule := cl.Limits.Image
	if state.unfinished() {
		plan.setUnknown(rule)
	}
	if !rule.Knows(driver.ImageLastModifiedAt) {
		plan.setNull(driver.ImageLastModifiedAt)
	}
	if news := content(ctx, config, state); news != "" {
		plan.SourceFingerprint = types.StringUnknown()
		if !state.SourceFingerprint.IsNull() {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("source_fingerprint"))
		}
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	warnOfFailure(state, &resp.Diagnostics)
}

// content is the digest of the file behind the URL if it is news: another one than before, or the first.
func content(ctx context.Context, config, state resourceModel) string {
	link := config.source()
	if !config.DetectContentChanges.ValueBool() || link.IsUnknown() || link.IsNull() {
		return ""
	}
	if now := fingerprint(ctx, link.ValueString()); now != state.SourceFingerprint.ValueString() {
		return now
	}
	return ""
}

// warnOfFailure reminds of an image that will never be ready. It is no error: whoever only wants to plan something else
// must be able to.
func warnOfFailure(state resourceModel, diags *diag.Diagnostics) {
	if driver.State(state.State.ValueString()) != driver.StateError {
		return
	}
	reason := ""
	if text := state.ErrorMessage.ValueString(); text != "" {
		reason = fmt.Sprintf(` The cloud says: "%s".`, kit.Visible(text))
	}
	diags.AddAttributeWarning(path.Root("state"), "Image has failed", fmt.Sprintf("The image %s is in the state error and cannot be used.%s\n\n"+
		"Replace it with \"terraform apply -replace\", or destroy it.", kit.Visible(state.ID.ValueString()), reason))
}

package image

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ValidateConfig adds what the cloud does not accept, as far as the configuration alone shows.
func (r *Resource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	r.ResourceBase.ValidateConfig(ctx, req, resp)
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	d, found := r.Descriptor(config.Cloud.ValueString())
	if !ok || !found || !d.Limits.Image["url"].Supported() {
		return
	}
	violations := config.checkURL()
	if v, ok := rules.CheckURL(d, "url_wo", kit.Value(config.URLWO)); !ok && config.URL.IsNull() {
		violations = append(violations, v)
	}
	kit.AddViolations(violations, &resp.Diagnostics)
}

// checkURL checks how url, url_wo and url_wo_version are set together. Unknown values may turn out to be null.
func (m resourceModel) checkURL() []rules.Violation {
	const either = "Set either url, or url_wo with url_wo_version."
	var out []rules.Violation
	open, secret := kit.Value(m.URL), kit.Value(m.URLWO)
	version := !m.URLWOVersion.IsNull()
	switch {
	case m.URL.IsNull() && m.URLWO.IsNull():
		out = append(out, rules.Violation{
			Attribute: "url", Message: "an image requires a URL that the cloud imports it from", Hint: either,
		})
	case open.Known() && secret.Known():
		out = append(out, rules.Violation{
			Attribute: "url_wo", Message: "an image has one URL, and both url and url_wo are set", Hint: either,
		})
	case secret.Known() && !version:
		out = append(out, rules.Violation{
			Attribute: "url_wo_version", Message: "url_wo requires url_wo_version",
			Hint: "Set url_wo_version to a number of your choice, and change it when url_wo points to another file.",
		})
	}
	if m.URLWO.IsNull() && version && !m.URLWOVersion.IsUnknown() {
		out = append(out, rules.Violation{
			Attribute: "url_wo_version", Message: "url_wo_version belongs to url_wo, which is not set",
			Hint: "Remove url_wo_version from the configuration, or set url_wo.",
		})
	}
	return out
}

// ModifyPlan reports at plan time what would fail at apply: a cloud that is not configured, a missing zone. It also
// plans the rest of an interrupted wait and the replacement of an image whose file has changed.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	switch {
	case !ok:
	case p.Create:
		r.planCreate(ctx, p, req, resp)
	default:
		r.planUpdate(ctx, p, req, resp)
	}
}

func (r *Resource) planCreate(
	ctx context.Context, p kit.Planned[resourceModel], req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	plan := p.Plan
	if p.Config().SSHKeyEnabled.IsNull() {
		plan.SSHKeyEnabled = types.BoolValue(true)
	}
	if p.Config().PasswordEnabled.IsNull() {
		plan.PasswordEnabled = types.BoolValue(false)
	}
	if !plan.DetectContentChanges.IsUnknown() && !plan.DetectContentChanges.ValueBool() {
		plan.SourceFingerprint = types.StringNull()
	}
	if text, ok := p.Cloud.Limits.Image["os_type"].Warnings[plan.OSType.ValueString()]; ok {
		resp.Diagnostics.AddAttributeWarning(path.Root("os_type"), "Operating system not supported by the cloud", text)
	}
	kit.SetPlan(ctx, resp, plan)
	r.PlanCreate(ctx, p.Cloud, req.Config, plan, resp)
}

func (r *Resource) planUpdate(
	ctx context.Context, p kit.Planned[resourceModel], req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	state, plan := p.State, p.Plan
	cl, ok := r.PlanCloud(state.Cloud.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	cl.Track(state.ref())
	if p.Replaces {
		return
	}
	if changed := changedFingerprint(ctx, p.Config(), state); changed != "" {
		plan.SourceFingerprint = types.StringUnknown()
		if !state.SourceFingerprint.IsNull() {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root("source_fingerprint"))
		}
	}
	if state.isPending() {
		plan.State, plan.CreatedAt = types.StringUnknown(), timetypes.NewRFC3339Unknown()
		kit.UnknownIfNull(&plan.ID, &plan.ImageID)
	}
	kit.SetPlan(ctx, resp, plan)
	if state.isPending() {
		r.PlanUnfinished(cl.Descriptor, &resp.Plan)
	}
	r.PlanUnsupported(cl.Descriptor, req.Config, &resp.Plan)
	warnOfFailure(state, &resp.Diagnostics)
}

// changedFingerprint returns the fingerprint of the file behind the URL, or "" if the state has the same.
func changedFingerprint(ctx context.Context, config, state resourceModel) string {
	link := config.source()
	if !config.DetectContentChanges.ValueBool() || link.IsUnknown() || link.IsNull() {
		return ""
	}
	if now := fingerprint(ctx, link.ValueString()); now != state.SourceFingerprint.ValueString() {
		return now
	}
	return ""
}

// warnOfFailure warns of an image that has failed. It is not an error, because a plan may be about other resources.
func warnOfFailure(state resourceModel, diags *diag.Diagnostics) {
	if driver.State(state.State.ValueString()) != driver.StateError {
		return
	}
	reason := ""
	if text := state.ErrorMessage.ValueString(); text != "" {
		reason = fmt.Sprintf(` Reason of the cloud: "%s".`, kit.Visible(text))
	}
	diags.AddAttributeWarning(path.Root("state"), "Image has failed", fmt.Sprintf("The image %s is in the state error "+
		"and cannot be used.%s\n\nReplace it with \"terraform apply -replace\", or destroy it.",
		kit.Visible(state.ID.ValueString()), reason))
}

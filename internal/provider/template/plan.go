package template

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ValidateConfig finds what a cloud would refuse, as far as the configuration alone tells.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	d, ok := r.Descriptor(config.Cloud.ValueString())
	if !ok {
		// Unknown, or refused by the attribute's own validator.
		return
	}
	draft := config.config()
	if config.Location.IsNull() {
		// The provider may have a default, which is not known while validating.
		draft.Location.Unknown = true
	}
	kit.AddViolations(rules.CheckTemplate(d, draft), &resp.Diagnostics)
}

// ModifyPlan tells at plan time what would fail at apply, and plans the rest of an interrupted wait.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer kit.EndPlan(ctx, "template", req, resp)
	if req.Plan.Raw.IsNull() || r.Clouds == nil {
		return
	}
	plan, ok := kit.Decode[resourceModel](ctx, req.Plan, &resp.Diagnostics)
	if !ok || plan.Cloud.IsUnknown() {
		return
	}
	if req.State.Raw.IsNull() {
		config, ok := kit.Decode[resourceModel](ctx, req.Config, &resp.Diagnostics)
		if ok {
			r.planCreate(ctx, config, plan, resp)
		}
		return
	}
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if ok {
		r.planUpdate(ctx, state, plan, kit.Replaces(ctx, req, resp), resp)
	}
}

func (r *Resource) planCreate(ctx context.Context, config, plan resourceModel, resp *resource.ModifyPlanResponse) {
	name := plan.Cloud.ValueString()
	d, ok := r.Descriptor(name)
	if !ok {
		return
	}
	if config.SnapshotID.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("snapshot_id"), "Missing snapshot", "A template is made of a snapshot, and no snapshot_id is set. It may be left out "+
			"only as long as an imported template exists.\n\nSet snapshot_id, or import the template that this resource stands for.")
		return
	}
	if config.Location.IsNull() {
		plan.Location = r.NewLocation(d, plan, plan.Location)
	}
	if config.SSHKeyEnabled.IsNull() {
		plan.SSHKeyEnabled = types.BoolValue(defaultSSHKeyEnabled)
	}
	if config.PasswordEnabled.IsNull() {
		plan.PasswordEnabled = types.BoolValue(defaultPasswordEnabled)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if r.Clouds.Unknown(name) {
		return
	}
	if p, ok := rules.CheckLocation(d, kit.OptionalString(plan.Location)); !ok {
		kit.AddViolations([]rules.Violation{p}, &resp.Diagnostics)
		return
	}
	r.Cloud(name, &resp.Diagnostics)
}

func (r *Resource) planUpdate(ctx context.Context, state, plan resourceModel, replaces bool, resp *resource.ModifyPlanResponse) {
	d, ok := r.Descriptor(state.Cloud.ValueString())
	if !ok || r.Clouds.Unknown(d.Name) {
		return
	}
	cl, ok := r.Cloud(d.Name, &resp.Diagnostics)
	if !ok {
		return
	}
	cl.Track(state.ref())
	if replaces {
		return
	}
	if !state.arrived() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, unfinished(plan))...)
	}
}

// unfinished plans the rest of a wait: whatever the cloud may still tell becomes unknown.
func unfinished(plan resourceModel) resourceModel {
	for _, v := range []*types.String{&plan.Description, &plan.DefaultUser, &plan.ID, &plan.TemplateID} {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
	for _, v := range []*types.String{&plan.State, &plan.Family, &plan.Checksum, &plan.BootMode, &plan.Build, &plan.Maintainer, &plan.Visibility} {
		*v = types.StringUnknown()
	}
	plan.Consistent = types.BoolUnknown()
	plan.SizeBytes = types.Int64Unknown()
	plan.Zones = types.SetUnknown(types.StringType)
	plan.CreatedAt = timetypes.NewRFC3339Unknown()
	return plan
}

package kit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// ActionBase is embedded in every action. Its methods are those that depend on the noun alone.
type ActionBase struct {
	Base

	typeName string
}

// NewActionBase returns the base of an action on a noun for a list of clouds. typeName is its full name, because an
// action is named after what it does.
func NewActionBase(noun Noun, typeName string, drivers []driver.Driver) ActionBase {
	return ActionBase{Base{Drivers: drivers, Noun: noun}, typeName}
}

// Metadata sets the name of the type.
func (b *ActionBase) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = b.typeName
}

// Configure sets the provider's clouds.
func (b *ActionBase) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	b.configure(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig adds what the cloud does not accept, as far as the configuration alone shows.
func (b *ActionBase) ValidateConfig(
	_ context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse,
) {
	b.CheckConfig(req.Config, tftypes.Value{}, &resp.Diagnostics)
}

// CloudAttribute is the attribute `cloud` of an action.
func (b *ActionBase) CloudAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: b.cloudText(),
		Required:            true,
		Validators:          b.cloudValidators(b.typeName),
	}
}

// ActionTimeouts is Timeouts of an action.
func ActionTimeouts(ctx context.Context, opts timeouts.Opts) schema.Attribute {
	object, _ := timeouts.AttributesWithOpts(ctx, opts).(schema.SingleNestedAttribute)
	for name, a := range object.Attributes {
		if text, ok := a.(schema.StringAttribute); ok {
			text.Validators = []validator.String{positiveDuration()}
			object.Attributes[name] = text
		}
	}
	return object
}

// ActionConfig is the configuration of an action, and what it needs to work on it.
type ActionConfig[M any] struct {
	Model M
	// Location is the configured location, else the provider's default. It is empty at a cloud without locations.
	Location string
	Cloud    *cloud.Cloud
}

// PlanAction is OpenAction for a ModifyPlan. It is also false, without an error, as long as the plan cannot be checked
// at the cloud: the cloud, its settings or the location are known only at apply.
func PlanAction[M any](
	ctx context.Context, b *ActionBase, config tfsdk.Config, diags *diag.Diagnostics,
) (c ActionConfig[M], ok bool) {
	values := objectValues(config.Raw)
	d, ok := b.supporting(valueOf(values["cloud"]).Text)
	if !ok || b.Clouds == nil || b.Clouds.Unknown(d.Name) || valueOf(values["location"]).Unknown {
		b.CheckConfig(config, tftypes.Value{}, diags)
		return c, false
	}
	return OpenAction[M](ctx, b, config, diags)
}

// OpenAction reads the configuration of an action, checks it as ValidateConfig does, now with all values known, and
// opens its cloud. It sends no request. It is false after an error.
func OpenAction[M any](
	ctx context.Context, b *ActionBase, config tfsdk.Config, diags *diag.Diagnostics,
) (c ActionConfig[M], ok bool) {
	if !b.CheckConfig(config, tftypes.Value{}, diags) {
		return c, false
	}
	if c.Model, ok = Decode[M](ctx, config, diags); !ok {
		return c, false
	}
	values := objectValues(config.Raw)
	if c.Cloud, ok = b.Cloud(valueOf(values["cloud"]).Text, diags); !ok {
		return c, false
	}
	location := StringOrNull(valueOf(values["location"]).Text)
	c.Location, ok = b.locationOrDefault(c.Cloud, location, diags)
	return c, ok
}

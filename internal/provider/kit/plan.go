package kit

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// destroyHint goes with every refusal of a plan. Terraform makes a normal plan before a destroy, so a refusal blocks
// that too, and a provider cannot distinguish the two.
const destroyHint = "This also stops \"terraform destroy\", which makes a normal plan first. To destroy what is in " +
	"the state in spite of it, run \"terraform destroy -refresh=false\"."

// Planned is what a ModifyPlan works on: one object that is created or updated.
type Planned[M Placed] struct {
	// Cloud is the cloud of the plan.
	Cloud driver.Descriptor
	// State is the zero model for a create.
	State, Plan M
	// Config reads the configuration when it is first called, because most plans do not need it.
	Config func() M
	// Create is true if there is no prior state. Replaces is true if the plan replaces the object of the state.
	Create, Replaces bool
}

// BeginPlan reads what a ModifyPlan works on. It is false if there is nothing to plan: the object is destroyed, the
// provider is not configured, or the cloud is unknown or refused by its validator.
func BeginPlan[M Placed](
	ctx context.Context, b *ResourceBase, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) (p Planned[M], ok bool) {
	if req.Plan.Raw.IsNull() || b.Clouds == nil {
		return p, false
	}
	if p.Cloud, ok = b.supporting(valueOf(objectValues(req.Plan.Raw)["cloud"]).Text); !ok {
		return p, false
	}
	p.Config = sync.OnceValue(func() M {
		config, _ := Decode[M](ctx, req.Config, &resp.Diagnostics)
		return config
	})
	if p.Create = req.State.Raw.IsNull(); !p.Create {
		if p.State, ok = DecodeState[M](ctx, &b.Base, req.State, &resp.Diagnostics); !ok {
			return p, false
		}
		if req.Plan.Raw.Equal(req.State.Raw) {
			p.Plan, p.Replaces = p.State, len(resp.RequiresReplace) > 0
			return p, true
		}
		p.Replaces = Replaces(ctx, req, resp)
	}
	p.Plan, ok = Decode[M](ctx, req.Plan, &resp.Diagnostics)
	return p, ok
}

// PlanCreate plans what is certain before an object is created: its location, and null for each attribute that its
// cloud does not support. plan is the object as far as it is planned in resp. It opens the cloud, and reports whether
// the plan can be checked at the cloud: the provider is configured, and the location is accepted.
func (b *ResourceBase) PlanCreate(
	ctx context.Context, d driver.Descriptor, config tfsdk.Config, plan Placed, resp *resource.ModifyPlanResponse,
) (location types.String, cl *cloud.Cloud, ok bool) {
	resp.Diagnostics.Append(resp.Plan.GetAttribute(ctx, path.Root("location"), &location)...)
	if objectValues(config.Raw)["location"].IsNull() {
		location = b.NewLocation(d, plan, location)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("location"), location)...)
	}
	b.PlanUnsupported(d, config, &resp.Plan)
	if resp.Diagnostics.HasError() || b.Clouds.Unknown(d.Name) {
		return location, nil, false
	}
	if v, ok := rules.CheckLocation(d, Value(location)); !ok {
		AddViolations([]rules.Violation{v}, &resp.Diagnostics)
		return location, nil, false
	}
	cl, ok = b.Cloud(d.Name, &resp.Diagnostics)
	return location, cl, ok
}

// PlanCloud opens the cloud of an object that a plan keeps or updates. It is false as long as the cloud's settings are
// known only at apply, and after an error.
func (b *Base) PlanCloud(name string, diags *diag.Diagnostics) (*cloud.Cloud, bool) {
	if b.Clouds.Unknown(name) {
		return nil, false
	}
	return b.Cloud(name, diags)
}

// PlanUnsupported plans null for each attribute that the cloud does not support. A value that the configuration sets
// stays, because Terraform accepts no other.
func (b *Base) PlanUnsupported(d driver.Descriptor, config tfsdk.Config, plan *tfsdk.Plan) {
	written, planned, table := objectValues(config.Raw), objectValues(plan.Raw), b.Noun.Table(d.Limits)
	for _, name := range b.Noun.names(b.Drivers) {
		if v, ok := planned[name]; ok && written[name].IsNull() && !table[name].Supported() {
			planned[name] = tftypes.NewValue(v.Type(), nil)
		}
	}
	plan.Raw = tftypes.NewValue(plan.Raw.Type(), planned)
}

// PlanUnfinished plans the rest of an interrupted wait: each attribute that the cloud may still set is unknown. The
// cloud's own ID, and an attribute that a configuration may set, keep the value that they have.
func (b *Base) PlanUnfinished(d driver.Descriptor, plan *tfsdk.Plan) {
	planned, attributes := objectValues(plan.Raw), plan.Schema.GetAttributes()
	for name, row := range b.Noun.Table(d.Limits) {
		v, ok := planned[name]
		keeps := name == b.Noun.ObjectID || (ok && attributes[name].IsOptional())
		if ok && row.Computed() && (v.IsNull() || !keeps) {
			planned[name] = tftypes.NewValue(v.Type(), tftypes.UnknownValue)
		}
	}
	plan.Raw = tftypes.NewValue(plan.Raw.Type(), planned)
}

// UnknownIfNull plans texts without a value as unknown.
func UnknownIfNull(values ...*types.String) {
	for _, v := range values {
		if v.IsNull() {
			*v = types.StringUnknown()
		}
	}
}

// EndPlan ends every ModifyPlan. It adds to each error how a destroy gets past it, and warns when the plan destroys or
// replaces an object that its deletion_policy keeps at the cloud.
func (b *ResourceBase) EndPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	hintDestroy(resp.Diagnostics)
	if resp.Diagnostics.HasError() || req.State.Raw.IsNull() {
		return
	}
	// A type whose objects no cloud deletes has no policy.
	if valueOf(objectValues(req.State.Raw)[attrDeletionPolicy]).Text != PolicyRetain {
		return
	}
	if req.Plan.Raw.IsNull() || Replaces(ctx, req, resp) {
		resp.Diagnostics.AddWarning(capital(b.Noun.Name)+" stays at the cloud", fmt.Sprintf(
			"The %s has deletion_policy = \"retain\" in the state: Terraform only removes it from the state, and the "+
				"cloud may continue to charge for it. To manage it again, import it by this ID.\n\nTo delete it instead, apply "+
				"deletion_policy = \"delete\" first: a destroy uses the policy that the last apply has saved.",
			called(b.Noun.Name, b.Noun.importID(ctx, req.State))))
	}
}

func hintDestroy(diags diag.Diagnostics) {
	for i, d := range diags {
		if d.Severity() != diag.SeverityError {
			continue
		}
		hinted := diag.Diagnostic(diag.NewErrorDiagnostic(d.Summary(), d.Detail()+"\n\n"+destroyHint))
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			hinted = diag.WithPath(at.Path(), hinted)
		}
		diags[i] = hinted
	}
}

// WarnRetained adds the warning of a delete that has left an object at the cloud. id is the import ID.
func WarnRetained(diags *diag.Diagnostics, noun, id string) {
	diags.AddWarning(capital(noun)+" was kept at the cloud", fmt.Sprintf(
		"Terraform has only removed the %s from the state, because of deletion_policy = \"retain\". To manage it again, "+
			"import it by this ID. To delete it, use the cloud's panel or API.", called(noun, id)))
}

// called is an object in a sentence, with its ID as far as it has one.
func called(noun, id string) string {
	return strings.TrimSpace(noun + " " + Visible(id))
}

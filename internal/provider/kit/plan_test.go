package kit_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// thing is a schema with an attribute of each kind that can force a replacement.
var thing = schema.Schema{Attributes: map[string]schema.Attribute{
	"id":              schema.StringAttribute{Computed: true},
	"deletion_policy": kit.Noun{Name: "thing"}.DeletionPolicy(),
	"text": schema.StringAttribute{
		Optional:      true,
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	},
	"flag": schema.BoolAttribute{
		Optional:      true,
		PlanModifiers: []planmodifier.Bool{boolplanmodifier.RequiresReplace()},
	},
	"number": schema.Int64Attribute{
		Optional:      true,
		PlanModifiers: []planmodifier.Int64{int64planmodifier.RequiresReplace()},
	},
	"free": schema.StringAttribute{Optional: true},
}}

// things is an object of that schema; what is left out is null.
func things(values map[string]any) tftypes.Value {
	typ, _ := thing.Type().TerraformType(nil).(tftypes.Object) //nolint:staticcheck // The type needs no context.
	object := map[string]tftypes.Value{}
	for name, t := range typ.AttributeTypes {
		object[name] = tftypes.NewValue(t, values[name])
	}
	return tftypes.NewValue(typ, object)
}

func noThing() tftypes.Value {
	return tftypes.NewValue(thing.Type().TerraformType(nil), nil) //nolint:staticcheck // As above.
}

func planOf(state, plan tftypes.Value) resource.ModifyPlanRequest {
	return resource.ModifyPlanRequest{
		Config: tfsdk.Config{
			Schema: thing,
			Raw:    plan,
		},
		Plan:  tfsdk.Plan{Schema: thing, Raw: plan},
		State: tfsdk.State{Schema: thing, Raw: state},
	}
}

func TestReplaces(t *testing.T) {
	old := map[string]any{"text": "a", "flag": true, "number": 1, "free": "x"}
	with := func(name string, value any) map[string]any {
		out := map[string]any{"text": "a", "flag": true, "number": 1, "free": "x"}
		out[name] = value
		return out
	}
	tests := map[string]struct {
		state, plan tftypes.Value
		marked      path.Paths
		want        bool
	}{
		"no change":          {things(old), things(old), nil, false},
		"free":               {things(old), things(with("free", "y")), nil, false},
		"text":               {things(old), things(with("text", "b")), nil, true},
		"unknown text":       {things(old), things(with("text", tftypes.UnknownValue)), nil, true},
		"flag":               {things(old), things(with("flag", false)), nil, true},
		"number":             {things(old), things(with("number", 2)), nil, true},
		"create":             {noThing(), things(old), nil, false},
		"destroy":            {things(old), noThing(), nil, false},
		"marked by the plan": {things(old), things(with("free", "y")), path.Paths{path.Root("free")}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			resp := resource.ModifyPlanResponse{RequiresReplace: test.marked}
			if got := kit.Replaces(t.Context(), planOf(test.state, test.plan), &resp); got != test.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func thingBase() *kit.ResourceBase {
	return &kit.ResourceBase{Base: kit.Base{Noun: kit.Noun{Name: "thing"}}}
}

const stays = "The thing x/1 has deletion_policy = \"retain\" in the state: Terraform only removes it from the " +
	"state, and the cloud may continue to charge for it. To manage it again, import it by this ID.\n\nTo delete it " +
	"instead, apply deletion_policy = \"delete\" first: a destroy uses the policy that the last apply has saved."

func TestEndPlan_namesWhatStays(t *testing.T) {
	retained := map[string]any{"id": "x/1", "deletion_policy": "retain", "text": "a"}
	tests := map[string]struct {
		state, plan tftypes.Value
		want        string
	}{
		"destroy":                {things(retained), noThing(), stays},
		"replace":                {things(retained), things(map[string]any{"deletion_policy": "retain", "text": "b"}), stays},
		"replace, then delete":   {things(retained), things(map[string]any{"deletion_policy": "delete", "text": "b"}), stays},
		"update":                 {things(retained), things(map[string]any{"deletion_policy": "delete", "text": "a"}), ""},
		"destroy what is not":    {things(map[string]any{"id": "x/1", "deletion_policy": "delete"}), noThing(), ""},
		"replace and retain new": {things(map[string]any{"deletion_policy": "delete", "text": "a"}), things(retained), ""},
		"create":                 {noThing(), things(retained), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var resp resource.ModifyPlanResponse
			thingBase().EndPlan(t.Context(), planOf(test.state, test.plan), &resp)
			got := ""
			for _, d := range resp.Diagnostics {
				got += d.Detail()
				if d.Severity() != diag.SeverityWarning || d.Summary() != "Thing stays at the cloud" {
					t.Errorf("got %v", d)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEndPlan_hintsAtTheDestroy(t *testing.T) {
	var resp resource.ModifyPlanResponse
	resp.Diagnostics.AddAttributeError(path.Root("text"), "No", "Because.")
	resp.Diagnostics.AddError("No", "At all.")
	resp.Diagnostics.AddWarning("Beware", "It is as it was.")
	thingBase().EndPlan(t.Context(), planOf(noThing(), things(nil)), &resp)
	const hint = "\n\nThis also stops \"terraform destroy\", which makes a normal plan first. To destroy what is in the " +
		"state in spite of it, run \"terraform destroy -refresh=false\"."
	want := diag.Diagnostics{
		diag.NewAttributeErrorDiagnostic(path.Root("text"), "No", "Because."+hint),
		diag.NewErrorDiagnostic("No", "At all."+hint),
		diag.NewWarningDiagnostic("Beware", "It is as it was."),
	}
	if !resp.Diagnostics.Equal(want) {
		t.Errorf("got %v", resp.Diagnostics)
	}
}

func TestWarnRetained(t *testing.T) {
	var diags diag.Diagnostics
	kit.WarnRetained(&diags, "thing", "x/1")
	want := diag.Diagnostics{diag.NewWarningDiagnostic("Thing was kept at the cloud", "Terraform has only removed the "+
		"thing x/1 from the state, because of deletion_policy = \"retain\". To manage it again, import it by this ID. To "+
		"delete it, use the cloud's panel or API.")}
	if !diags.Equal(want) {
		t.Errorf("got %v", diags)
	}
}

func TestRemoveFromState(t *testing.T) {
	identity := identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{"id": identityschema.StringAttribute{RequiredForImport: true}},
	}
	b := kit.Base{Noun: kit.Noun{Name: "thing", AfterLoss: "A new thing will be made."}}
	cl, err := cloud.Open(opened{new(int)}, driver.Settings{}, cloud.Options{})
	if err != nil {
		t.Fatal(err)
	}
	loss := kit.Loss{ID: "x/1", Managed: true}
	with := func(change func(*kit.Loss)) kit.Loss {
		l := loss
		change(&l)
		return l
	}
	const head = "The thing x/1 does not exist at Mist any more, so Terraform removes it from the state. "
	const tail = "\n\nA new thing will be made."
	tests := map[string]struct {
		loss kit.Loss
		want string
	}{
		"deleted": {loss, head + "Reason: no such thing." + tail},
		"expired": {with(func(l *kit.Loss) { l.ExpiresAt = now }), head + "It expired at 2026-09-21T10:00:00Z, and " +
			"the cloud deleted it." + tail},
		"not yet": {
			with(func(l *kit.Loss) { l.ExpiresAt = time.Now().Add(time.Hour) }),
			head + "Reason: no such thing." + tail,
		},
		"never had it": {with(func(l *kit.Loss) { l.Managed = false }), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			resp := resource.ReadResponse{
				State: tfsdk.State{Schema: thing, Raw: things(map[string]any{"id": "x/1"})},
				Identity: &tfsdk.ResourceIdentity{
					Schema: identity,
					Raw:    tftypes.NewValue(identity.Type().TerraformType(t.Context()), nil),
				},
			}
			id := struct {
				ID string `tfsdk:"id"`
			}{"x/1"}
			b.RemoveFromState(
				t.Context(),
				&resp,
				cl,
				test.loss,
				id,
				&driver.Error{Kind: driver.KindNotFound, Message: "no such thing."},
			)
			got := ""
			for _, d := range resp.Diagnostics {
				got += d.Detail()
			}
			diff := cmp.Diff(test.want, got)
			if diff != "" || resp.Diagnostics.HasError() || !resp.State.Raw.IsNull() || resp.Identity.Raw.IsNull() {
				t.Errorf("%s, %v, %v, %v", diff, resp.Diagnostics, resp.State.Raw, resp.Identity.Raw)
			}
		})
	}
}

// What is gone already is deleted.
func TestFinishDelete(t *testing.T) {
	for kind, failed := range map[driver.Kind]bool{driver.KindNotFound: false, driver.KindFailed: true} {
		var diags diag.Diagnostics
		kit.FinishDelete(&diags, &driver.Error{Kind: kind, Op: "delete thing", Message: "why"})
		if diags.HasError() != failed {
			t.Errorf("%v: %v", kind, diags)
		}
	}
}

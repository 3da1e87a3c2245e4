package kit

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// destroyHint goes with every refusal of a plan. Terraform makes a normal plan before a destroy, so a refusal blocks
// that too, and a provider cannot tell the two apart.
const destroyHint = "This also stops \"terraform destroy\", which makes a normal plan first. To destroy what is in the " +
	"state in spite of it, run \"terraform destroy -refresh=false\"."

// EndPlan ends every ModifyPlan. It adds to each error how a destroy gets past it, and warns when the plan destroys or
// replaces an object that its deletion_policy keeps at the cloud. noun is the kind of object.
func EndPlan(ctx context.Context, noun string, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	hintDestroy(resp.Diagnostics)
	if resp.Diagnostics.HasError() || req.State.Raw.IsNull() {
		return
	}
	if !req.Plan.Raw.IsNull() && !Replaces(ctx, req, resp) {
		return
	}
	if at, d := req.State.Schema.AttributeAtPath(ctx, path.Root(attrDeletionPolicy)); at == nil || d.HasError() {
		return // A type whose objects no cloud deletes has no policy.
	}
	var policy, id types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root(attrDeletionPolicy), &policy)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	if policy.ValueString() == PolicyRetain {
		resp.Diagnostics.AddWarning(capital(noun)+" stays at the cloud", fmt.Sprintf(
			"The %s has deletion_policy = \"retain\" in the state: Terraform only forgets it, and it may go on to cost "+
				"money. To manage it again, import it by this ID.\n\nTo delete it instead, apply deletion_policy = "+
				"\"delete\" first: a destroy goes by the policy that the last apply has saved.", called(noun, id.ValueString())))
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

// Kept adds the warning of a delete that has left an object at the cloud. id is what an import takes.
func Kept(diags *diag.Diagnostics, noun, id string) {
	diags.AddWarning(capital(noun)+" was kept at the cloud", fmt.Sprintf(
		"Terraform has only forgotten the %s, because of deletion_policy = \"retain\". To manage it again, import it by "+
			"this ID. To delete it, use the cloud's panel or API.", called(noun, id)))
}

// called is an object in a sentence, with its ID as far as it has one.
func called(noun, id string) string {
	return strings.TrimSpace(noun + " " + Visible(id))
}

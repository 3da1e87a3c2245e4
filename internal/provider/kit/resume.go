package kit

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Resumption is an update of an object that is not finished, because an earlier wait was interrupted. O is what the
// wait returns.
type Resumption[O any] struct {
	// ID is the object's import ID, empty as long as there is none.
	ID string
	// Change means that the update sends a change after the wait.
	Change bool
	// Wait waits for the object, and returns it as it was last, with an error too.
	Wait func(operation driver.Operation) (O, error)
	// Keep writes the object into the prior state.
	Keep func(latest O)
}

// Resume waits for an unfinished object at the beginning of an update, and blocks until the wait ends. The wait comes
// before the change, because a cloud may neither show nor change an object that is not finished. What the wait has seen
// is in the state whichever way it ends. It returns the object, and whether the update continues.
//
// An interrupt is a warning if the update sends no change: the state fits the plan, which leaves the result of the wait
// open. With a change it is an error: Terraform refuses a state without a planned value, and a warning would end in its
// message that the provider has a bug. Neither taints, and the next plan has the rest of the wait and the change.
func Resume[O any](
	ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse, r Resumption[O],
) (latest O, goOn bool) {
	latest, err := r.Wait(LoadOperation(ctx, req.Private, &resp.Diagnostics))
	r.Keep(latest)
	switch {
	case err == nil:
		SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	case driver.KindOf(err) != driver.KindCanceled:
		AddError(&resp.Diagnostics, err)
		return latest, false
	case r.Change:
		_, detail := explain(err, fmt.Sprintf("Nothing is lost: the cloud continues, and the state holds the object%s. "+
			"The change has not been sent. Apply again to resume waiting and to send it.", as(r.ID)))
		resp.Diagnostics.AddError("Interrupted while waiting", detail)
		return latest, false
	default:
		WarnInterrupted(&resp.Diagnostics, err, r.ID)
	}
	return latest, true
}

// SetPlanned ends an update: it writes a model into the state, with every value that the plan names. What the cloud
// shows instead by then is for the next read; Terraform accepts no other result than the planned one.
func SetPlanned(ctx context.Context, plan tfsdk.Plan, state *tfsdk.State, model any, diags *diag.Diagnostics) {
	diags.Append(state.Set(ctx, model)...)
	var planned, result map[string]tftypes.Value
	if plan.Raw.As(&planned) != nil || state.Raw.As(&result) != nil {
		diags.AddError("Unable to read the plan", "It is not an object. Please report this to the provider's developers.")
		return
	}
	result = maps.Clone(result)
	for name, v := range planned {
		if v.IsFullyKnown() {
			result[name] = v
		}
	}
	state.Raw = tftypes.NewValue(state.Raw.Type(), result)
}

package restore

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// The defaults of timeouts.
const (
	defaultCreate = 2 * time.Hour
	defaultRead   = 5 * time.Minute
	defaultUpdate = 2 * time.Hour
)

var (
	_ resource.ResourceWithConfigure      = (*Resource)(nil)
	_ resource.ResourceWithIdentity       = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
)

// Resource is cloudsnap_snapshot_restore.
type Resource struct{ kit.ResourceBase }

// NewResource returns the resource for a list of clouds.
func NewResource(drivers []driver.Driver) resource.Resource {
	return &Resource{kit.NewResourceBase(noun, drivers)}
}

// ImportState refuses an import, because the cloud has no object that is a restore.
func (r *Resource) ImportState(
	_ context.Context, _ resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	resp.Diagnostics.AddError("Unable to import restore",
		"A restore is an event, and no object at the cloud, so it cannot be imported.\n\nWithout it in the state, the next "+
			"apply restores the snapshot. Remove the resource from the configuration if the restore has already taken place.")
}

// Create restores the snapshot, and waits until the source is usable. Once the cloud has accepted the request, the
// restore is in the state, unless it fails.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Create, defaultCreate, &resp.Diagnostics)
	defer cancel()
	release, err := cl.LockSource(limited, plan.toSpec().Ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()

	operation, err := start(limited, cl, plan.toSpec(), &resp.Diagnostics)
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	state := finish(limited, cl, &plan, operation, &resp.Diagnostics)
	if state == stateFailed {
		// Nothing is left of it. The next plan has the restore again.
		return
	}
	kit.CreateResult(resp).Set(ctx, plan, plan.toIdentity())
	if plan.isPending() {
		kit.SaveOperation(ctx, resp.Private, operation, &resp.Diagnostics)
	}
}

// start restores, and returns when the cloud has accepted the request. The caller holds the source. A restore that it
// adopts is a warning.
func start(
	ctx context.Context, cl *cloud.Cloud, spec driver.RestoreSpec, diags *diag.Diagnostics,
) (driver.Operation, error) {
	_, operation, err := cl.StartRestore(ctx, spec)
	if err == nil && operation.Adopted {
		diags.AddWarning("Adopted after a lost answer", fmt.Sprintf("The answer to the request that restores the %s %s was "+
			"lost. The cloud shows exactly one restore of it that began since, so the provider waits for that one and did not "+
			"send the request again.", cl.Limits.SourceKind, kit.Visible(spec.SourceID)))
	}
	return operation, err
}

// finish waits for a restore, and sets the computed attributes of a model whichever way the wait ends. An interrupt is
// a warning, every other failure an error.
func finish(
	ctx context.Context, cl *cloud.Cloud, m *resourceModel, operation driver.Operation, diags *diag.Diagnostics,
) (state string) {
	err := cl.FinishRestore(ctx, m.toSpec().Ref(), operation)
	state = stateAfter(err)
	m.fromRestore(cl.Descriptor, state, cl.Now())
	switch {
	case err == nil:
	case driver.KindOf(err) == driver.KindCanceled:
		kit.WarnInterrupted(diags, err, m.ID.ValueString())
	case state == stateFailed:
		kit.AddRunError(diags, err, incomplete(cl)+" Apply again to restore again.")
	default:
		kit.AddRunError(diags, err, fmt.Sprintf("The cloud may still be restoring, and the state holds the restore as "+
			"%s. Apply again to resume waiting: even if Terraform replaces the resource, the provider does not restore a "+
			"second time. The timeouts attribute sets how long a restore may take.", kit.Visible(m.ID.ValueString())))
	}
	return state
}

// incomplete describes what a failed restore leaves.
func incomplete(cl *cloud.Cloud) string {
	return fmt.Sprintf("The disk of the %s may be incomplete: check it in the cloud's panel.", cl.Limits.SourceKind)
}

// stateAfter is the state of a restore after a wait. A source that is gone is not restored any more.
func stateAfter(err error) string {
	switch kind := driver.KindOf(err); {
	case err == nil:
		return stateRestored
	case kind == driver.KindFailed, kind == driver.KindNotFound:
		return stateFailed
	default:
		return stateRestoring
	}
}

// Read leaves a restore as it is: it stays in the state, also without its snapshot. It sends nothing.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	r.keepPending(state, kit.LoadOperation(ctx, req.Private, &resp.Diagnostics))
	kit.ReadResult(resp).Set(ctx, state, state.toIdentity())
}

// keepPending records an unfinished restore, so that its replacement resumes the wait. Terraform replaces a resource
// whose create ran into its timeout.
func (r *Resource) keepPending(state resourceModel, operation driver.Operation) {
	var unused diag.Diagnostics
	if !state.isPending() || r.Clouds == nil {
		return
	}
	if cl, ok := r.Cloud(state.Cloud.ValueString(), &unused); ok {
		cl.KeepRestore(state.toSpec().Ref(), operation)
	}
}

// Update resumes an interrupted wait, and restores again if the plan has another restore.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, cl, ok := kit.Open[resourceModel](ctx, &r.Base, req.Plan, &resp.Diagnostics)
	if !ok {
		return
	}
	state, ok := kit.Decode[resourceModel](ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}
	again := state.restoresAgain(plan)
	if !again && !state.isPending() {
		kit.UpdateResult(resp).Set(ctx, plan, plan.toIdentity())
		return
	}
	limited, cancel := kit.Timeout(ctx, plan.Timeouts.Update, defaultUpdate, &resp.Diagnostics)
	defer cancel()
	release, err := cl.LockSource(limited, plan.toSpec().Ref())
	if err != nil {
		kit.AddError(&resp.Diagnostics, err)
		return
	}
	defer release()
	if state.isPending() {
		latest, goOn := r.resume(ctx, limited, cl, req, resp, state, again)
		if !goOn {
			return
		}
		plan.State, plan.RestoredAt = latest.State, latest.RestoredAt
	}
	if again {
		operation, err := start(limited, cl, plan.toSpec(), &resp.Diagnostics)
		if err != nil {
			kit.AddError(&resp.Diagnostics, err)
			return
		}
		finish(limited, cl, &plan, operation, &resp.Diagnostics)
		if !plan.isPending() {
			operation = driver.Operation{}
		}
		kit.SaveOperation(ctx, resp.Private, operation, &resp.Diagnostics)
	}
	kit.UpdateResult(resp).Set(ctx, plan, plan.toIdentity())
}

// resume waits for the end of an interrupted restore, and returns the restore as it is then.
func (r *Resource) resume(
	ctx, limited context.Context, cl *cloud.Cloud, req resource.UpdateRequest, resp *resource.UpdateResponse,
	state resourceModel, again bool,
) (resourceModel, bool) {
	latest, goOn := kit.Resume(ctx, req, resp, kit.Resumption[string]{
		ID: state.ID.ValueString(), Change: again,
		Wait: func(operation driver.Operation) (string, error) {
			err := cl.FinishRestore(limited, state.toSpec().Ref(), operation)
			return stateAfter(err), err
		},
		Keep: func(latest string) {
			state.fromRestore(cl.Descriptor, latest, cl.Now())
			kit.UpdateResult(resp).Set(ctx, state, state.toIdentity())
		},
	})
	if latest == stateFailed {
		kit.SaveOperation(ctx, resp.Private, driver.Operation{}, &resp.Diagnostics)
	}
	return state, goOn
}

// Delete only removes the restore from the state. The plan warns of it.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if ok {
		r.keepPending(state, kit.LoadOperation(ctx, req.Private, &resp.Diagnostics))
	}
}

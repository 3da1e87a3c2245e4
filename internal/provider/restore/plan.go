package restore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ModifyPlan reports at plan time what would fail at apply, plans another restore and the rest of an interrupted wait,
// and warns of what a restore overwrites.
func (r *Resource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	defer r.EndPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	p, ok := kit.BeginPlan[resourceModel](ctx, &r.ResourceBase, req, resp)
	if !ok || !r.CheckConfig(req.Config, req.State.Raw, &resp.Diagnostics) {
		return
	}
	limited, cancel := kit.Timeout(ctx, p.Plan.Timeouts.Read, defaultRead, &resp.Diagnostics)
	defer cancel()
	if p.Create {
		location, cl, ok := r.PlanCreate(limited, p.Cloud, req.Config, p.Plan, resp)
		p.Plan.Location = location
		if ok && p.Plan.isKnown() {
			planRestore(limited, cl, p.Plan, &resp.Diagnostics)
		}
		return
	}
	again := p.State.restoresAgain(p.Plan)
	if p.Replaces || (!again && !p.State.isPending()) {
		return
	}
	p.Plan.RestoredAt, p.Plan.State = timetypes.NewRFC3339Unknown(), types.StringUnknown()
	kit.SetPlan(ctx, resp, p.Plan)
	if !again || !p.Plan.isKnown() {
		return
	}
	if cl, ok := r.PlanCloud(p.Cloud.Name, &resp.Diagnostics); ok {
		checkRestore(limited, cl, p.Plan.toSpec(), &resp.Diagnostics)
	}
}

// planRestore is checkRestore, unless this run resumes the same restore.
func planRestore(ctx context.Context, cl *cloud.Cloud, plan resourceModel, diags *diag.Diagnostics) {
	if cl.IsRestoring(plan.toSpec().Ref()) {
		diags.AddWarning("Unfinished restore is resumed", fmt.Sprintf("The cloud may still restore the %s %s to the "+
			"snapshot %s. The create only waits for the end: it does not restore a second time.",
			cl.Limits.SourceKind, kit.Visible(plan.SourceID.ValueString()), kit.Visible(plan.SnapshotID.ValueString())))
		return
	}
	checkRestore(ctx, cl, plan.toSpec(), diags)
}

// checkRestore checks at the cloud whether a restore would be accepted, and warns of what it overwrites.
func checkRestore(ctx context.Context, cl *cloud.Cloud, spec driver.RestoreSpec, diags *diag.Diagnostics) {
	effect, err := cl.CheckRestore(ctx, spec)
	if err != nil {
		kit.AddError(diags, err, path.Root(attributeOf(err)))
		return
	}
	diags.AddAttributeWarning(path.Root("snapshot_id"), "Restore overwrites the disk", overwrites(cl, effect))
}

// attributeOf is the attribute at fault in an error of a check.
func attributeOf(err error) string {
	var e *driver.Error
	switch {
	case errors.As(err, &e) && e.Kind == driver.KindWouldDelete:
		return driver.DeleteNewerSnapshots
	case errors.As(err, &e) && e.Ref.ObjectID == "":
		return "source_id"
	default:
		return "snapshot_id"
	}
}

// overwrites describes what a restore overwrites and deletes.
func overwrites(cl *cloud.Cloud, effect cloud.RestoreEffect) string {
	source, snap := called(effect.Source.ID, effect.Source.Name), called(effect.Snapshot.ID, effect.Snapshot.Name)
	text := fmt.Sprintf("The whole disk of the %s %s is overwritten with the snapshot %s, which was taken at %s, %s ago. "+
		"What was written to the disk since then is lost.", cl.Limits.SourceKind, source, snap,
		effect.Snapshot.CreatedAt.UTC().Format(time.RFC3339), kit.Roughly(cl.Now().Sub(effect.Snapshot.CreatedAt)))
	if len(effect.Newer) == 0 {
		return text
	}
	lines := []string{text + " The cloud also deletes these newer snapshots, which " + driver.DeleteNewerSnapshots +
		" = true permits:\n"}
	for _, s := range effect.Newer {
		lines = append(lines, fmt.Sprintf("  - %s, created %s, %s", called(s.ID, s.Name),
			s.CreatedAt.UTC().Format(time.RFC3339), driver.FormatAge(s.CreatedAt, cl.Now())))
	}
	return strings.Join(lines, "\n")
}

// called is an ID with a name, if there is one.
func called(id, name string) string {
	if name == "" {
		return kit.Visible(id)
	}
	return kit.Visible(id) + ` "` + kit.Visible(name) + `"`
}

func (r *Resource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	state, ok := kit.DecodeState[resourceModel](ctx, &r.Base, req.State, &resp.Diagnostics)
	if ok {
		resp.Diagnostics.AddWarning("Destroy only removes the restore from the state",
			"The destroy of "+kit.Visible(state.ID.ValueString())+" sends nothing: it neither undoes the restore nor ends one "+
				"that the cloud still works on.")
	}
}

package restore

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const defaultInvoke = 2 * time.Hour

var (
	_ action.ActionWithConfigure      = (*Action)(nil)
	_ action.ActionWithModifyPlan     = (*Action)(nil)
	_ action.ActionWithValidateConfig = (*Action)(nil)
)

// Action is the action cloudsnap_restore_snapshot.
type Action struct{ kit.ActionBase }

// NewAction returns the action for a list of clouds.
func NewAction(drivers []driver.Driver) action.Action {
	return &Action{kit.NewActionBase(noun, "cloudsnap_restore_snapshot", drivers)}
}

// actionModel is cloudsnap_restore_snapshot, in the order of its schema.
type actionModel struct {
	Cloud                types.String   `tfsdk:"cloud"`
	Location             types.String   `tfsdk:"location"`
	SourceID             types.String   `tfsdk:"source_id"`
	SnapshotID           types.String   `tfsdk:"snapshot_id"`
	DeleteNewerSnapshots types.Bool     `tfsdk:"delete_newer_snapshots"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
}

// toSpec returns the parameters of the restore.
func (m actionModel) toSpec(location string) driver.RestoreSpec {
	return driver.RestoreSpec{
		SourceID:    m.SourceID.ValueString(),
		Location:    location,
		SnapshotID:  m.SnapshotID.ValueString(),
		DeleteNewer: m.DeleteNewerSnapshots.ValueBool(),
	}
}

// Schema describes the action.
func (a *Action) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	text := newTexts(a.Drivers)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Restores a snapshot: the disk of an instance or a VM is overwritten with one of its " +
			"snapshots, and **data that was written since is lost**. The plan warns of what is overwritten.\n\nThe " +
			"action waits until the source is usable again, and shows the progress. **Each run restores again.** " +
			"If the answer to the request is lost, the provider does not send it again.\n\nThe resource " +
			"`cloudsnap_snapshot_restore` does the same on every version of Terraform and on OpenTofu, and resumes an " +
			"interrupted wait.",
		Attributes: map[string]schema.Attribute{
			"cloud":       a.CloudAttribute(),
			"location":    schema.StringAttribute{MarkdownDescription: text.location, Optional: true},
			"source_id":   schema.StringAttribute{MarkdownDescription: text.source, Required: true},
			"snapshot_id": schema.StringAttribute{MarkdownDescription: text.snapshot, Required: true},
			driver.DeleteNewerSnapshots: schema.BoolAttribute{
				MarkdownDescription: text.deleteNewer, Optional: true,
			},
			"timeouts": kit.ActionTimeouts(ctx, timeouts.Opts{
				InvokeDescription: "Maximum duration of the action, with the wait for the source, as in `90m`. Defaults to `2h`.",
			}),
		},
	}
}

// ModifyPlan reports at plan time what would fail when the action runs, and warns of what the restore overwrites.
func (a *Action) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	config, ok := kit.PlanAction[actionModel](ctx, &a.ActionBase, req.Config, &resp.Diagnostics)
	m := config.Model
	if !ok || m.SourceID.IsUnknown() || m.SnapshotID.IsUnknown() || m.DeleteNewerSnapshots.IsUnknown() {
		return
	}
	limited, cancel := context.WithTimeout(ctx, defaultRead)
	defer cancel()
	checkRestore(limited, config.Cloud, m.toSpec(config.Location), &resp.Diagnostics)
}

// Invoke restores the snapshot and waits until the source is usable. Each run restores again.
func (a *Action) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config, ok := kit.OpenAction[actionModel](ctx, &a.ActionBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Model.Timeouts.Invoke, defaultInvoke, &resp.Diagnostics)
	defer cancel()
	cl, spec := config.Cloud, config.Model.toSpec(config.Location)
	what := fmt.Sprintf("%s %s to the snapshot %s", cl.Limits.SourceKind, kit.Visible(spec.SourceID),
		kit.Visible(spec.SnapshotID))
	limited, progress := kit.StartProgress(limited, resp.SendProgress, "Restoring "+what)
	defer progress.Stop()
	release, err := cl.LockSource(limited, spec.Ref())
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, "")
		return
	}
	defer release()

	operation, err := start(limited, cl, spec, &resp.Diagnostics)
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, "")
		return
	}
	accepted := fmt.Sprintf("%s has accepted the restore of %s", cl.Title, what)
	if operation.Estimate > 0 {
		accepted += fmt.Sprintf(", and estimates %s", operation.Estimate)
	}
	progress.Send(accepted)
	if err := cl.FinishRestore(limited, spec.Ref(), operation); err != nil {
		progress.Fail(&resp.Diagnostics, err, left(cl, what, err))
		return
	}
	progress.End(fmt.Sprintf("Restored %s", what))
}

// left is what is at the cloud after a wait that failed.
func left(cl *cloud.Cloud, what string, err error) string {
	if stateAfter(err) == stateFailed {
		return incomplete(cl) + " Run the action again to restore again."
	}
	return fmt.Sprintf("The cloud accepted the restore of %s and continues: wait for its end in the cloud's panel. "+
		"Running the action again restores again.", what)
}

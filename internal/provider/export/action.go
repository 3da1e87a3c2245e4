package export

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const defaultInvoke = 2 * time.Hour

var (
	_ action.ActionWithConfigure      = (*Action)(nil)
	_ action.ActionWithModifyPlan     = (*Action)(nil)
	_ action.ActionWithValidateConfig = (*Action)(nil)
)

// Action is the action cloudsnap_export_snapshot.
type Action struct{ kit.ActionBase }

// NewAction returns the action for a list of clouds.
func NewAction(drivers []driver.Driver) action.Action {
	return &Action{kit.NewActionBase(noun, "cloudsnap_export_snapshot", drivers)}
}

// actionModel is cloudsnap_export_snapshot, in the order of its schema.
type actionModel struct {
	Cloud      types.String   `tfsdk:"cloud"`
	Location   types.String   `tfsdk:"location"`
	SnapshotID types.String   `tfsdk:"snapshot_id"`
	Timeouts   timeouts.Value `tfsdk:"timeouts"`
}

// Schema describes the action.
func (a *Action) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Exports a snapshot: the cloud offers its disk as a QCOW2 file for download.\n\n" +
			"The action waits until the snapshot is ready, exports it, waits until the file is available, and shows the " +
			"progress. Its last message has the MD5 of the file. **Each run exports the snapshot again**, which takes longer " +
			"for a larger disk.\n\n" +
			"No message has the URL of the file, because it gives access without credentials. The ephemeral resource " +
			"`cloudsnap_snapshot_export` returns it: it uses this export, and does not export the snapshot again while the " +
			"URL works.",
		Attributes: map[string]schema.Attribute{
			"cloud": a.CloudAttribute(),
			"location": schema.StringAttribute{
				MarkdownDescription: locationText + noun.Texts(a.Drivers).Location(), Optional: true,
			},
			"snapshot_id": schema.StringAttribute{MarkdownDescription: snapshotText, Required: true},
			"timeouts": kit.ActionTimeouts(ctx, timeouts.Opts{
				InvokeDescription: "Maximum duration of the action, with the wait for the snapshot, as in `90m`. Defaults to `2h`.",
			}),
		},
	}
}

// ModifyPlan reports at plan time what would fail when the action runs.
func (a *Action) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	kit.PlanAction[actionModel](ctx, &a.ActionBase, req.Config, &resp.Diagnostics)
}

// Invoke exports the snapshot and waits until the file is available. Each run exports it again.
func (a *Action) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config, ok := kit.OpenAction[actionModel](ctx, &a.ActionBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Model.Timeouts.Invoke, defaultInvoke, &resp.Diagnostics)
	defer cancel()
	cl := config.Cloud
	ref := driver.Ref{Location: config.Location, ObjectID: config.Model.SnapshotID.ValueString()}
	id := kit.Visible(kit.IDOrNull(cl.Descriptor, cl.Limits.SnapshotID, ref).ValueString())
	limited, progress := kit.StartProgress(limited, resp.SendProgress, "Exporting the snapshot "+id)
	defer progress.Stop()
	release, _, err := cl.LockSnapshotSource(limited, ref)
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, "")
		return
	}
	defer release()

	operation, err := cl.StartExport(limited, ref)
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, "")
		return
	}
	progress.Send(fmt.Sprintf("%s has accepted the export of %s", cl.Title, id))
	found, err := cl.FinishExport(limited, ref, operation)
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, left(id, operation, err))
		return
	}
	progress.End(fmt.Sprintf("The file of %s is available, with the MD5 %s. To get its URL, open the ephemeral resource "+
		"cloudsnap_snapshot_export: it uses this export", id, found.MD5))
}

// left is what goes on at the cloud after a wait that failed.
func left(id string, operation driver.Operation, err error) string {
	if driver.KindOf(err) == driver.KindFailed {
		return fmt.Sprintf("The cloud accepted the export of %s (operation %s). The snapshot is unchanged: run the action "+
			"again to export it.", id, kit.Visible(operation.ID))
	}
	return fmt.Sprintf("The cloud accepted the export of %s (operation %s) and continues. To use the file, open the "+
		"ephemeral resource cloudsnap_snapshot_export later. Running the action again exports the snapshot again.", id,
		kit.Visible(operation.ID))
}

package snapshot

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

const defaultInvoke = 60 * time.Minute

var (
	_ action.ActionWithConfigure      = (*CreateAction)(nil)
	_ action.ActionWithModifyPlan     = (*CreateAction)(nil)
	_ action.ActionWithValidateConfig = (*CreateAction)(nil)
)

// CreateAction is the action cloudsnap_create_snapshot.
type CreateAction struct{ kit.ActionBase }

// NewCreateAction returns the action for a list of clouds.
func NewCreateAction(drivers []driver.Driver) action.Action {
	return &CreateAction{kit.NewActionBase(actionNoun(), "cloudsnap_create_snapshot", drivers)}
}

// actionNoun is the snapshot of an action. Its table has only what a configuration sets. The name is never required,
// because an action runs many times: without one, the engine chooses a unique name.
func actionNoun() kit.Noun {
	out := noun
	out.Table = func(l driver.Limits) driver.Attributes {
		table := maps.Clone(l.Snapshot)
		maps.DeleteFunc(table, func(_ string, row driver.Attribute) bool { return !row.Settable() })
		if name := table["name"]; name.Support == driver.Required {
			name.Support = driver.OptionalComputed
			table["name"] = name
		}
		return table
	}
	return out
}

// createModel is cloudsnap_create_snapshot, in the order of its schema.
type createModel struct {
	Cloud           types.String   `tfsdk:"cloud"`
	Location        types.String   `tfsdk:"location"`
	SourceID        types.String   `tfsdk:"source_id"`
	Name            types.String   `tfsdk:"name"`
	Description     types.String   `tfsdk:"description"`
	ReplaceExisting types.Bool     `tfsdk:"replace_existing"`
	WaitForRemote   types.Bool     `tfsdk:"wait_for_remote"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

// toSpec returns the parameters of the create.
func (m createModel) toSpec(location string) driver.SnapshotSpec {
	return driver.SnapshotSpec{
		SourceID:        m.SourceID.ValueString(),
		Location:        location,
		Name:            m.Name.ValueString(),
		Description:     m.Description.ValueString(),
		ReplaceExisting: m.ReplaceExisting.ValueBool(),
		Unmanaged:       true,
	}
}

// Schema describes the action.
func (a *CreateAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	clouds := a.Noun.Texts(a.Drivers).Inputs()
	resp.Schema = schema.Schema{
		MarkdownDescription: "Takes a snapshot that Terraform does not manage: it is in no state, and no plan deletes it. " +
			"Use it before a change, in the `action_trigger` of what changes.\n\n" +
			"The action sends one request, waits until the snapshot is ready, and shows the progress. Its last message has " +
			"the import ID. A plan fails if the source does not exist or has no room for a snapshot.\n\n" +
			"**Each run takes another snapshot**, so the snapshots stay until somebody deletes them. A resource " +
			"`cloudsnap_snapshot_rotation` keeps a number of them instead. At a cloud that keeps a single snapshot per " +
			"source, a second run in the same apply is an error: it would overwrite the snapshot that the first run took.",
		Attributes: map[string]schema.Attribute{
			"cloud": a.CloudAttribute(),
			"location": schema.StringAttribute{
				MarkdownDescription: "The zone." + clouds.Location(), Optional: true,
			},
			"source_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the source of the snapshot." +
					clouds.Each("Type", func(l driver.Limits) string { return l.SourceKind }),
				Required: true,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "The name. Defaults to a unique name where a cloud accepts names." +
					clouds.Attribute("name"),
				Optional: true,
			},
			"description": schema.StringAttribute{
				MarkdownDescription: "A description." + clouds.Attribute("description"), Optional: true,
			},
			driver.ReplaceExisting: schema.BoolAttribute{
				MarkdownDescription: "Permits the action to overwrite the snapshot of the source, at a cloud that keeps a " +
					"single snapshot per source. Defaults to `false`: the plan fails while there is one. It never permits to " +
					"overwrite a snapshot that the action took in the same apply." + clouds.Attribute(driver.ReplaceExisting),
				Optional: true,
			},
			driver.WaitForRemote: schema.BoolAttribute{
				MarkdownDescription: "Waits until the cloud has also moved the snapshot to remote storage, which a restore " +
					"requires. Defaults to `false`." + clouds.Attribute(driver.WaitForRemote),
				Optional: true,
			},
			"timeouts": kit.ActionTimeouts(ctx, timeouts.Opts{
				InvokeDescription: "Maximum duration of the action, with the wait, as in `90m`. Defaults to `60m`.",
			}),
		},
	}
}

// ModifyPlan reports at plan time what would fail when the action runs, and warns of a snapshot that it overwrites.
func (a *CreateAction) ModifyPlan(
	ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse,
) {
	config, ok := kit.PlanAction[createModel](ctx, &a.ActionBase, req.Config, &resp.Diagnostics)
	if !ok || config.Model.SourceID.IsUnknown() || config.Model.ReplaceExisting.IsUnknown() {
		return
	}
	limited, cancel := context.WithTimeout(ctx, defaultRead)
	defer cancel()
	kit.CheckCreate(limited, config.Cloud, config.Model.toSpec(config.Location), &resp.Diagnostics)
}

// Invoke takes a snapshot and waits until it is ready. Each run takes another one. What the cloud has accepted stays,
// however the wait ends.
func (a *CreateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config, ok := kit.OpenAction[createModel](ctx, &a.ActionBase, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	limited, cancel := kit.Timeout(ctx, config.Model.Timeouts.Invoke, defaultInvoke, &resp.Diagnostics)
	defer cancel()
	cl, spec := config.Cloud, config.Model.toSpec(config.Location)
	limited, progress := kit.StartProgress(limited, resp.SendProgress, fmt.Sprintf(
		"Creating a snapshot of %s %s at %s", cl.Limits.SourceKind, spec.SourceID, cl.Title))
	defer progress.Stop()
	release, err := cl.LockSource(limited, spec.Ref())
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, "")
		return
	}
	defer release()

	made, operation, err := cl.CreateSnapshot(limited, spec)
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, "")
		return
	}
	progress.Send(fmt.Sprintf("%s has accepted %s", cl.Title, title(cl, made, operation)))
	warnAdopted(cl, made, operation, &resp.Diagnostics)
	ready, err := cl.WaitSnapshot(limited, made, operation, driver.ReadyWhen{
		Remote: config.Model.WaitForRemote.ValueBool(),
	})
	if err != nil {
		progress.Fail(&resp.Diagnostics, err, left(cl, ready, operation, err))
		return
	}
	id := importID(cl, ready)
	progress.End(fmt.Sprintf("The snapshot %s is ready. Terraform does not manage it. To import it, declare a "+
		"cloudsnap_snapshot and run: terraform import cloudsnap_snapshot.NAME %s", id, id))
}

// importID is what imports a snapshot; empty while a part of it is not known.
func importID(cl *cloud.Cloud, s driver.Snapshot) string {
	return kit.IDOrNull(cl.Descriptor, cl.Limits.SnapshotID, s.Ref()).ValueString()
}

// title is a snapshot in a message: its import ID, else the operation that creates it.
func title(cl *cloud.Cloud, s driver.Snapshot, operation driver.Operation) string {
	if id := importID(cl, s); id != "" {
		return "the snapshot " + kit.Visible(id)
	}
	return "a snapshot, which has no ID yet (operation " + kit.Visible(operation.ID) + ")"
}

// left is what exists at the cloud after a wait that failed.
func left(cl *cloud.Cloud, s driver.Snapshot, operation driver.Operation, err error) string {
	what := title(cl, s, operation)
	if driver.KindOf(err) == driver.KindFailed {
		return fmt.Sprintf("The cloud accepted %s. Terraform does not manage it: delete what exists of it at the cloud, "+
			"then run the action again.", what)
	}
	id := importID(cl, s)
	if id == "" {
		id = "ID"
	}
	return fmt.Sprintf("The cloud accepted %s and continues. No state has it, and running the action again takes another "+
		"one. To manage it, wait until it is ready, then run: terraform import cloudsnap_snapshot.NAME %s", what,
		kit.Visible(id))
}

// warnAdopted warns of a snapshot that was found after a lost answer.
func warnAdopted(cl *cloud.Cloud, made driver.Snapshot, operation driver.Operation, diags *diag.Diagnostics) {
	if operation.Adopted {
		diags.AddWarning("Adopted after a lost answer", fmt.Sprintf("The answer to the request that creates the snapshot "+
			"was lost. The cloud shows exactly one new object that matches, created since the request began: %s. The action "+
			"takes it as its own.\n\nIf someone else created it at the same moment, it is theirs: compare it at the cloud "+
			"before you import or delete it.", title(cl, made, operation)))
	}
}

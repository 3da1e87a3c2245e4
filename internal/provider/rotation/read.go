package rotation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// ImportState splits an import ID or an identity into the parts of the address. The read that follows adopts the
// snapshots. At a cloud that sets the names of snapshots itself, an ID has one more part: the IDs of the snapshots to
// adopt, separated by commas.
func (r *Resource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	address, ok := r.ImportAddress(ctx, req, resp)
	switch d := address.Cloud; {
	case !ok || !adoptsByID(d.Limits):
	case address.Extra != "":
		resp.Diagnostics.Append(setAdopted(ctx, d, address.Ref, address.Extra, resp)...)
	default:
		resp.Diagnostics.AddError("Invalid import ID", fmt.Sprintf("%s sets the names of snapshots itself, so the import "+
			"must list those that belong to the rotation: %s/<snapshot_id>,<snapshot_id>.\n\nA rotation without a snapshot "+
			"needs no import.", d.Title, kit.Visible(d.FormatID(d.Limits.RotationID(), address.Ref))))
	}
}

// adoptsByID reports whether only IDs state which snapshots belong to a rotation.
func adoptsByID(l driver.Limits) bool { return !l.Snapshot["name"].Settable() && !l.SingleSnapshot() }

// setAdopted sets the snapshots of an import that lists their IDs.
func setAdopted(
	ctx context.Context, d driver.Descriptor, source driver.Ref, list string, resp *resource.ImportStateResponse,
) (diags diag.Diagnostics) {
	var items []attr.Value
	for id := range strings.SplitSeq(list, ",") {
		if p, ok := rules.CheckSnapshotID(d, kit.Value(types.StringValue(id))); !ok {
			kit.AddViolations([]rules.Violation{p}, &diags)
			return diags
		}
		items = append(items, item(d, driver.Snapshot{ID: id, SourceID: source.SourceID, Location: source.Location}))
	}
	set, d2 := types.SetValue(itemType, items)
	diags.Append(d2...)
	diags.Append(resp.State.SetAttribute(ctx, path.Root("snapshots"), set)...)
	return diags
}

// importID is the ID that adopts all snapshots of a rotation again.
func (r *Resource) importID(ctx context.Context, state tfsdk.State) string {
	var m resourceModel
	if state.Get(ctx, &m).HasError() {
		return ""
	}
	id, list := m.ID.ValueString(), ids(m.toOwned())
	if d, ok := r.Descriptor(m.Cloud.ValueString()); ok && adoptsByID(d.Limits) && len(list) > 0 {
		id += "/" + strings.Join(list, ",")
	}
	return id
}

// adopt finds the snapshots that an import adopts: those that the import lists, those with the prefix of the names, or
// the single one of the source. If there is none, or if one that the import lists does not exist, the error is
// KindNotFound.
func adopt(ctx context.Context, cl *cloud.Cloud, state resourceModel) ([]driver.Snapshot, error) {
	source := state.source()
	switch {
	case adoptsByID(cl.Limits):
		found, missing, err := cl.OwnedSnapshots(ctx, source, ids(state.toOwned()))
		if err == nil && len(missing) > 0 {
			err = missing[0]
		}
		return found, err
	case cl.Limits.SingleSnapshot():
		snap, err := cl.Snapshot(ctx, source)
		return []driver.Snapshot{snap}, err
	}
	prefix := state.NamePrefix.ValueString()
	list, err := cl.Snapshots(ctx, driver.SnapshotFilter{
		SourceID: source.SourceID, Location: source.Location, NameContains: prefix,
	})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(s driver.Snapshot) bool {
		return s.SourceID != source.SourceID || !driver.IsRotationName(prefix, s.Name)
	})
	if len(list) == 0 {
		return nil, &driver.Error{Kind: driver.KindNotFound, Message: "no snapshot of the source has the prefix"}
	}
	return list, nil
}

func ids(snapshots []driver.Snapshot) []string {
	var out []string
	for _, s := range snapshots {
		if s.ID != "" {
			out = append(out, s.ID)
		}
	}
	return out
}

// afterLoss is what the next apply does if a snapshot of a rotation is gone.
const afterLoss = "The rotation continues without it, and takes a new snapshot when one is due."

// refresh reads the snapshots of a rotation, and warns of those that are gone. operation is that of a run that was
// interrupted.
func (r *Resource) refresh(
	ctx context.Context, cl *cloud.Cloud, state resourceModel, operation driver.Operation, diags *diag.Diagnostics,
) ([]driver.Snapshot, error) {
	owned := state.toOwned()
	found, missing, err := cl.OwnedSnapshots(ctx, state.source(), ids(owned))
	if err != nil {
		return nil, err
	}
	for _, absent := range missing {
		at := slices.IndexFunc(owned, func(s driver.Snapshot) bool { return s.ID == absent.Ref.ObjectID })
		warnGone(cl, owned[at], absent, diags)
	}
	for _, s := range owned {
		if s.ID != "" {
			continue
		}
		switch s, err := cl.SnapshotOf(ctx, s.Ref(), operation); {
		case driver.IsNotFound(err):
			warnGone(cl, s, err, diags)
		case err != nil:
			return nil, err
		default:
			found = append(found, s)
		}
	}
	return found, nil
}

func warnGone(cl *cloud.Cloud, s driver.Snapshot, err error, diags *diag.Diagnostics) {
	loss := kit.Loss{ExpiresAt: s.ExpiresAt}
	if s.ID != "" {
		loss.ID = cl.FormatID(cl.Limits.SnapshotID, s.Ref())
	}
	kit.WarnGone(diags, "snapshot", loss, afterLoss, cl, err)
}

func hasPending(snapshots []driver.Snapshot) bool {
	return slices.ContainsFunc(snapshots, cloud.IsPending)
}

// observedKey is the key of the private state for the cloud's time of the last read.
const observedKey = "observed_at"

// saveObserved stores the cloud's time, by which the next plan decides what is due.
func saveObserved(ctx context.Context, private interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}, cl *cloud.Cloud, diags *diag.Diagnostics,
) {
	diags.Append(private.SetKey(ctx, observedKey, []byte(`"`+cl.Now().UTC().Format(time.RFC3339)+`"`))...)
}

// loadObserved reads the cloud's time of the last read; zero if there is none.
func loadObserved(ctx context.Context, private interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}, diags *diag.Diagnostics,
) time.Time {
	saved, d := private.GetKey(ctx, observedKey)
	diags.Append(d...)
	at, _ := time.Parse(`"`+time.RFC3339+`"`, string(saved)) // The zero time makes the plan use the current time.
	return at
}

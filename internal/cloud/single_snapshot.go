package cloud

import (
	"context"
	"fmt"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckExistingSnapshot returns KindWouldOverwrite at plan time if a create would overwrite a snapshot. It returns nil
// if the create may overwrite it, if a resource of this run has the snapshot and may replace it, or if this run works
// on the source: then the create checks again once it holds the source. It sends one request. If there is no snapshot,
// it sends the listing that a create soon after shares, and the requests of ExistingSnapshot if the run has snapshots.
// It sends none at clouds with more than one snapshot per source.
func (c *Cloud) CheckExistingSnapshot(ctx context.Context, spec driver.SnapshotSpec) error {
	if spec.ReplaceExisting {
		return nil
	}
	old, found, err := c.existingSnapshot(ctx, spec)
	switch {
	case err != nil || !found:
		return err
	case c.locks.isLocked(c.lockKeyOf(spec.Ref())), c.replaces(spec, old):
		// The order matters: a create tracks its snapshot before it unlocks the source.
		return nil
	}
	return c.fail("create snapshot", spec.Ref(), c.errWouldOverwrite(spec, old))
}

// Overwrites returns at plan time the snapshot that a create with ReplaceExisting overwrites. It is not found if the
// source has none, if a resource of this run has it and may replace it, or at clouds with more than one snapshot per
// source. It sends one request. If there is no snapshot, it sends a listing and the requests of ExistingSnapshot. May
// be repeated.
func (c *Cloud) Overwrites(ctx context.Context, spec driver.SnapshotSpec) (old driver.Snapshot, found bool, err error) {
	if !spec.ReplaceExisting {
		return driver.Snapshot{}, false, nil
	}
	old, found, err = c.existingSnapshot(ctx, spec)
	return old, found && !c.replaces(spec, old), err
}

// replaces reports at plan time whether the create may be the replacement of a resource that has the snapshot.
func (c *Cloud) replaces(spec driver.SnapshotSpec, old driver.Snapshot) bool {
	return !spec.Unmanaged && c.tracker.isTracked(old.ID)
}

// mayCreate reads the snapshot that a create overwrites, right before the create, and returns it. If the create must
// not overwrite it, the error is KindWouldOverwrite. An expired snapshot does not count, but is returned: the cloud may
// still show it while the engine waits for the new one. It sends the requests of ExistingSnapshot where a source has a
// single snapshot, otherwise none.
func (c *Cloud) mayCreate(ctx context.Context, spec driver.SnapshotSpec) (old driver.Snapshot, err error) {
	old, found, err := c.readExisting(ctx, spec.Ref())
	switch {
	case found && c.tracker.isUnmanaged(c.lockKeyOf(spec.Ref()), old):
		return driver.Snapshot{}, errTakenInRun(old, c.Now())
	case found && !spec.ReplaceExisting && (spec.Supersedes == "" || old.ID != spec.Supersedes):
		return driver.Snapshot{}, c.errWouldOverwrite(spec, old)
	}
	return old, err
}

// existingSnapshot is readExisting at plan time. A snapshot that a destroy retains or that an action of this run took
// is an error, because no create may overwrite it. The create that supersedes it may overwrite a retained one.
func (c *Cloud) existingSnapshot(
	ctx context.Context, spec driver.SnapshotSpec,
) (old driver.Snapshot, found bool, err error) {
	ref := spec.Ref()
	old, found, err = c.peekExisting(ctx, ref)
	if err == nil && !found && old.ID == "" && (spec.ReplaceExisting || c.tracker.tracksSnapshots()) {
		// Otherwise the create refuses what one look misses. But with ReplaceExisting only the plan shows what is
		// overwritten, and a snapshot of this run may be deleted before the create that replaces it.
		old, found, err = c.readExisting(ctx, ref)
	}
	switch {
	case err != nil:
		return driver.Snapshot{}, false, c.fail("look for a snapshot to overwrite", ref, err)
	case found && c.tracker.isUnmanaged(c.lockKeyOf(ref), old):
		return driver.Snapshot{}, false, c.fail("create snapshot", ref, errTakenInRun(old, c.Now()))
	case found && c.tracker.isRetained(old.ID) && old.ID != spec.Supersedes:
		return driver.Snapshot{}, false, c.fail("create snapshot", ref, errRetained(old, c.Now()))
	}
	return old, found, nil
}

// readExisting reads the snapshot that a create overwrites. At clouds with more than one snapshot per source it is not
// found. An expired snapshot is not found, but returned if the cloud still shows it. The error is the client's.
func (c *Cloud) readExisting(ctx context.Context, ref driver.Ref) (old driver.Snapshot, found bool, err error) {
	client, ok := c.client.(driver.SingleSnapshotter)
	if !ok {
		return driver.Snapshot{}, false, nil
	}
	old, err = client.ExistingSnapshot(ctx, ref)
	switch {
	case err != nil && c.kindOf(err) == driver.KindNotFound:
		return old, false, nil
	case err != nil:
		return driver.Snapshot{}, false, err
	}
	return c.complete(old, ref), true, nil
}

// peekExisting is readExisting with one request for the snapshot. If there is none, the listing that the create needs
// shows that the source exists.
func (c *Cloud) peekExisting(ctx context.Context, ref driver.Ref) (old driver.Snapshot, found bool, err error) {
	client, ok := c.client.(driver.SingleSnapshotter)
	if !ok {
		return driver.Snapshot{}, false, nil
	}
	old, err = client.PeekSnapshot(ctx, ref)
	switch {
	case err == nil:
		return c.complete(old, ref), true, nil
	case c.kindOf(err) != driver.KindNotFound:
		return driver.Snapshot{}, false, err
	case old.ID == "":
		err = c.listOperationsBefore(ctx, client, ref)
	default:
		// The snapshot has expired, so its source exists.
		err = nil
	}
	return old, false, err
}

// errWouldOverwrite refuses to overwrite a snapshot without ReplaceExisting.
func (c *Cloud) errWouldOverwrite(spec driver.SnapshotSpec, old driver.Snapshot) *driver.Error {
	out := driver.ErrWouldOverwrite(old, c.Now())
	if spec.Unmanaged {
		out.Hint = "Set replace_existing = true to overwrite it, or delete it at the cloud. If a resource manages it, that " +
			"resource can take a new one: run \"terraform apply -replace\" on it."
	}
	return out
}

// errTakenInRun refuses to overwrite an unmanaged snapshot that this run took, even if the create may overwrite: the
// plan could not show it.
func errTakenInRun(old driver.Snapshot, now time.Time) *driver.Error {
	out := driver.ErrWouldOverwrite(old, now)
	out.Message += ", although an action of this run took it"
	out.Hint = "The cloud keeps one snapshot per source, so an action takes one once in a run. List the action in one " +
		"trigger only, or run it again in an apply of its own."
	return out
}

// errRetained refuses to overwrite a snapshot that a destroy retains, even if the create may overwrite. Terraform does
// not show the warnings of a plan that creates a replacement.
func errRetained(old driver.Snapshot, now time.Time) *driver.Error {
	out := driver.ErrWouldOverwrite(old, now)
	out.Message += ", although deletion_policy = \"retain\" keeps it"
	out.Hint = "Apply deletion_policy = \"delete\" first, or do not replace the resource."
	return out
}

var lostOperation = search{noun: "action", where: "the snapshot of this source"}

// findLostOperation searches for the operation of a create whose answer was lost.
func (c *Cloud) findLostOperation(
	ctx context.Context,
	keeper driver.SingleSnapshotter,
	spec driver.SnapshotSpec,
	started time.Time,
	listed bool,
	failed *driver.Error,
) (driver.Snapshot, driver.Operation, error) {
	operation, _, problem := lostCreate[driver.Operation]{
		search: lostOperation, cloud: c, started: started, listed: listed,
		list: func(ctx context.Context) ([]driver.Operation, error) {
			return keeper.CreatedSince(ctx, spec.Ref(), c.since(started))
		},
		match: func(o driver.Operation) (string, time.Time, bool) {
			// The listing contains only operations that began since then.
			return o.TrackingKey(), latest(o.CreatedAt, c.since(started)), true
		},
	}.find(ctx, failed)
	if problem != nil {
		return driver.Snapshot{}, driver.Operation{}, problem
	}
	operation.Adopted = true
	return driver.Snapshot{State: driver.StateCreating}, operation, nil
}

// operationsBefore is how far back a listing must reach to contain every operation that could be mistaken for the one
// of a new create.
const operationsBefore = time.Minute

// listOperationsBefore is tryListBefore for the operations that create a snapshot of a source.
func (c *Cloud) listOperationsBefore(ctx context.Context, keeper driver.SingleSnapshotter, ref driver.Ref) error {
	return c.tryListBefore(ctx, fmt.Sprintf("operations of %q", ref.SourceID), func(ctx context.Context) error {
		operations, err := keeper.CreatedSince(ctx, ref, c.since(time.Now()).Add(-operationsBefore))
		for _, o := range operations {
			c.tracker.see(o.TrackingKey())
		}
		return err
	})
}

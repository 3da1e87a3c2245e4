package cloud

import (
	"context"
	"fmt"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckExistingSnapshot tells at plan time what a create would overwrite: KindWouldOverwrite, unless replace is true,
// the snapshot belongs to a resource of this run, or work of this run on the source is under way: then the create
// decides when its turn comes. Clouds with more than one slot always answer nil. One or two requests.
func (c *Cloud) CheckExistingSnapshot(ctx context.Context, spec driver.SnapshotSpec) error {
	if spec.ReplaceExisting {
		return nil
	}
	old, found, err := c.existingSnapshot(ctx, spec.Ref())
	switch {
	case err != nil || !found:
		return err
	case c.locks.isLocked(c.lockKeyOf(spec.Ref())), c.tracker.isTracked(old.ID):
		// In this order: a create tracks its snapshot before its turn ends.
		return nil
	}
	return c.fail("create snapshot", spec.Ref(), driver.ErrWouldOverwrite(old, c.Now()))
}

// Overwrites finds at plan time the snapshot that a create with ReplaceExisting overwrites. It is not found where the
// slot is empty, where it holds a snapshot of this run, which its own plan shows, and at clouds with more than one
// slot. One or two requests; it may be repeated.
func (c *Cloud) Overwrites(ctx context.Context, spec driver.SnapshotSpec) (old driver.Snapshot, found bool, err error) {
	if !spec.ReplaceExisting {
		return driver.Snapshot{}, false, nil
	}
	old, found, err = c.existingSnapshot(ctx, spec.Ref())
	return old, found && !c.tracker.isTracked(old.ID), err
}

// mayCreate reads what a create overwrites, right before its request, and returns it. It is KindWouldOverwrite if the
// create must not overwrite it. An expired snapshot does not count, and is returned too: the cloud may still show it
// when the new one is expected. The requests of ExistingSnapshot where a source has a single snapshot, else none.
func (c *Cloud) mayCreate(ctx context.Context, spec driver.SnapshotSpec) (old driver.Snapshot, err error) {
	old, found, err := c.readExisting(ctx, spec.Ref())
	if found && !spec.ReplaceExisting {
		return driver.Snapshot{}, driver.ErrWouldOverwrite(old, c.Now())
	}
	return old, err
}

// existingSnapshot is readExisting at plan time. A snapshot that a destroy leaves at the cloud is an error: nothing may
// overwrite it.
func (c *Cloud) existingSnapshot(ctx context.Context, ref driver.Ref) (old driver.Snapshot, found bool, err error) {
	old, found, err = c.readExisting(ctx, ref)
	switch {
	case err != nil:
		return driver.Snapshot{}, false, c.fail("look for a snapshot to overwrite", ref, err)
	case found && c.tracker.isRetained(old.ID):
		return driver.Snapshot{}, false, c.fail("create snapshot", ref, errRetained(old, c.Now()))
	}
	return old, found, nil
}

// readExisting reads the snapshot that a create overwrites. It is not found at clouds with more than one slot. An
// expired snapshot is not found, and returned if the cloud still shows it. The error is the client's.
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

// errRetained is the refusal to overwrite a snapshot that a destroy is to leave at the cloud, also where overwriting is
// permitted: Terraform does not show the warnings of a plan that creates a replacement.
func errRetained(old driver.Snapshot, now time.Time) *driver.Error {
	out := driver.ErrWouldOverwrite(old, now)
	out.Message += ", although deletion_policy = \"retain\" keeps it"
	out.Hint = "Apply deletion_policy = \"delete\" first, or do not replace the resource."
	return out
}

var lostOperation = search{noun: "action", where: "the snapshot of this source"}

// findLostOperation looks for the operation of a create whose answer was lost.
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
			// The listing has only operations that began since then.
			return o.TrackingKey(), c.Now(), true
		},
	}.find(ctx, failed)
	if problem != nil {
		return driver.Snapshot{}, driver.Operation{}, problem
	}
	operation.Adopted = true
	return driver.Snapshot{State: driver.StateCreating}, operation, nil
}

// operationsBefore is how far back a listing of operations must reach to hold all that could be taken for the operation
// of a new create.
const operationsBefore = time.Minute

// listOperationsBefore is listBefore for the operations that make a snapshot of a source.
func (c *Cloud) listOperationsBefore(ctx context.Context, keeper driver.SingleSnapshotter, ref driver.Ref) bool {
	return c.listBefore(ctx, fmt.Sprintf("operations of %q", ref.SourceID), func(ctx context.Context) error {
		operations, err := keeper.CreatedSince(ctx, ref, c.since(time.Now()).Add(-operationsBefore))
		for _, o := range operations {
			c.tracker.see(o.TrackingKey())
		}
		return err
	})
}

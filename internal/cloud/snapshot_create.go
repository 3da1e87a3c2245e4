package cloud

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CreateSnapshot starts a snapshot and returns as soon as the cloud has accepted the request; WaitSnapshot waits for
// the result. The caller holds the source (LockSource). Where a source has a single snapshot, it is read right before
// the request, and KindWouldOverwrite is the refusal to overwrite it: without spec.ReplaceExisting, or at all if this
// run took it with spec.Unmanaged. The request is sent once. If the answer is lost, the snapshot is searched in a
// listing, and adopted if exactly one fits; otherwise the error is KindAmbiguous. If ctx ends, a request under way may
// still end within the grace period.
func (c *Cloud) CreateSnapshot(
	ctx context.Context,
	spec driver.SnapshotSpec,
) (made driver.Snapshot, operation driver.Operation, err error) {
	const op = "create snapshot"
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting to create the snapshot", done: "The cloud has accepted the new snapshot",
	}, spec.Ref())
	defer func() { log.end(made.ID, err) }()
	client, err := c.snapshotter(op, spec.Ref())
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	switch name := c.Limits.Snapshot["name"]; {
	case spec.Name != "":
	case name.Support == driver.OptionalComputed, name.Support == driver.Required:
		// A unique name identifies the snapshot if the answer is lost.
		spec.Name = uniqueName(c.Now(), name.Max)
	}
	listed := c.listSnapshotsBefore(ctx, client, spec.Ref())
	var old driver.Snapshot
	started, err := c.sendOnce(ctx, func(ctx context.Context) (err error) {
		if old, err = c.mayCreate(ctx, spec); err != nil {
			return err
		}
		made, operation, err = client.CreateSnapshot(ctx, spec)
		operation.Fresh = true
		return requireID(err, made.ID, operation, "snapshot")
	})
	if err != nil {
		made, operation, err = c.handleCreateFailure(ctx, client, spec, started, listed, err)
	}
	if spec.Unmanaged && (err == nil || driver.KindOf(err) == driver.KindAmbiguous) {
		c.tracker.noteUnmanaged(c.lockKeyOf(spec.Ref()), old)
	}
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	operation.Supersedes, operation.SupersedesCreatedAt = old.ID, old.CreatedAt
	made = c.complete(made, spec.Ref())
	c.Track(made.Ref())
	c.Track(driver.Ref{ObjectID: operation.TrackingKey()})
	return made, operation, nil
}

// scope returns the filter of the smallest listing that contains a source.
func (c *Cloud) scope(ref driver.Ref) driver.SnapshotFilter {
	switch c.Limits.Scope {
	case driver.ScopeLocation:
		return driver.SnapshotFilter{Location: ref.Location}
	case driver.ScopeAccount:
		return driver.SnapshotFilter{}
	default:
		return driver.SnapshotFilter{SourceID: ref.SourceID, Location: ref.Location}
	}
}

// listSnapshotsBefore is listBefore for the snapshots around a source. Where a source has a single snapshot, it lists
// the operations that create snapshots.
func (c *Cloud) listSnapshotsBefore(ctx context.Context, client driver.Snapshotter, ref driver.Ref) bool {
	if keeper, ok := c.client.(driver.SingleSnapshotter); ok {
		return c.listOperationsBefore(ctx, keeper, ref) == nil
	}
	scope := c.scope(ref)
	return c.listBefore(
		ctx,
		scopeName(scope),
		func(ctx context.Context) error {
			_, err := c.listAndSee(ctx, client, scope)
			return err
		},
	)
}

// listAndSee lists snapshots, and records that they exist.
func (c *Cloud) listAndSee(
	ctx context.Context, client driver.Snapshotter, scope driver.SnapshotFilter,
) ([]driver.Snapshot, error) {
	list, err := driver.Collect(client.Snapshots(ctx, scope))
	for _, s := range list {
		c.tracker.see(s.ID)
	}
	return list, err
}

// scopeName names a listing of snapshots for the tracker.
func scopeName(scope driver.SnapshotFilter) string {
	return fmt.Sprintf("snapshots in %q of %q", scope.Location, scope.SourceID)
}

// uniqueName returns a name that no other snapshot has. Its prefix depends on the longest name that the cloud accepts,
// where 0 is no limit.
func uniqueName(now time.Time, longest int) string {
	name := now.UTC().Format("20060102-150405") + "-" + strings.ToLower(rand.Text()[:8])
	for _, prefix := range []string{"terraform-", "tf-"} {
		if longest == 0 || len(prefix+name) <= longest {
			return prefix + name
		}
	}
	return name
}

// handleCreateFailure searches for the result of a create whose answer was lost, and adds facts to other errors.
func (c *Cloud) handleCreateFailure(
	ctx context.Context,
	client driver.Snapshotter,
	spec driver.SnapshotSpec,
	started time.Time,
	listed bool,
	cause error,
) (driver.Snapshot, driver.Operation, error) {
	failed := c.fail("create snapshot", spec.Ref(), cause)
	keeper, single := c.client.(driver.SingleSnapshotter)
	switch {
	case lost(cause) && single:
		return c.findLostOperation(ctx, keeper, spec, started, listed, failed)
	case lost(cause):
		return c.findLostSnapshot(ctx, client, spec, started, listed, failed)
	case failed.Kind == driver.KindLimit:
		c.addExistingSnapshots(ctx, client, spec, failed)
		if spec.Unmanaged && len(failed.ExistingSnapshots) > 0 {
			failed.Hint = "Delete one of these snapshots first, or take the snapshot of a machine with a free slot."
		}
	}
	failed.Managed = slices.ContainsFunc(
		failed.ExistingSnapshots,
		func(s driver.Snapshot) bool { return c.tracker.isTracked(s.ID) },
	)
	return driver.Snapshot{}, driver.Operation{}, failed
}

// addExistingSnapshots adds the existing snapshots to the error of an exhausted quota. If the listing fails, nothing is
// added.
func (c *Cloud) addExistingSnapshots(
	ctx context.Context,
	client driver.Snapshotter,
	spec driver.SnapshotSpec,
	failed *driver.Error,
) {
	filter := driver.SnapshotFilter{SourceID: spec.SourceID, Location: spec.Location}
	list, err := driver.Collect(client.Snapshots(ctx, filter))
	if err != nil {
		return
	}
	slices.SortFunc(list, oldestFirst)
	failed.ExistingSnapshots, failed.Now = list, c.Now()
}

package cloud

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// snapshotter returns the client's snapshot methods, or KindUnsupported.
func (c *Cloud) snapshotter(op string, ref driver.Ref) (driver.Snapshotter, error) {
	s, ok := c.client.(driver.Snapshotter)
	if !ok {
		return nil, c.unsupported(op, ref)
	}
	return s, nil
}

func (c *Cloud) unsupported(op string, ref driver.Ref) *driver.Error {
	return &driver.Error{
		Kind:    driver.KindUnsupported,
		Cloud:   c.Name,
		Op:      op,
		Ref:     ref,
		Message: c.Title + " does not support this",
	}
}

// Snapshot reads a snapshot. If it is absent, deleted or expired, or if a source with a single snapshot has another one
// now, the error is KindNotFound. It does not Track the snapshot. It sends one request, or shares a listing with other
// reads.
func (c *Cloud) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	return c.readSnapshot(ctx, ref, driver.Operation{})
}

// SnapshotOf reads a snapshot of a resource, which an operation may still be creating, and tracks it (Track). While the
// operation runs and the cloud shows no new snapshot, the result is a snapshot in StateCreating without an ID. It sends
// one request or shares a listing with other reads, and sends one more to poll the operation.
func (c *Cloud) SnapshotOf(ctx context.Context, ref driver.Ref, operation driver.Operation) (driver.Snapshot, error) {
	snap, err := c.readSnapshot(ctx, ref, operation)
	if err == nil {
		c.Track(snap.Ref())
	}
	return snap, err
}

func (c *Cloud) readSnapshot(
	ctx context.Context, ref driver.Ref, operation driver.Operation,
) (driver.Snapshot, error) {
	const op = "read snapshot"
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return driver.Snapshot{}, err
	}
	if ref.ObjectID == "" && !c.Limits.SingleSnapshot() {
		return c.pending(ctx, ref, operation, nil)
	}
	snap, err := c.current(ref, operation, func() (driver.Snapshot, error) {
		return c.snapshotReads.read(ctx, c.scope(ref), ref.ObjectID, func(ctx context.Context) (driver.Snapshot, error) {
			return client.Snapshot(ctx, ref)
		})
	})
	switch {
	case err == nil && snap.State == driver.StateDeleting:
		err = &driver.Error{Kind: driver.KindNotFound, Message: "the snapshot is being deleted"}
	case err == nil:
		return snap, nil
	case c.kindOf(err) == driver.KindNotFound && ref.ObjectID == "" && operation.ID != "":
		return c.pending(ctx, ref, operation, err)
	}
	return driver.Snapshot{}, c.explainAbsence(c.fail(op, ref, err), ref)
}

// explainAbsence adds to the error of an absent snapshot what deleted it, or may have: a restore of its source.
func (c *Cloud) explainAbsence(failed *driver.Error, ref driver.Ref) *driver.Error {
	if failed.Kind != driver.KindNotFound {
		return failed
	}
	switch reason := c.tracker.whyDeleted(ref.ObjectID); {
	case reason != "":
		failed.Message = reason
	case c.Limits.RestoreDeletesNewer():
		failed.Message = fmt.Sprintf("%s; a restore of the %s to an older snapshot may have deleted it",
			strings.TrimRight(failed.Message, ". "), c.Limits.SourceKind)
	}
	return failed
}

// getCurrent reads a snapshot that an operation may have created. If a source with a single snapshot has another one,
// the error is KindNotFound.
func (c *Cloud) getCurrent(
	ctx context.Context,
	client driver.Snapshotter,
	ref driver.Ref,
	operation driver.Operation,
) (driver.Snapshot, error) {
	return c.current(ref, operation, func() (driver.Snapshot, error) { return client.Snapshot(ctx, ref) })
}

// current is getCurrent with the function that reads the snapshot.
func (c *Cloud) current(
	ref driver.Ref, operation driver.Operation, read func() (driver.Snapshot, error),
) (driver.Snapshot, error) {
	snap, err := read()
	if err != nil {
		return driver.Snapshot{}, err
	}
	if !operation.Matches(snap) || (c.Limits.SingleSnapshot() && ref.ObjectID != "" && snap.ID != ref.ObjectID) {
		return driver.Snapshot{}, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: "the source has another snapshot now",
		}
	}
	return c.complete(snap, ref), nil
}

// complete adds the parts of the address that the answers of a cloud lack.
func (c *Cloud) complete(s driver.Snapshot, ref driver.Ref) driver.Snapshot {
	s.ID = cmp.Or(s.ID, ref.ObjectID)
	s.SourceID = cmp.Or(s.SourceID, ref.SourceID)
	s.Location = cmp.Or(s.Location, ref.Location)
	return s
}

// ListSnapshots yields snapshots page by page, in the order of the cloud. It reads a page when the loop needs it, and
// holds no more than that. The loop blocks while a page is read, at most until ctx ends. An *Error is the last element,
// after the pages before it. May be repeated.
func (c *Cloud) ListSnapshots(
	ctx context.Context, filter driver.SnapshotFilter,
) iter.Seq2[[]driver.Snapshot, error] {
	const op = "list snapshots"
	ref := driver.Ref{SourceID: filter.SourceID, Location: filter.Location}
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return driver.Failed[driver.Snapshot](err)
	}
	return each(c, op, ref, client.Snapshots(ctx, filter), func(s *driver.Snapshot) (string, bool) {
		*s = c.complete(*s, ref)
		return s.ID, filter.NameContains == "" || strings.Contains(s.Name, filter.NameContains)
	})
}

// Snapshots returns all snapshots of ListSnapshots, newest first, then by ID. Without a filter by name, it shares a
// listing that is under way.
func (c *Cloud) Snapshots(ctx context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
	ref := driver.Ref{SourceID: filter.SourceID, Location: filter.Location}
	scope := c.scope(ref)
	if !c.snapshotReads.isShared() || filter.NameContains != "" || scope.Location != filter.Location {
		list, err := driver.Collect(c.ListSnapshots(ctx, filter))
		slices.SortFunc(list, newestFirst)
		return list, err
	}
	all, _, err := c.snapshotReads.all(ctx, scope)
	if err != nil {
		return nil, c.fail("list snapshots", ref, err)
	}
	var list []driver.Snapshot
	for _, s := range all {
		if filter.SourceID == "" || scope.SourceID != "" || s.SourceID == filter.SourceID {
			list = append(list, c.complete(s, ref))
		}
	}
	slices.SortFunc(list, newestFirst)
	return list, nil
}

func oldestFirst(a, b driver.Snapshot) int { return newestFirst(b, a) }

func newestFirst(a, b driver.Snapshot) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// WaitSnapshot waits until a snapshot is ready and returns it. The caller holds the source (LockSource). It blocks
// until the context ends (KindTimeout, KindCanceled). If the cloud reports the state error, it fails at once
// (KindFailed). May be repeated.
func (c *Cloud) WaitSnapshot(
	ctx context.Context,
	made driver.Snapshot,
	operation driver.Operation,
	want driver.ReadyWhen,
) (latest driver.Snapshot, err error) {
	const op = "finish creating snapshot"
	ref := made.Ref()
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return made, err
	}
	if operation.Done() && isReady(made, want) {
		return made, nil
	}
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting until the snapshot is ready", done: "The snapshot is ready",
	}, ref)
	defer func() { log.end(latest.ID, err) }()
	defer c.snapshotReads.wait(c.scope(ref))()
	id, _, err := c.waitOperationOf(ctx, operation, func(ctx context.Context) (string, bool) {
		snap, ok := c.snapshotReads.glance(ctx, c.scope(ref), ref.ObjectID, c.pace.Pause(0))
		return string(snap.State), ok && snap.State == driver.StateCreating
	})
	made.ID = cmp.Or(made.ID, id)
	c.Track(made.Ref())
	ref = made.Ref()
	switch {
	case err != nil:
		return made, c.failOperation(op, ref, operation, err)
	case ref.ObjectID == "" && !c.Limits.SingleSnapshot():
		return made, c.failOperation(op, ref, operation, errNoID("snapshot"))
	}
	latest = made
	err = c.pollAt(ctx, c.pace.WithDelay(operation.FreshObject()), func(ctx context.Context) (bool, string, error) {
		snap, err := c.current(ref, operation, func() (driver.Snapshot, error) {
			return c.snapshotReads.poll(ctx, c.scope(ref), ref.ObjectID, c.pace.Pause(0),
				func(ctx context.Context) (driver.Snapshot, error) { return client.Snapshot(ctx, ref) })
		})
		switch {
		case err != nil && c.kindOf(err) == driver.KindNotFound && ref.ObjectID == "":
			// The cloud shows the new snapshot some time after its action has succeeded.
			return false, "not visible yet", nil
		case err != nil:
			return false, "", err
		}
		latest = snap
		if snap.State == driver.StateError {
			return false, "", &driver.Error{Kind: driver.KindFailed, Message: "the snapshot is in the state error"}
		}
		return isReady(snap, want), string(snap.State), nil
	})
	if err != nil {
		return latest, c.failOperation(op, latest.Ref(), operation, err)
	}
	c.Track(latest.Ref())
	return latest, nil
}

// isReady reports whether a snapshot has the wanted state.
func isReady(s driver.Snapshot, want driver.ReadyWhen) bool {
	switch s.State {
	case driver.StateReady, driver.StateExporting, driver.StateExported:
		return !want.Remote || s.StorageType == driver.StorageRemote
	case driver.StateMigrating:
		// The snapshot is complete. Only its move is not.
		return !want.Remote
	default:
		return false
	}
}

// IsReady reports whether a snapshot has the wanted state.
func (c *Cloud) IsReady(s driver.Snapshot, want driver.ReadyWhen) bool { return isReady(s, want) }

// UpdateSnapshot updates a snapshot in place and returns the updated snapshot. The caller holds the source. May be
// repeated.
func (c *Cloud) UpdateSnapshot(
	ctx context.Context,
	ref driver.Ref,
	change driver.SnapshotChange,
) (snap driver.Snapshot, err error) {
	const op = "update snapshot"
	editor, ok := c.client.(driver.SnapshotEditor)
	if !ok {
		return driver.Snapshot{}, c.unsupported(op, ref)
	}
	ctx, log := c.logStage(ctx, updateStage("snapshot"), ref)
	defer func() { log.end("", err) }()
	err = c.retryWhileLocked(ctx, func(ctx context.Context) (err error) {
		snap, err = editor.UpdateSnapshot(ctx, ref, change)
		return err
	})
	if err != nil {
		return driver.Snapshot{}, c.fail(op, ref, err)
	}
	return c.complete(snap, ref), nil
}

// DeleteSnapshot deletes a snapshot and waits until it is absent. The caller holds the source. An absent snapshot is
// success. May be repeated.
func (c *Cloud) DeleteSnapshot(ctx context.Context, ref driver.Ref) error {
	const op = "delete snapshot"
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return err
	}
	return c.deleteAndWait(ctx, op, ref,
		func(ctx context.Context) (driver.Operation, error) { return client.DeleteSnapshot(ctx, ref) },
		func(ctx context.Context) (driver.State, error) {
			snap, err := c.getCurrent(ctx, client, ref, driver.Operation{})
			return snap.State, err
		})
}

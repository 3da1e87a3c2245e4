package cloud

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// RestoreEffect is what a restore overwrites and deletes.
type RestoreEffect struct {
	// Snapshot is restored to the disk of Source, which loses what was written since.
	Snapshot driver.Snapshot
	Source   driver.Source
	// Newer are the snapshots that the restore deletes, oldest first.
	Newer []driver.Snapshot
}

const opRestore = "restore snapshot"

// CheckRestore returns at plan time what a restore overwrites and deletes, or the error of a restore that would fail or
// delete too much: the snapshot or the source does not exist, the snapshot belongs to another source, the source does
// not have the state that the cloud requires, or newer snapshots would be deleted without spec.DeleteNewer
// (KindWouldDelete). A source or a snapshot that other work uses is no error, because StartRestore waits for it. An
// error about the source has an address without the ID of the snapshot. It sends two requests. May be repeated.
func (c *Cloud) CheckRestore(ctx context.Context, spec driver.RestoreSpec) (RestoreEffect, error) {
	client, snapshots, err := c.restorer(opRestore, spec.Ref())
	if err != nil {
		return RestoreEffect{}, err
	}
	effect, err := c.restoreEffect(ctx, client, snapshots, spec)
	if err != nil && c.kindOf(err) != driver.KindBusy {
		return RestoreEffect{}, c.fail(opRestore, spec.Ref(), err)
	}
	return effect, nil
}

// StartRestore restores a snapshot to the disk of its source, and returns when the cloud has accepted the request;
// FinishRestore waits for the result. The caller holds the source (LockSource). It checks what CheckRestore checks
// right before the request, and waits as long as other work uses the source or the snapshot. The request is sent once.
// If the answer is lost, the operation is searched in a listing where the cloud has one, and adopted if exactly one
// fits; otherwise the error is KindAmbiguous. If the same restore is unfinished (KeepRestore), it sends nothing and
// returns its operation.
func (c *Cloud) StartRestore(
	ctx context.Context, spec driver.RestoreSpec,
) (effect RestoreEffect, operation driver.Operation, err error) {
	ref := spec.Ref()
	client, snapshots, err := c.restorer(opRestore, ref)
	if err != nil {
		return RestoreEffect{}, driver.Operation{}, err
	}
	if operation, ok := c.tracker.unfinishedRestore(ref); ok {
		return RestoreEffect{}, operation, nil
	}
	ctx, log := c.logStage(ctx, stage{
		op: opRestore, waiting: "Waiting to restore the snapshot", done: "The cloud has accepted the restore",
	}, ref)
	defer func() { log.end("", err) }()
	listed := c.listRestoresBefore(ctx, ref)
	started, err := c.sendOnce(ctx, func(ctx context.Context) (err error) {
		if effect, err = c.restoreEffect(ctx, client, snapshots, spec); err != nil {
			return err
		}
		operation, err = client.RestoreSnapshot(ctx, ref)
		operation.Fresh = true
		return err
	})
	if lost(err) {
		operation, err = c.findLostRestore(ctx, ref, started, listed, c.fail(opRestore, ref, err))
	}
	if err != nil {
		return RestoreEffect{}, driver.Operation{}, c.fail(opRestore, ref, err)
	}
	if seconds := effect.Snapshot.RestoreTimeSeconds; seconds != nil {
		operation.Estimate = time.Duration(*seconds) * time.Second
	}
	c.Track(driver.Ref{ObjectID: operation.TrackingKey()})
	for _, s := range effect.Newer {
		c.tracker.noteDeleted(s.ID, fmt.Sprintf("the restore of %s %s to the snapshot %s deleted it",
			c.Limits.SourceKind, spec.SourceID, spec.SnapshotID))
	}
	return effect, operation, nil
}

// FinishRestore waits until a restore is complete and its source is usable again. It blocks until the context ends
// (KindTimeout, KindCanceled). A restore that failed is KindFailed with the cloud's reason. May be repeated.
func (c *Cloud) FinishRestore(ctx context.Context, ref driver.Ref, operation driver.Operation) (err error) {
	const op = "finish restoring snapshot"
	client, _, err := c.restorer(op, ref)
	if err != nil {
		return err
	}
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting until the restore is complete", done: "The restore is complete",
	}, ref)
	log.setProgress(func(elapsed time.Duration) string { return estimated(elapsed, operation.Estimate) })
	defer func() { log.end("", err) }()
	err = c.awaitRestore(ctx, client, ref, operation)
	if err == nil || c.kindOf(err) == driver.KindFailed {
		c.tracker.finishRestore(ref)
	}
	if err != nil {
		return c.failOperation(op, ref, operation, err)
	}
	return nil
}

// KeepRestore records a restore whose wait has ended before the restore, so that this run does not restore a second
// time. FinishRestore forgets it.
func (c *Cloud) KeepRestore(ref driver.Ref, operation driver.Operation) {
	c.tracker.keepRestore(ref, operation)
}

// IsRestoring reports whether a restore is unfinished: a StartRestore would resume it.
func (c *Cloud) IsRestoring(ref driver.Ref) bool {
	_, ok := c.tracker.unfinishedRestore(ref)
	return ok
}

// awaitRestore waits for the operation of a restore, and then for the source.
func (c *Cloud) awaitRestore(
	ctx context.Context, client driver.Restorer, ref driver.Ref, operation driver.Operation,
) error {
	defer c.endListings()
	if _, _, err := c.waitOperation(ctx, operation); err != nil {
		return err
	}
	return c.pollAt(ctx, c.pace.WithDelay(operation.FreshObject()), func(ctx context.Context) (bool, string, error) {
		source, err := client.Source(ctx, sourceOf(ref))
		if err == nil && source.State == string(driver.StateError) {
			err = c.errSource(source)
		}
		return !source.Busy, source.State, err
	})
}

// errSource is the error of a source that is in the state error after a restore.
func (c *Cloud) errSource(source driver.Source) *driver.Error {
	message := fmt.Sprintf("the %s is in the state %s", c.Limits.SourceKind, source.State)
	if source.ErrorMessage != "" {
		message += ": " + source.ErrorMessage
	}
	return &driver.Error{Kind: driver.KindFailed, Message: message}
}

// restorer returns the client's methods for restores, or KindUnsupported.
func (c *Cloud) restorer(op string, ref driver.Ref) (driver.Restorer, driver.Snapshotter, error) {
	client, ok := c.client.(driver.Restorer)
	snapshots, snaps := c.client.(driver.Snapshotter)
	if !ok || !snaps {
		return nil, nil, c.unsupported(op, ref)
	}
	return client, snapshots, nil
}

func sourceOf(ref driver.Ref) driver.Ref {
	return driver.Ref{Location: ref.Location, SourceID: ref.SourceID}
}

// restoreEffect reads what a restore overwrites and deletes, and checks whether it may. Temporary obstacles are
// KindBusy, and returned with the effect.
func (c *Cloud) restoreEffect(
	ctx context.Context, client driver.Restorer, snapshots driver.Snapshotter, spec driver.RestoreSpec,
) (effect RestoreEffect, err error) {
	ref := spec.Ref()
	if c.Limits.RestoreDeletesNewer() {
		effect.Snapshot, effect.Newer, err = c.snapshotAndNewer(ctx, snapshots, ref)
	} else {
		effect.Snapshot, err = c.getCurrent(ctx, snapshots, ref, driver.Operation{})
	}
	if err != nil {
		return effect, err
	}
	if effect.Source, err = client.Source(ctx, sourceOf(ref)); err != nil {
		return effect, c.fail("read "+c.Limits.SourceKind, sourceOf(ref), err)
	}
	return effect, c.mayRestore(effect, spec)
}

// snapshotAndNewer reads a snapshot and the newer ones of its source, oldest first. One of the same time counts as
// newer. It sends one listing.
func (c *Cloud) snapshotAndNewer(
	ctx context.Context, client driver.Snapshotter, ref driver.Ref,
) (snap driver.Snapshot, newer []driver.Snapshot, err error) {
	filter := driver.SnapshotFilter{SourceID: ref.SourceID, Location: ref.Location}
	list, err := driver.Collect(client.Snapshots(ctx, filter))
	if err != nil {
		return snap, nil, c.fail("list snapshots", sourceOf(ref), err)
	}
	i := slices.IndexFunc(list, func(s driver.Snapshot) bool { return s.ID == ref.ObjectID })
	if i < 0 {
		return snap, nil, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: fmt.Sprintf("%s %s has no snapshot %s", c.Limits.SourceKind, ref.SourceID, ref.ObjectID),
		}
	}
	snap = c.complete(list[i], ref)
	newer = slices.DeleteFunc(list, func(s driver.Snapshot) bool {
		return s.ID == snap.ID || s.CreatedAt.Before(snap.CreatedAt)
	})
	slices.SortFunc(newer, oldestFirst)
	return snap, newer, nil
}

// mayRestore returns why a restore must not be sent: a permanent reason first, else a temporary one (KindBusy).
func (c *Cloud) mayRestore(effect RestoreEffect, spec driver.RestoreSpec) error {
	kind, snap, source := c.Limits.SourceKind, effect.Snapshot, effect.Source
	switch {
	case snap.SourceID != spec.SourceID:
		return &driver.Error{
			Kind:    driver.KindConflict,
			Message: fmt.Sprintf("the snapshot %s belongs to the %s %s", snap.ID, kind, snap.SourceID),
			Hint:    "Restore a snapshot of the same source_id.",
		}
	case snap.State == driver.StateError, snap.State == driver.StateDeleting:
		return &driver.Error{
			Kind: driver.KindConflict, Message: fmt.Sprintf("the snapshot %s is in the state %s", snap.ID, snap.State),
			Hint: "Restore another snapshot.",
		}
	case len(effect.Newer) > 0 && !spec.DeleteNewer:
		return &driver.Error{
			Kind:              driver.KindWouldDelete,
			Message:           fmt.Sprintf("the restore deletes the snapshots of the %s that are newer", kind),
			ExistingSnapshots: effect.Newer, Now: c.Now(),
		}
	case c.Limits.RestoreState != "" && source.State != c.Limits.RestoreState && !source.Busy:
		return &driver.Error{
			Kind: driver.KindConflict, Ref: sourceOf(spec.Ref()),
			Message: fmt.Sprintf("the %s %s is %s, and a restore requires it to be %s",
				kind, spec.SourceID, source.State, c.Limits.RestoreState),
			Hint: fmt.Sprintf("Change the state of the %s to %s, and apply again. The restore does not start it again.",
				kind, c.Limits.RestoreState),
		}
	case source.Busy:
		return &driver.Error{
			Kind: driver.KindBusy, Ref: sourceOf(spec.Ref()),
			Message: fmt.Sprintf("other work uses the %s %s, which is in the state %s", kind, spec.SourceID, source.State),
		}
	case snap.State != driver.StateReady && snap.State != driver.StateExported:
		return &driver.Error{
			Kind: driver.KindBusy, Message: fmt.Sprintf("the snapshot %s is in the state %s", snap.ID, snap.State),
		}
	}
	return nil
}

// listRestoresBefore lists the operations that restore a source before another one, so that the tracker has them. It is
// false where the cloud lists none, or the listing failed.
func (c *Cloud) listRestoresBefore(ctx context.Context, ref driver.Ref) bool {
	finder, ok := c.client.(driver.RestoreFinder)
	if !ok {
		return false
	}
	operations, err := finder.RestoredSince(ctx, ref, c.since(time.Now()).Add(-operationsBefore))
	for _, o := range operations {
		c.tracker.see(o.TrackingKey())
	}
	return err == nil
}

// findLostRestore searches for the operation of a restore whose answer was lost.
func (c *Cloud) findLostRestore(
	ctx context.Context, ref driver.Ref, started time.Time, listed bool, failed *driver.Error,
) (driver.Operation, error) {
	advice := fmt.Sprintf("Check the %s %s at the cloud before you apply again, because another restore overwrites what "+
		"was written since.", c.Limits.SourceKind, ref.SourceID)
	finder, ok := c.client.(driver.RestoreFinder)
	if !ok {
		failed.Kind, failed.Hint = driver.KindAmbiguous, c.Title+" does not list restores. "+advice
		return driver.Operation{}, failed
	}
	operation, _, problem := lostCreate[driver.Operation]{
		search: search{noun: "restore", advice: advice}, cloud: c, started: started, listed: listed,
		list: func(ctx context.Context) ([]driver.Operation, error) {
			return finder.RestoredSince(ctx, ref, c.since(started))
		},
		match: func(o driver.Operation) (string, time.Time, bool) {
			// The listing contains only operations that began since then.
			return o.TrackingKey(), latest(o.CreatedAt, c.since(started)), true
		},
	}.find(ctx, failed)
	if problem != nil {
		return driver.Operation{}, problem
	}
	operation.Adopted = true
	return operation, nil
}

package cloud

import (
	"context"
	"errors"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// OwnedSnapshots reads snapshots of a source by their IDs. missing has a KindNotFound for each snapshot that does not
// exist any more, with the reason. It sends one listing, and one request for each snapshot that the listing lacks. May
// be repeated.
func (c *Cloud) OwnedSnapshots(
	ctx context.Context, source driver.Ref, ids []string,
) (found []driver.Snapshot, missing []*driver.Error, err error) {
	const op = "list snapshots"
	client, err := c.snapshotter(op, source)
	if err != nil || len(ids) == 0 {
		return nil, nil, err
	}
	list, err := c.listScope(ctx, client, source)
	if err != nil && c.kindOf(err) != driver.KindNotFound {
		return nil, nil, c.fail(op, source, err)
	}
	for _, id := range ids {
		ref := driver.Ref{Location: source.Location, SourceID: source.SourceID, ObjectID: id}
		at := slices.IndexFunc(list, func(s driver.Snapshot) bool { return s.ID == id })
		if at >= 0 && list[at].State != driver.StateDeleting {
			c.Track(ref)
			found = append(found, c.complete(list[at], ref))
			continue
		}
		snap, err := c.SnapshotOf(ctx, ref, driver.Operation{})
		var absent *driver.Error
		switch {
		case driver.IsNotFound(err) && errors.As(err, &absent):
			missing = append(missing, absent)
		case err != nil:
			return nil, nil, err
		default:
			found = append(found, snap)
		}
	}
	return found, missing, nil
}

// listScope lists the snapshots around a source, or shares such a listing that is under way. A create right after it
// needs no other listing.
func (c *Cloud) listScope(
	ctx context.Context, client driver.Snapshotter, source driver.Ref,
) ([]driver.Snapshot, error) {
	scope := c.scope(source)
	if !c.snapshotReads.isShared() {
		return c.listAndSee(ctx, client, scope)
	}
	list, began, err := c.snapshotReads.all(ctx, scope)
	if err == nil {
		c.tracker.noteListing(scopeName(scope), began)
	}
	return list, err
}

// IsPending reports whether a snapshot is the result of a create that was interrupted.
func IsPending(s driver.Snapshot) bool { return s.ID == "" || s.State == driver.StateCreating }

// Complete returns the snapshots that are complete.
func Complete(snapshots []driver.Snapshot) []driver.Snapshot {
	var out []driver.Snapshot
	for _, s := range snapshots {
		if isReady(s, driver.ReadyWhen{}) {
			out = append(out, s)
		}
	}
	return out
}

// DeleteOwned deletes snapshots that a rotation owns, oldest first, and waits until they are absent. operation is that
// of a run that was interrupted. An absent snapshot is success. It returns those that remain after an error. The caller
// holds the source (LockSource). It blocks until the context ends. May be repeated.
func (c *Cloud) DeleteOwned(
	ctx context.Context, owned []driver.Snapshot, operation driver.Operation,
) (remaining []driver.Snapshot, err error) {
	remaining = slices.Clone(owned)
	slices.SortFunc(remaining, oldestFirst)
	for len(remaining) > 0 {
		ref, err := c.Identify(ctx, remaining[0].Ref(), operation)
		if err == nil {
			err = c.DeleteSnapshot(ctx, ref)
		}
		if err != nil && !driver.IsNotFound(err) {
			return remaining, err
		}
		remaining = remaining[1:]
	}
	return nil, nil
}

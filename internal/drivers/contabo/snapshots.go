package contabo

import (
	"context"
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
)

// Snapshot reads one snapshot with one request.
func (c *client) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	instance, err := instanceToWire(ref.SourceID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	got, err := c.api.RetrieveSnapshot(ctx, instance, ref.ObjectID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	return snapshotFromWire(got), nil
}

// Snapshots lists the snapshots of one instance, or of each instance of the account, because the API has no listing for
// all of them. An instance that was deleted meanwhile has no snapshots.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) iter.Seq2[[]driver.Snapshot, error] {
	if filter.SourceID != "" {
		instance, err := instanceToWire(filter.SourceID)
		if err != nil {
			return driver.Failed[driver.Snapshot](err)
		}
		return c.snapshotsOf(ctx, instance, filter.NameContains)
	}
	return driver.Walk(ctx, c.api.RetrieveInstancesList(ctx),
		func(ctx context.Context, i api.Instance) iter.Seq2[[]driver.Snapshot, error] {
			return c.unlessGone(ctx, i.InstanceID, c.snapshotsOf(ctx, i.InstanceID, filter.NameContains))
		})
}

// snapshotsOf lists the snapshots of one instance.
func (c *client) snapshotsOf(ctx context.Context, instance int64, name string) iter.Seq2[[]driver.Snapshot, error] {
	return driver.Convert(c.api.RetrieveSnapshotList(ctx, instance, name), func(s api.Snapshot) (driver.Snapshot, bool) {
		return snapshotFromWire(s), true
	})
}

// unlessGone ends a listing without an error if its instance does not exist. A 404 of the listing alone is an error,
// because the snapshots of an instance that exists would be missing.
func (c *client) unlessGone(
	ctx context.Context, instance int64, list iter.Seq2[[]driver.Snapshot, error],
) iter.Seq2[[]driver.Snapshot, error] {
	return func(yield func([]driver.Snapshot, error) bool) {
		for page, err := range list {
			if (err != nil && kindOf(err) == driver.KindNotFound && c.isGone(ctx, instance)) || !yield(page, err) {
				return
			}
		}
	}
}

// isGone reports whether an instance does not exist. It sends one request.
func (c *client) isGone(ctx context.Context, instance int64) bool {
	_, err := c.api.RetrieveInstance(ctx, instance)
	return err != nil && kindOf(err) == driver.KindNotFound
}

// Source reads an instance with one request. The API does not report how many snapshots it can have, but one product
// cannot have any.
func (c *client) Source(ctx context.Context, ref driver.Ref) (driver.Source, error) {
	instance, err := instanceToWire(ref.SourceID)
	if err != nil {
		return driver.Source{}, err
	}
	got, err := c.api.RetrieveInstance(ctx, instance)
	if err != nil {
		return driver.Source{}, err
	}
	return sourceFromWire(got), nil
}

// Sources lists all instances of the account.
func (c *client) Sources(ctx context.Context, _ string) iter.Seq2[[]driver.Source, error] {
	return driver.Convert(c.api.RetrieveInstancesList(ctx), func(i api.Instance) (driver.Source, bool) {
		return sourceFromWire(i), true
	})
}

// CreateSnapshot creates a snapshot. The answer comes when it is complete, so there is no operation.
func (c *client) CreateSnapshot(
	ctx context.Context,
	spec driver.SnapshotSpec,
) (driver.Snapshot, driver.Operation, error) {
	instance, err := instanceToWire(spec.SourceID)
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	made, err := c.api.CreateSnapshot(ctx, instance, snapshotToWire(spec))
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	return snapshotFromWire(made), driver.Operation{}, nil
}

// UpdateSnapshot changes name and description with one request. The answer is the updated snapshot.
func (c *client) UpdateSnapshot(
	ctx context.Context,
	ref driver.Ref,
	change driver.SnapshotChange,
) (driver.Snapshot, error) {
	instance, err := instanceToWire(ref.SourceID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	got, err := c.api.UpdateSnapshot(ctx, instance, ref.ObjectID, snapshotChangeToWire(change))
	if err != nil {
		return driver.Snapshot{}, err
	}
	return snapshotFromWire(got), nil
}

// DeleteSnapshot deletes a snapshot. The answer comes after the deletion, so there is no operation.
func (c *client) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	instance, err := instanceToWire(ref.SourceID)
	if err != nil {
		return driver.Operation{}, err
	}
	return driver.Operation{}, c.api.DeleteSnapshot(ctx, instance, ref.ObjectID)
}

// RestoreSnapshot rolls an instance back with one request. The API lists no rollbacks; the status of the instance shows
// the end.
func (c *client) RestoreSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	instance, err := instanceToWire(ref.SourceID)
	if err != nil {
		return driver.Operation{}, err
	}
	return driver.Operation{PollObject: true}, c.api.RollbackSnapshot(ctx, instance, ref.ObjectID)
}

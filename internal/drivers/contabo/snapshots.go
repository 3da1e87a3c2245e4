package contabo

import (
	"context"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
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

// Snapshots lists the snapshots of one instance, or of each instance of the account.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
	if filter.SourceID == "" {
		return c.allSnapshots(ctx, filter)
	}
	instance, err := instanceToWire(filter.SourceID)
	if err != nil {
		return nil, err
	}
	list, err := c.api.RetrieveSnapshotList(ctx, instance, filter.NameContains)
	if err != nil {
		return nil, err
	}
	out := make([]driver.Snapshot, 0, len(list))
	for _, s := range list {
		out = append(out, snapshotFromWire(s))
	}
	return out, nil
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
func (c *client) Sources(ctx context.Context, _ string) ([]driver.Source, error) {
	instances, err := c.api.RetrieveInstancesList(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]driver.Source, 0, len(instances))
	for _, i := range instances {
		out = append(out, sourceFromWire(i))
	}
	return out, nil
}

// allSnapshots lists the snapshots of each instance, because the API has no listing for all of them. An instance that
// was deleted meanwhile has no snapshots.
func (c *client) allSnapshots(ctx context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
	instances, err := c.api.RetrieveInstancesList(ctx)
	if err != nil {
		return nil, err
	}
	var out []driver.Snapshot
	for _, i := range instances {
		filter.SourceID = strconv.FormatInt(i.InstanceID, 10)
		of, err := c.Snapshots(ctx, filter)
		if err != nil && kindOf(err) != driver.KindNotFound {
			return nil, err
		}
		out = append(out, of...)
	}
	return out, nil
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

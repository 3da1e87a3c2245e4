package koyeb

import (
	"context"
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
)

// polled is the operation of a create and a delete: Koyeb has no operations, so the snapshot itself shows the progress.
var polled = driver.Operation{PollObject: true}

// noID is the error of a reference without an ID, because its path would be that of the whole collection.
const noID = "there is no snapshot without an ID"

// Snapshot reads a snapshot. Deleted and being deleted are absent.
func (c *client) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	if ref.ObjectID == "" {
		return driver.Snapshot{}, absent(noID)
	}
	wire, err := c.api.GetSnapshot(ctx, ref.ObjectID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	return presentFromWire(wire)
}

// Snapshots lists the snapshots that are not deleted. Koyeb filters by region; the driver filters by volume and name.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) iter.Seq2[[]driver.Snapshot, error] {
	return snapshotsFromWire(c.api.ListSnapshots(ctx, filter.Location), filter)
}

// Source reads a volume with one request. A volume that is deleted, or being deleted, is absent.
func (c *client) Source(ctx context.Context, ref driver.Ref) (driver.Source, error) {
	volume, err := c.api.GetPersistentVolume(ctx, ref.SourceID)
	if err != nil {
		return driver.Source{}, err
	}
	out := sourceFromWire(volume)
	if isDeleted(out) {
		return driver.Source{}, absent("the volume is " + out.State)
	}
	return out, nil
}

// Sources lists the volumes of the organization, or of a region.
func (c *client) Sources(ctx context.Context, location string) iter.Seq2[[]driver.Source, error] {
	list := distinct(c.api.ListPersistentVolumes(ctx, location), func(v api.PersistentVolume) string { return v.ID })
	return driver.Convert(list, func(v api.PersistentVolume) (driver.Source, bool) {
		out := sourceFromWire(v)
		return out, !isDeleted(out)
	})
}

// CreateSnapshot starts a snapshot. Koyeb answers at once with its ID.
func (c *client) CreateSnapshot(
	ctx context.Context,
	spec driver.SnapshotSpec,
) (driver.Snapshot, driver.Operation, error) {
	wire, err := c.api.CreateSnapshot(ctx, snapshotToWire(spec))
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	return snapshotFromWire(wire), polled, nil
}

// UpdateSnapshot renames a snapshot.
func (c *client) UpdateSnapshot(
	ctx context.Context,
	ref driver.Ref,
	change driver.SnapshotChange,
) (driver.Snapshot, error) {
	if change.Name == nil {
		return c.Snapshot(ctx, ref)
	}
	if ref.ObjectID == "" {
		return driver.Snapshot{}, absent(noID)
	}
	wire, err := c.api.UpdateSnapshot(ctx, ref.ObjectID, changeToWire(change))
	if err != nil {
		return driver.Snapshot{}, err
	}
	return presentFromWire(wire)
}

// DeleteSnapshot starts to delete a snapshot.
func (c *client) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	if ref.ObjectID == "" {
		return driver.Operation{}, absent(noID)
	}
	return polled, c.api.DeleteSnapshot(ctx, ref.ObjectID)
}

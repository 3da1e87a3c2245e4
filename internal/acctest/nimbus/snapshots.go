package nimbus

import (
	"context"
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Snapshot reads a snapshot.
func (c *client) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	wire, err := c.api.GetSnapshot(ctx, ref.ObjectID)
	return snapshotFromWire(wire), err
}

// Snapshots lists the snapshots of the account. The filter applies here.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) iter.Seq2[[]driver.Snapshot, error] {
	list := driver.Unpaged(func() ([]api.Snapshot, error) { return c.api.ListSnapshots(ctx) })
	return driver.Convert(list, func(wire api.Snapshot) (driver.Snapshot, bool) {
		return snapshotFromWire(wire), matches(wire, filter)
	})
}

// Source reads a disk.
func (c *client) Source(ctx context.Context, ref driver.Ref) (driver.Source, error) {
	disk, err := c.api.GetDisk(ctx, ref.SourceID)
	return driver.Source{ID: disk.ID, Name: disk.ID}, err
}

// CreateSnapshot creates a snapshot, which is ready in the answer.
func (c *client) CreateSnapshot(
	ctx context.Context, spec driver.SnapshotSpec,
) (driver.Snapshot, driver.Operation, error) {
	wire, err := c.api.CreateSnapshot(ctx, snapshotToWire(spec))
	return snapshotFromWire(wire), driver.Operation{}, err
}

// DeleteSnapshot deletes a snapshot, which is absent after the answer.
func (c *client) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	return driver.Operation{}, c.api.DeleteSnapshot(ctx, ref.ObjectID)
}

package exoscale

import (
	"context"
	"iter"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
)

// Snapshot reads a snapshot. A snapshot with the state deleted is absent.
func (c *client) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Snapshot{}, err
	}
	s, err := z.GetSnapshot(ctx, ref.ObjectID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	if strings.EqualFold(s.State, snapshotDeleted) {
		return driver.Snapshot{}, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: "the snapshot is in the state " + s.State,
		}
	}
	return snapshotFromWire(s, ref.Location), nil
}

// Snapshots lists the snapshots of a zone. The cloud has no filters, so the driver filters.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) iter.Seq2[[]driver.Snapshot, error] {
	list := driver.Unpaged(func() ([]api.Snapshot, error) {
		z, err := c.zone(ctx, filter.Location)
		if err != nil {
			return nil, err
		}
		list, err := z.ListSnapshots(ctx)
		return list.Snapshots, err
	})
	return driver.Convert(list, func(s api.Snapshot) (driver.Snapshot, bool) {
		matches := filter.SourceID == "" || s.Instance.ID == filter.SourceID
		return snapshotFromWire(s, filter.Location), matches && !gone(s)
	})
}

// Source reads an instance with one request. An instance that is being destroyed is absent.
func (c *client) Source(ctx context.Context, ref driver.Ref) (driver.Source, error) {
	z, err := c.zone(ctx, ref.Location)
	if err != nil {
		return driver.Source{}, err
	}
	instance, err := z.GetInstance(ctx, ref.SourceID)
	if err != nil {
		return driver.Source{}, err
	}
	out := sourceFromWire(instance, ref.Location)
	if isDestroyed(out) {
		return driver.Source{}, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: "the instance is in the state " + out.State,
		}
	}
	return out, nil
}

// Sources lists the instances of a zone with one request.
func (c *client) Sources(ctx context.Context, location string) iter.Seq2[[]driver.Source, error] {
	list := driver.Unpaged(func() ([]api.Instance, error) {
		z, err := c.zone(ctx, location)
		if err != nil {
			return nil, err
		}
		list, err := z.ListInstances(ctx)
		return list.Instances, err
	})
	return driver.Convert(list, func(i api.Instance) (driver.Source, bool) {
		out := sourceFromWire(i, location)
		return out, !isDestroyed(out)
	})
}

// CreateSnapshot starts a snapshot. The reference of the operation has its ID.
func (c *client) CreateSnapshot(
	ctx context.Context,
	spec driver.SnapshotSpec,
) (driver.Snapshot, driver.Operation, error) {
	z, err := c.zone(ctx, spec.Location)
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	// Name and description are not sent: create-snapshot has no body.
	op, err := z.CreateSnapshot(ctx, spec.SourceID)
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	operation, err := accepted(op, spec.Ref())
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	operation.PollObject = true
	return driver.Snapshot{
		ID:       statusFromWire(op, operation).ObjectID,
		SourceID: spec.SourceID,
		Location: spec.Location,
		State:    driver.StateCreating,
	}, operation, nil
}

// DeleteSnapshot starts to delete a snapshot. It is deleted when the operation succeeds.
func (c *client) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Operation{}, err
	}
	op, err := z.DeleteSnapshot(ctx, ref.ObjectID)
	if err != nil {
		return driver.Operation{}, err
	}
	return deleting(op, ref)
}

// ExportSnapshot starts an export. Export returns the result once the operation has succeeded.
func (c *client) ExportSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Operation{}, err
	}
	op, err := z.ExportSnapshot(ctx, ref.ObjectID)
	if err != nil {
		return driver.Operation{}, err
	}
	return accepted(op, driver.Ref{Location: ref.Location})
}

// Export reads the download of an exported snapshot.
func (c *client) Export(ctx context.Context, ref driver.Ref) (driver.Export, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Export{}, err
	}
	s, err := z.GetSnapshot(ctx, ref.ObjectID)
	switch {
	case err != nil:
		return driver.Export{}, err
	case gone(s):
		return driver.Export{}, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: "the snapshot is in the state " + s.State,
		}
	case s.Export.PresignedURL == "":
		return driver.Export{}, &driver.Error{Kind: driver.KindNotFound, Message: "the snapshot is not exported"}
	}
	return exportFromWire(s.Export), nil
}

// RestoreSnapshot starts to revert a stopped instance to one of its snapshots.
func (c *client) RestoreSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	z, err := c.object(ctx, ref)
	if err != nil {
		return driver.Operation{}, err
	}
	op, err := z.RevertInstanceToSnapshot(ctx, ref.SourceID, ref.ObjectID)
	if err != nil {
		return driver.Operation{}, err
	}
	return accepted(op, ref)
}

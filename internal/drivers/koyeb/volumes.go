package koyeb

import (
	"context"
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// noVolumeID is the error of a reference without an ID, because its path would be that of the whole collection.
const noVolumeID = "there is no volume without an ID"

// attachedHint is what to do about a volume that Koyeb does not delete.
const attachedHint = "Koyeb does not delete a volume that is attached to a service. Detach it first: remove it from " +
	"the service and redeploy, or delete the service. Then apply again."

// Volume reads a volume. Deleted is absent.
func (c *client) Volume(ctx context.Context, ref driver.Ref) (driver.Volume, error) {
	if ref.ObjectID == "" {
		return driver.Volume{}, absent(noVolumeID)
	}
	wire, err := c.api.GetPersistentVolume(ctx, ref.ObjectID)
	if err != nil {
		return driver.Volume{}, err
	}
	return presentVolumeFromWire(wire)
}

// Volumes lists the volumes of the organization, or of a region, that are not deleted.
func (c *client) Volumes(ctx context.Context, location string) iter.Seq2[[]driver.Volume, error] {
	return volumesFromWire(c.api.ListPersistentVolumes(ctx, location))
}

// CreateVolume creates a volume. Koyeb has no status for one that is not complete, so nothing is left to wait for.
func (c *client) CreateVolume(ctx context.Context, spec driver.VolumeSpec) (driver.Volume, error) {
	wire, err := c.api.CreatePersistentVolume(ctx, volumeToWire(spec))
	if err != nil {
		return driver.Volume{}, err
	}
	return volumeFromWire(wire), nil
}

// UpdateVolume renames a volume.
func (c *client) UpdateVolume(
	ctx context.Context, ref driver.Ref, change driver.VolumeChange,
) (driver.Volume, error) {
	if change.Name == nil {
		return c.Volume(ctx, ref)
	}
	if ref.ObjectID == "" {
		return driver.Volume{}, absent(noVolumeID)
	}
	wire, err := c.api.UpdatePersistentVolume(ctx, ref.ObjectID, volumeChangeToWire(change))
	if err != nil {
		return driver.Volume{}, err
	}
	return presentVolumeFromWire(wire)
}

// DeleteVolume starts to delete a volume. Koyeb refuses while a service has it.
func (c *client) DeleteVolume(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	if ref.ObjectID == "" {
		return driver.Operation{}, absent(noVolumeID)
	}
	err := c.api.DeletePersistentVolume(ctx, ref.ObjectID)
	if err != nil && kindOf(err) == driver.KindConflict {
		err = &driver.Error{Kind: driver.KindConflict, Hint: attachedHint, Err: err}
	}
	return polled, err
}

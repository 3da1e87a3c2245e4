package cloud

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

var lostVolume = search{noun: "volume", where: "the volumes of this account"}

// volumeKeeper returns the client's volume methods, or KindUnsupported.
func (c *Cloud) volumeKeeper(op string, ref driver.Ref) (driver.VolumeKeeper, error) {
	k, ok := c.client.(driver.VolumeKeeper)
	if !ok {
		return nil, c.unsupported(op, ref)
	}
	return k, nil
}

// Volume reads a volume. If it is absent, deleted or being deleted, the error is KindNotFound. It sends one request,
// or shares a listing with other reads.
func (c *Cloud) Volume(ctx context.Context, ref driver.Ref) (driver.Volume, error) {
	const op = "read volume"
	client, err := c.volumeKeeper(op, ref)
	if err != nil {
		return driver.Volume{}, err
	}
	volume, err := c.volumeReads.read(ctx, c.scope(ref).Location, ref.ObjectID,
		func(ctx context.Context) (driver.Volume, error) { return client.Volume(ctx, ref) })
	if err == nil && volume.State == driver.StateDeleting {
		err = &driver.Error{Kind: driver.KindNotFound, Message: "the volume is being deleted"}
	}
	if err != nil {
		return driver.Volume{}, c.fail(op, ref, err)
	}
	volume = completeVolume(volume, ref)
	c.Track(volume.Ref())
	return volume, nil
}

// ListVolumes yields volumes as ListSnapshots yields snapshots.
func (c *Cloud) ListVolumes(ctx context.Context, location string) iter.Seq2[[]driver.Volume, error] {
	const op = "list volumes"
	ref := driver.Ref{Location: location}
	client, err := c.volumeKeeper(op, ref)
	if err != nil {
		return driver.Failed[driver.Volume](err)
	}
	return each(c, op, ref, client.Volumes(ctx, location), func(v *driver.Volume) (string, bool) {
		*v = completeVolume(*v, ref)
		return v.ID, true
	})
}

// completeVolume adds the part of the address that the answers of a cloud lack.
func completeVolume(v driver.Volume, ref driver.Ref) driver.Volume {
	v.Location = cmp.Or(v.Location, ref.Location)
	return v
}

// CheckVolume returns an error at plan time if a volume cannot be created because its snapshot does not exist or has
// failed. Terraform deletes the old volume of a replacement first, so a create that fails at apply loses it. A snapshot
// that is not ready passes: CreateVolume waits for it. It sends one request. The error is an *Error.
func (c *Cloud) CheckVolume(ctx context.Context, spec driver.VolumeSpec) error {
	const op = "read snapshot"
	ref := spec.Snapshot()
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return err
	}
	if _, err := c.getUsable(ctx, client, ref); err != nil {
		return c.fail(op, ref, err)
	}
	return nil
}

// CreateVolume creates a volume from a snapshot and returns it. First it waits until the snapshot is ready, and remote
// at a cloud that moves snapshots; it blocks until then, or until ctx ends (KindTimeout, KindCanceled). An absent
// snapshot and one in the state error are errors. The request is sent once. If the answer is lost, the engine searches
// a listing for the volume, and adopts it if exactly one matches, which operation.Adopted reports; otherwise the error
// is KindAmbiguous. If ctx ends, the request may still end within the grace period. It sends the polls of the snapshot,
// a listing and the request.
func (c *Cloud) CreateVolume(
	ctx context.Context, spec driver.VolumeSpec,
) (made driver.Volume, operation driver.Operation, err error) {
	const op = "create volume"
	ref := spec.Snapshot()
	client, err := c.volumeKeeper(op, ref)
	if err != nil {
		return driver.Volume{}, driver.Operation{}, err
	}
	snapshots, err := c.snapshotter(op, ref)
	if err != nil {
		return driver.Volume{}, driver.Operation{}, err
	}
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting to create the volume", done: "The cloud has created the volume",
	}, ref)
	defer func() { log.end(made.ID, err) }()
	snap, _, err := c.awaitSnapshot(ctx, snapshots, ref, driver.ReadyWhen{Remote: c.Limits.MovesToRemote()})
	if err != nil {
		return driver.Volume{}, driver.Operation{}, c.fail(op, ref, err)
	}
	spec.Location = snap.Location
	listed := c.listVolumesBefore(ctx, client, spec.Location)
	started, err := c.sendOnce(ctx, func(ctx context.Context) (err error) {
		made, err = client.CreateVolume(ctx, spec)
		return requireID(err, made.ID, operation, "volume")
	})
	if err != nil {
		failed := c.fail(op, ref, err)
		if !lost(err) {
			return driver.Volume{}, driver.Operation{}, failed
		}
		var problem *driver.Error
		if made, problem = c.findLostVolume(ctx, client, spec, failed, started, listed); problem != nil {
			return driver.Volume{}, driver.Operation{}, problem
		}
		operation.Adopted = true
	}
	made = completeVolume(made, spec.Snapshot())
	c.Track(made.Ref())
	return made, operation, nil
}

// listVolumesBefore is listBefore for the volumes of a location.
func (c *Cloud) listVolumesBefore(ctx context.Context, client driver.VolumeKeeper, location string) bool {
	return c.listBefore(ctx, fmt.Sprintf("volumes in %q", location), func(ctx context.Context) error {
		list, err := driver.Collect(client.Volumes(ctx, location))
		for _, v := range list {
			c.tracker.see(v.ID)
		}
		return err
	})
}

// findLostVolume searches for the volume of a create whose answer was lost: same snapshot and same name.
func (c *Cloud) findLostVolume(
	ctx context.Context,
	client driver.VolumeKeeper,
	spec driver.VolumeSpec,
	failed *driver.Error,
	started time.Time,
	listed bool,
) (driver.Volume, *driver.Error) {
	found, _, problem := lostCreate[driver.Volume]{
		search: lostVolume, cloud: c, started: started, listed: listed,
		list: func(ctx context.Context) ([]driver.Volume, error) {
			return driver.Collect(client.Volumes(ctx, spec.Location))
		},
		match: func(v driver.Volume) (string, time.Time, bool) {
			return v.ID, v.CreatedAt, v.SnapshotID == spec.SnapshotID && v.Name == spec.Name
		},
	}.find(ctx, failed)
	return found, problem
}

// UpdateVolume updates a volume in place and returns the updated volume. The caller holds the volume (LockSource). May
// be repeated.
func (c *Cloud) UpdateVolume(
	ctx context.Context, ref driver.Ref, change driver.VolumeChange,
) (volume driver.Volume, err error) {
	const op = "update volume"
	client, err := c.volumeKeeper(op, ref)
	if err != nil {
		return driver.Volume{}, err
	}
	ctx, log := c.logStage(ctx, updateStage("volume"), ref)
	defer func() { log.end("", err) }()
	err = c.retryWhileLocked(ctx, func(ctx context.Context) (err error) {
		volume, err = client.UpdateVolume(ctx, ref, change)
		return err
	})
	if err != nil {
		return driver.Volume{}, c.fail(op, ref, err)
	}
	return completeVolume(volume, ref), nil
}

// DeleteVolume deletes a volume and waits until it is absent. The caller holds the volume. An absent volume is success.
// A volume that is in use is KindConflict. May be repeated.
func (c *Cloud) DeleteVolume(ctx context.Context, ref driver.Ref) error {
	const op = "delete volume"
	client, err := c.volumeKeeper(op, ref)
	if err != nil {
		return err
	}
	return c.deleteAndWait(ctx, op, ref,
		func(ctx context.Context) (driver.Operation, error) { return client.DeleteVolume(ctx, ref) },
		func(ctx context.Context) (driver.State, error) {
			volume, err := client.Volume(ctx, ref)
			return volume.State, err
		})
}

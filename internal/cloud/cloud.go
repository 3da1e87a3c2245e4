package cloud

import (
	"cmp"
	"context"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// Options are what all clouds share.
type Options struct {
	// PollInterval is the longest pause between two polls; 0 means 15 seconds.
	PollInterval time.Duration
	// Grace is how long a request that makes something may go on after its context has ended, so that its answer is not
	// lost; 0 means five seconds.
	Grace time.Duration
}

const defaultGrace = 5 * time.Second

// Cloud is one cloud, ready to use. It is safe for concurrent use.
type Cloud struct {
	driver.Descriptor

	client driver.Client
	pace   wait.Pace
	// imagePace is how often an image is looked at.
	imagePace wait.Pace
	grace     time.Duration
	clock     clock
	locks     keyedMutex
	tracker   tracker
}

// Open makes a Cloud of a driver. It does not talk to the cloud. The error is always an *Error of KindMisconfigured.
func Open(drv driver.Driver, settings driver.Settings, options Options) (*Cloud, error) {
	d := drv.Descriptor()
	c := &Cloud{
		Descriptor: d,
		pace:       wait.Pace{Floor: d.Limits.MinPoll, Ceiling: options.PollInterval},
		imagePace:  wait.Pace{Floor: max(d.Limits.MinPoll, d.Limits.ImageMinPoll), Ceiling: options.PollInterval},
		grace:      cmp.Or(max(options.Grace, 0), defaultGrace),
	}
	settings.Grace, settings.Observe, settings.Now = c.grace, c.clock.observe, c.clock.now
	var err error
	if c.client, err = drv.Open(settings); err != nil {
		return nil, &driver.Error{
			Kind: driver.KindMisconfigured, Cloud: d.Name, Op: "configure cloud", Message: err.Error(), Err: err,
		}
	}
	return c, nil
}

// LockSource waits for its turn on a source and returns the function that ends the turn. Work on one instance, volume
// or VM goes one at a time, because the clouds lock them; work on different sources never waits here. An address
// without a source stands for the object itself. It ends early with the context's error. For work on a snapshot of
// which only the ID is known there is LockSnapshotSource.
func (c *Cloud) LockSource(ctx context.Context, ref driver.Ref) (release func(), err error) {
	release, _, err = c.lockKey(ctx, ref)
	return release, err
}

// lockKey is LockSource, and reports whether it waited for other work.
func (c *Cloud) lockKey(ctx context.Context, ref driver.Ref) (release func(), waited bool, err error) {
	key := c.lockKeyOf(ref)
	if key == "" {
		return func() {}, false, nil
	}
	release, waited, err = c.locks.lock(ctx, key)
	if err != nil {
		return nil, waited, c.fail("wait for other work on the same "+c.Limits.SourceKind, ref,
			&driver.Error{Message: "no request was sent to the cloud", Err: err})
	}
	return release, waited, nil
}

// lockKeyOf is the key of the turns on a source, empty if there is nothing to take turns on.
func (c *Cloud) lockKeyOf(ref driver.Ref) string {
	key := cmp.Or(ref.SourceID, ref.ObjectID)
	if key != "" && c.Limits.Location.Settable() {
		// Elsewhere a create does not have the location yet that a later delete has.
		key = ref.Location + "/" + key
	}
	return key
}

// LockSnapshotSource waits until a snapshot is ready or exported, and for its turn on the snapshot's source, which the
// snapshot names. It returns the function that ends the turn, and whether other work was waited for: what was read
// before may be out of date then. It ends early with the context's error. A snapshot that is gone or in error is an
// error. One request, and another one for each wait.
func (c *Cloud) LockSnapshotSource(ctx context.Context, ref driver.Ref) (release func(), waited bool, err error) {
	const op = "use snapshot"
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return nil, false, err
	}
	snap, waited, err := c.awaitSnapshot(ctx, client, ref)
	if err != nil {
		return nil, waited, c.fail(op, ref, err)
	}
	release, queued, err := c.lockKey(ctx, snap.Ref())
	if err != nil || !queued {
		return release, waited, err
	}
	if _, _, err = c.awaitSnapshot(ctx, client, ref); err != nil {
		release()
		return nil, true, c.fail(op, ref, err)
	}
	return release, true, nil
}

// awaitSnapshot reads a snapshot until it is ready or exported, and reports whether that took more than one request.
func (c *Cloud) awaitSnapshot(
	ctx context.Context, client driver.Snapshotter, ref driver.Ref,
) (snap driver.Snapshot, waited bool, err error) {
	polls := 0
	err = c.poll(ctx, func(ctx context.Context) (bool, string, error) {
		polls++
		var err error
		snap, err = c.getCurrent(ctx, client, ref, driver.Operation{})
		if err == nil && snap.State == driver.StateError {
			err = &driver.Error{Kind: driver.KindFailed, Message: "the snapshot is in the state error"}
		}
		return snap.State == driver.StateReady || snap.State == driver.StateExported, string(snap.State), err
	})
	return snap, polls > 1, err
}

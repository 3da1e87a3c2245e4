package cloud

import (
	"cmp"
	"context"
	"sync/atomic"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// Options are the parameters of Open that all clouds share.
type Options struct {
	// PollInterval is the longest pause between two polls; 0 means 15 seconds.
	PollInterval time.Duration
	// Grace is how long a create may continue after its context has ended, so that its answer is not lost; 0 means five
	// seconds.
	Grace time.Duration
	// Reads counts the reads that are being sent to all clouds that belong together; nil means that there is no other
	// cloud.
	Reads *atomic.Int64
}

const defaultGrace = 5 * time.Second

// Cloud is one cloud, ready to use. It is safe for concurrent use.
type Cloud struct {
	driver.Descriptor

	client driver.Client
	pace   wait.Pace
	// imagePace is the poll interval of images.
	imagePace wait.Pace
	grace     time.Duration
	clock     clock
	// info writes a line to the log. nil drops the lines.
	info    func(ctx context.Context, msg string, fields ...map[string]any)
	locks   keyedMutex
	tracker tracker
	// The loaders share listings between reads. The scope of a snapshot is that of scope, and the scope of anything else
	// is its location.
	snapshotReads loader[driver.SnapshotFilter, driver.Snapshot]
	imageReads    loader[string, driver.Image]
	volumeReads   loader[string, driver.Volume]
	sourceReads   loader[string, driver.Source]
}

// Open returns a Cloud of a driver. It sends no request. The error is always an *Error of KindMisconfigured.
func Open(drv driver.Driver, settings driver.Settings, options Options) (*Cloud, error) {
	d := drv.Descriptor()
	c := &Cloud{
		Descriptor: d,
		pace:       wait.Pace{Floor: d.Limits.MinPoll, Ceiling: options.PollInterval},
		imagePace:  wait.Pace{Floor: max(d.Limits.MinPoll, d.Limits.ImageMinPoll), Ceiling: options.PollInterval},
		grace:      cmp.Or(max(options.Grace, 0), defaultGrace),
		info:       settings.Info,
	}
	settings.Grace, settings.Observe, settings.Now = c.grace, c.clock.observe, c.clock.now
	var err error
	if c.client, err = drv.Open(settings); err != nil {
		return nil, &driver.Error{
			Kind: driver.KindMisconfigured, Cloud: d.Name, Op: "configure cloud", Message: err.Error(), Err: err,
		}
	}
	c.shareReads(options.Reads)
	return c, nil
}

// LockSource locks a source and returns the function that unlocks it. Work on one instance, volume or VM runs one at a
// time, because the clouds lock them. An address without a source locks the object itself; for a snapshot use
// LockSnapshotSource. It blocks until the lock is free, or returns an error when ctx ends.
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
	other := "other work on the same " + c.Limits.SourceKind
	if c.locks.isLocked(key) {
		var log *stageLog
		ctx, log = c.logStage(ctx, stage{
			op: "wait for " + other, waiting: "Waiting for " + other, done: "No other work uses the " + c.Limits.SourceKind,
		}, ref)
		defer func() { log.end("", err) }()
		wait.Report(ctx, "waiting for "+other)
	}
	release, waited, err = c.locks.lock(ctx, key)
	if err != nil {
		return nil, waited, c.fail("wait for "+other, ref,
			&driver.Error{Message: "no request was sent to the cloud", Err: err})
	}
	return release, waited, nil
}

// lockKeyOf returns the key of the lock on a source. It is empty if there is nothing to lock.
func (c *Cloud) lockKeyOf(ref driver.Ref) string {
	key := cmp.Or(ref.SourceID, ref.ObjectID)
	if key != "" && c.Limits.Location.Settable() {
		// Elsewhere the location is unknown before the create.
		key = ref.Location + "/" + key
	}
	return key
}

// LockSnapshotSource waits until a snapshot is ready or exported, and locks the source that the snapshot names. It
// returns the function that unlocks it, and whether it waited for other work: data that was read before may be out of
// date then. It blocks until the lock is free, or returns an error when ctx ends. An absent snapshot and one in the
// state error are errors. It sends one request, and one more for each wait.
func (c *Cloud) LockSnapshotSource(ctx context.Context, ref driver.Ref) (release func(), waited bool, err error) {
	const op = "use snapshot"
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return nil, false, err
	}
	waits, log := c.logStage(ctx, stage{op: op, waiting: "Waiting until the snapshot can be used"}, ref)
	snap, waited, err := c.awaitSnapshot(waits, client, ref, driver.ReadyWhen{})
	log.end("", err)
	if err != nil {
		return nil, waited, c.fail(op, ref, err)
	}
	release, queued, err := c.lockKey(ctx, snap.Ref())
	if err != nil || !queued {
		return release, waited, err
	}
	if _, _, err = c.awaitSnapshot(ctx, client, ref, driver.ReadyWhen{}); err != nil {
		release()
		return nil, true, c.fail(op, ref, err)
	}
	return release, true, nil
}

// awaitSnapshot polls a snapshot until it is ready or exported, and remote if want states it. It reports whether that
// took more than one request. A snapshot that is being deleted is absent.
func (c *Cloud) awaitSnapshot(
	ctx context.Context, client driver.Snapshotter, ref driver.Ref, want driver.ReadyWhen,
) (snap driver.Snapshot, waited bool, err error) {
	polls := 0
	err = c.poll(ctx, func(ctx context.Context) (bool, string, error) {
		polls++
		var err error
		snap, err = c.getUsable(ctx, client, ref)
		switch {
		case err != nil:
			return false, "", err
		case snap.State != driver.StateReady && snap.State != driver.StateExported:
			return false, string(snap.State), nil
		}
		return !want.Remote || snap.StorageType == driver.StorageRemote, "not in remote storage yet", nil
	})
	return snap, polls > 1, err
}

// getUsable reads a snapshot that is ready or will be. The state error and a deletion are errors.
func (c *Cloud) getUsable(
	ctx context.Context, client driver.Snapshotter, ref driver.Ref,
) (driver.Snapshot, error) {
	snap, err := c.getCurrent(ctx, client, ref, driver.Operation{})
	switch {
	case err != nil:
	case snap.State == driver.StateError:
		err = &driver.Error{Kind: driver.KindFailed, Message: "the snapshot is in the state error"}
	case snap.State == driver.StateDeleting:
		err = &driver.Error{Kind: driver.KindNotFound, Message: "the snapshot is being deleted"}
	}
	return snap, err
}

package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// snapshotter returns the client's snapshots, or the error that names the clouds' limits.
func (c *Cloud) snapshotter(op string, ref Ref) (Snapshotter, error) {
	s, ok := c.client.(Snapshotter)
	if !ok {
		return nil, c.unsupported(op, ref)
	}
	return s, nil
}

func (c *Cloud) unsupported(op string, ref Ref) *Error {
	return &Error{Kind: KindUnsupported, Cloud: c.Name, Op: op, Ref: ref, Message: c.Title + " cannot do this"}
}

// Snapshot reads a snapshot. It is KindNotFound when it is absent, deleted, expired, or at a single-slot cloud somebody else's.
func (c *Cloud) Snapshot(ctx context.Context, ref Ref) (Snapshot, error) {
	return c.SnapshotOf(ctx, ref, Job{})
}

// SnapshotOf reads a snapshot that a job may still be making: as long as the cloud shows only what the job replaces, or nothing yet
// while the job goes on, the answer is a snapshot in StateCreating without an ID. One request, or two while the job is asked for.
func (c *Cloud) SnapshotOf(ctx context.Context, ref Ref, job Job) (Snapshot, error) {
	const op = "read snapshot"
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return Snapshot{}, err
	}
	if ref.ObjectID == "" && !c.Traits.SingleSlot {
		return c.unborn(ctx, ref, job, nil)
	}
	snap, err := client.Snapshot(ctx, ref)
	switch {
	case err == nil && job.shows(snap):
		c.Claim(snap.ID)
		return c.complete(snap, ref), nil
	case err != nil && c.kindOf(err) != KindNotFound:
		return Snapshot{}, c.fail(op, ref, err)
	case ref.ObjectID == "" && job.ID != "":
		return c.unborn(ctx, ref, job, err)
	case err == nil:
		err = &Error{Kind: KindNotFound, Message: "the snapshot that is there now is not this one"}
	}
	return Snapshot{}, c.fail(op, ref, err)
}

// unborn answers for a snapshot that has no ID yet: its job decides whether it still comes.
func (c *Cloud) unborn(ctx context.Context, ref Ref, job Job, absent error) (Snapshot, error) {
	const op = "read snapshot"
	if absent == nil {
		absent = &Error{Kind: KindNotFound, Message: "the snapshot was never finished"}
	}
	poller, ok := c.client.(JobPoller)
	if !ok || job.ID == "" {
		return Snapshot{}, c.fail(op, ref, absent)
	}
	status, err := poller.PollJob(ctx, job)
	switch {
	case err == nil:
		// Still going on, or over between the two requests: the next wait finds it.
		return c.complete(Snapshot{ID: status.ObjectID, State: StateCreating}, ref), nil
	case c.kindOf(err) == KindNotFound, c.kindOf(err) == KindFailed:
		return Snapshot{}, c.fail(op, ref, &Error{Kind: KindNotFound, Message: "the snapshot was never finished", JobID: job.ID, Err: err})
	default:
		return Snapshot{}, c.fail(op, ref, err)
	}
}

// complete fills in the parts of the address that a cloud leaves out of its answers.
func (c *Cloud) complete(s Snapshot, ref Ref) Snapshot {
	s.SourceID = cmp.Or(s.SourceID, ref.SourceID)
	s.Location = cmp.Or(s.Location, ref.Location)
	return s
}

// Snapshots lists snapshots, newest first, ties broken by ID.
func (c *Cloud) Snapshots(ctx context.Context, filter SnapshotFilter) ([]Snapshot, error) {
	const op = "list snapshots"
	ref := Ref{SourceID: filter.SourceID, Location: filter.Location}
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return nil, err
	}
	list, err := client.Snapshots(ctx, filter)
	if err != nil {
		return nil, c.fail(op, ref, err)
	}
	list = slices.DeleteFunc(list, func(s Snapshot) bool {
		return filter.NameContains != "" && !strings.Contains(s.Name, filter.NameContains)
	})
	slices.SortFunc(list, newestFirst)
	return list, nil
}

func newestFirst(a, b Snapshot) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// CreateSnapshot asks for a snapshot and returns as soon as the cloud has accepted: save what it returns before WaitSnapshot. The caller
// holds the source (Reserve). It is sent once. When the answer is lost the snapshot is looked for in a listing, and adopted if exactly one
// fits; else the error is KindAmbiguous and says what to look at. A cancelled context lets a request that is under way end first.
func (c *Cloud) CreateSnapshot(ctx context.Context, spec SnapshotSpec) (Snapshot, Job, error) {
	const op = "create snapshot"
	client, err := c.snapshotter(op, spec.Ref())
	if err != nil {
		return Snapshot{}, Job{}, err
	}
	if err := ctx.Err(); err != nil {
		return Snapshot{}, Job{}, c.fail(op, spec.Ref(), err)
	}
	lasting, cancel := c.detach(ctx)
	defer cancel()

	var (
		made    Snapshot
		job     Job
		started time.Time
	)
	err = c.busy(ctx, func(context.Context) (err error) {
		started = time.Now()
		made, job, err = client.CreateSnapshot(lasting, spec)
		return err
	})
	if err != nil {
		made, job, err = c.recover(ctx, client, spec, started, job.Replaced(), err)
	}
	if err != nil {
		return Snapshot{}, Job{}, err
	}
	made = c.complete(made, spec.Ref())
	c.Claim(made.ID)
	return made, job, nil
}

// recover decides what a failed create left behind.
func (c *Cloud) recover(ctx context.Context, client Snapshotter, spec SnapshotSpec, started time.Time, replaced Job, cause error) (Snapshot, Job, error) {
	failed := c.fail("create snapshot", spec.Ref(), cause)
	var reply Reply
	switch {
	case errors.As(cause, &reply) && reply.Ambiguous():
		return c.reconcile(ctx, client, spec, started, replaced, failed)
	case failed.Kind == KindLimit:
		c.nameOccupants(ctx, client, spec, failed)
	}
	return Snapshot{}, Job{}, failed
}

// nameOccupants adds the snapshots that fill the slots. A listing that fails too adds nothing: the first error is the one to show.
func (c *Cloud) nameOccupants(ctx context.Context, client Snapshotter, spec SnapshotSpec, failed *Error) {
	list, err := client.Snapshots(ctx, SnapshotFilter{SourceID: spec.SourceID, Location: spec.Location})
	if err != nil {
		return
	}
	slices.SortFunc(list, func(a, b Snapshot) int { return newestFirst(b, a) })
	failed.Occupants, failed.Now = list, c.Now()
}

// WaitSnapshot waits until a snapshot is ready and returns it as it is then. The caller holds the source (Reserve). It blocks until the
// context ends (KindTimeout, KindCanceled), and fails at once on the cloud's error state (KindFailed). It may be repeated.
func (c *Cloud) WaitSnapshot(ctx context.Context, made Snapshot, job Job, want Readiness) (Snapshot, error) {
	const op = "finish creating snapshot"
	ref := made.Ref()
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return made, err
	}
	if job.Done() && arrived(made, want) {
		return made, nil
	}
	id, err := c.settle(ctx, job)
	if err != nil {
		return made, c.fail(op, ref, err)
	}
	ref.ObjectID = cmp.Or(ref.ObjectID, id)
	latest := made
	err = c.poll(ctx, func(ctx context.Context) (bool, string, error) {
		snap, err := client.Snapshot(ctx, ref)
		switch {
		case err != nil && c.kindOf(err) == KindNotFound && ref.ObjectID == "":
			// A single-slot cloud shows the new snapshot a little after its action has succeeded.
			return false, "not visible yet", nil
		case err != nil:
			return false, "", err
		case !job.shows(snap):
			return false, "not visible yet", nil
		case snap.State == StateError:
			return false, "", &Error{Kind: KindFailed, Message: "the snapshot is in the state error"}
		}
		latest = c.complete(snap, ref)
		return arrived(snap, want), string(snap.State), nil
	})
	if err != nil {
		return latest, c.fail(op, latest.Ref(), err)
	}
	c.Claim(latest.ID)
	return latest, nil
}

// arrived reports whether a snapshot is as far as it was asked to be.
func arrived(s Snapshot, want Readiness) bool {
	switch s.State {
	case StateReady, StateExporting, StateExported:
		return !want.Remote || s.StorageType == StorageRemote
	case StateMigrating:
		// It exists and is complete; only its move is not over.
		return !want.Remote
	default:
		return false
	}
}

// StorageRemote is the StorageType of a snapshot that has moved off its source's node.
const StorageRemote = "remote"

// Arrived reports whether a snapshot needs no more waiting.
func (c *Cloud) Arrived(s Snapshot, want Readiness) bool { return arrived(s, want) }

// UpdateSnapshot changes a snapshot in place and returns it as it is then. The caller holds the source. It may be repeated.
func (c *Cloud) UpdateSnapshot(ctx context.Context, ref Ref, change SnapshotChange) (Snapshot, error) {
	const op = "update snapshot"
	editor, ok := c.client.(SnapshotEditor)
	if !ok {
		return Snapshot{}, c.unsupported(op, ref)
	}
	var snap Snapshot
	err := c.busy(ctx, func(ctx context.Context) (err error) {
		snap, err = editor.UpdateSnapshot(ctx, ref, change)
		return err
	})
	if err != nil {
		return Snapshot{}, c.fail(op, ref, err)
	}
	return c.complete(snap, ref), nil
}

// DeleteSnapshot deletes a snapshot and waits until it is gone. The caller holds the source. Absent is success. It may be repeated.
func (c *Cloud) DeleteSnapshot(ctx context.Context, ref Ref) error {
	const op = "delete snapshot"
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return err
	}
	var job Job
	err = c.busy(ctx, func(ctx context.Context) (err error) {
		job, err = client.DeleteSnapshot(ctx, ref)
		return err
	})
	if err == nil {
		_, err = c.settle(ctx, job)
	}
	if err == nil && job.Watch {
		err = c.poll(ctx, func(ctx context.Context) (bool, string, error) {
			snap, err := client.Snapshot(ctx, ref)
			return false, string(snap.State), err
		})
	}
	if err != nil && c.kindOf(err) != KindNotFound {
		return c.fail(op, ref, err)
	}
	return nil
}

// Identify completes the address of a snapshot whose ID was not known when its wait was interrupted: it waits for the job, and returns the ID of what
// the job has made. KindNotFound means that it has made nothing. An address that has an ID is returned as it is, without a request.
func (c *Cloud) Identify(ctx context.Context, ref Ref, job Job) (Ref, error) {
	const op = "find snapshot"
	if ref.ObjectID != "" {
		return ref, nil
	}
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return ref, err
	}
	if job.Done() {
		return ref, c.fail(op, ref, &Error{Kind: KindNotFound, Message: "the cloud has never given it an ID"})
	}
	id, err := c.settle(ctx, job)
	switch {
	case err != nil && c.kindOf(err) == KindFailed:
		return ref, c.fail(op, ref, &Error{Kind: KindNotFound, Message: "the snapshot was never finished", Err: err})
	case err != nil:
		return ref, c.fail(op, ref, err)
	case id != "":
		ref.ObjectID = id
		return ref, nil
	}
	snap, err := client.Snapshot(ctx, ref)
	if err == nil && !job.shows(snap) {
		err = &Error{Kind: KindNotFound, Message: "the snapshot that is there now is not this one"}
	}
	if err != nil {
		return ref, c.fail(op, ref, err)
	}
	ref.ObjectID = snap.ID
	return ref, nil
}

// CheckSlot tells at plan time what a create would overwrite: KindOccupied, unless replace is true or the snapshot belongs to a resource of
// this run. Clouds with more than one slot always answer nil. One or two requests.
func (c *Cloud) CheckSlot(ctx context.Context, spec SnapshotSpec) error {
	keeper, ok := c.client.(SlotKeeper)
	if !ok || spec.ReplaceExisting {
		return nil
	}
	old, err := keeper.Occupant(ctx, spec.Ref())
	switch {
	case err != nil && c.kindOf(err) == KindNotFound:
		return nil
	case err != nil:
		return c.fail("create snapshot", spec.Ref(), err)
	case c.claimed(old.ID):
		return nil
	}
	return c.fail("create snapshot", spec.Ref(), Occupied(c.complete(old, spec.Ref()), c.Now()))
}

// Occupied is the refusal to overwrite a snapshot.
func Occupied(old Snapshot, now time.Time) *Error {
	return &Error{
		Kind:      KindOccupied,
		Message:   fmt.Sprintf("there is a snapshot already, %s old, and a new one would overwrite it", age(old.CreatedAt, now)),
		Occupants: []Snapshot{old},
		Now:       now,
	}
}

func age(t, now time.Time) string {
	if t.IsZero() {
		return "of unknown age"
	}
	d := now.Sub(t)
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	default:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	}
}

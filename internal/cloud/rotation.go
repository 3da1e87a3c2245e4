package cloud

import (
	"context"
	"fmt"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Rotation is one planned run of a rotation. A rotation owns the snapshots that it has taken or adopted, and deletes no
// other.
type Rotation struct {
	// Spec are the parameters of a new snapshot. Its name is the prefix of the name.
	Spec driver.SnapshotSpec
	// Owned are the snapshots that the rotation owns. One without an ID, or in StateCreating, is the result of a run that
	// was interrupted; Operation creates it.
	Owned     []driver.Snapshot
	Operation driver.Operation
	// Take means that the run takes a snapshot, or resumes the wait for the one of an interrupted run.
	Take bool
	// Delete are the IDs of the owned snapshots that the plan deletes.
	Delete []string
	// Keep are the rules. After a take, a snapshot of Delete that the rules keep by then stays.
	Keep Retention
	// DeleteOldestFirst permits to delete the oldest snapshot of Delete before the take, if the cloud has no room for
	// another one.
	DeleteOldestFirst bool
}

// Rotated is the result of a run, as far as it got.
type Rotated struct {
	// Owned are the snapshots that the rotation owns now.
	Owned []driver.Snapshot
	// Complete is true once the new snapshot is ready, and if the run took none.
	Complete bool
	// Operation is to be passed to the next run if the new snapshot is not ready. Its Adopted is that of the create.
	Operation driver.Operation
}

// Rotate takes a snapshot, waits until it is ready, and then deletes the snapshots that the plan deletes, oldest first.
// It first checks that every owned snapshot still exists; if not, the plan is stale, and the error is KindConflict
// before anything is changed. If the take fails, nothing is deleted, unless DeleteOldestFirst has made room for it. The
// result has every completed step, with an error too, so the next run resumes. The caller holds the source
// (LockSource). It blocks until the context ends. It sends one listing, and the requests of the create and the deletes.
func (c *Cloud) Rotate(ctx context.Context, r Rotation) (Rotated, error) {
	run := rotationRun{Cloud: c, plan: r, out: Rotated{Owned: slices.Clone(r.Owned), Operation: r.Operation}}
	err := run.check(ctx)
	if err == nil && r.Take {
		err = run.take(ctx)
	}
	if run.out.Complete = err == nil; err == nil {
		run.out.Operation = driver.Operation{Adopted: run.out.Operation.Adopted}
		err = run.deleteExpired(ctx)
	}
	return run.out, err
}

// rotationRun is a run under way.
type rotationRun struct {
	*Cloud
	plan Rotation
	out  Rotated
}

// check returns an error if a snapshot of the plan does not exist any more, or is not complete any more.
func (r *rotationRun) check(ctx context.Context) error {
	var planned []driver.Snapshot
	for _, s := range r.plan.Owned {
		if !IsPending(s) {
			planned = append(planned, s)
		}
	}
	found, missing, err := r.OwnedSnapshots(ctx, r.plan.Spec.Ref(), snapshotIDs(planned))
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return r.outOfDate(missing[0].Ref, "does not exist any more ("+missing[0].Message+")")
	}
	complete := snapshotIDs(Complete(found))
	for _, s := range Complete(planned) {
		if !slices.Contains(complete, s.ID) {
			return r.outOfDate(s.Ref(), "is not ready any more")
		}
	}
	return nil
}

// outOfDate is the error of a plan whose snapshot has changed since.
func (r *rotationRun) outOfDate(ref driver.Ref, change string) error {
	return r.fail("rotate snapshots", ref, &driver.Error{
		Kind:    driver.KindConflict,
		Message: fmt.Sprintf("the plan is out of date: the snapshot %s %s", ref.ObjectID, change),
		Hint:    "Nothing was changed. Make a new plan.",
	})
}

func snapshotIDs(snapshots []driver.Snapshot) []string {
	ids := make([]string, 0, len(snapshots))
	for _, s := range snapshots {
		ids = append(ids, s.ID)
	}
	return ids
}

// take creates the new snapshot, or resumes the wait for the one of an interrupted run, and waits until it is ready.
func (r *rotationRun) take(ctx context.Context) error {
	at := slices.IndexFunc(r.out.Owned, IsPending)
	if at < 0 {
		made, operation, err := r.create(ctx)
		if err != nil {
			return err
		}
		at, r.out.Operation = len(r.out.Owned), operation
		r.out.Owned = append(r.out.Owned, made)
	}
	ready, err := r.WaitSnapshot(ctx, r.out.Owned[at], r.out.Operation, driver.ReadyWhen{})
	r.out.Owned[at] = ready
	switch kind := driver.KindOf(err); {
	case kind == driver.KindFailed || kind == driver.KindNotFound:
		// No wait completes the snapshot any more. The next run takes another one.
		r.out.Operation = driver.Operation{}
		if ready.ID == "" || kind == driver.KindNotFound {
			r.out.Owned = slices.Delete(r.out.Owned, at, at+1)
		}
		return err
	case err != nil:
		return err
	}
	if r.Limits.SingleSnapshot() {
		// The new snapshot has overwritten the others.
		r.out.Owned = []driver.Snapshot{ready}
	}
	return nil
}

// create starts the new snapshot. If the cloud has no room, and the plan permits it, it deletes the oldest snapshot of
// the plan and tries once more.
func (r *rotationRun) create(ctx context.Context) (driver.Snapshot, driver.Operation, error) {
	spec := r.plan.Spec
	if spec.Name != "" {
		spec.Name = driver.RotationName(spec.Name, r.Now())
	}
	if newest, found := Newest(r.plan.Owned); found && r.Limits.SingleSnapshot() {
		spec.Supersedes = newest.ID
	}
	made, operation, err := r.CreateSnapshot(ctx, spec)
	if driver.KindOf(err) != driver.KindLimit {
		return made, operation, err
	}
	if failed := r.makeRoom(ctx, err); failed != nil {
		return driver.Snapshot{}, driver.Operation{}, failed
	}
	return r.CreateSnapshot(ctx, spec)
}

// makeRoom deletes the oldest snapshot that the plan deletes, but never the only one that is ready. refused is the
// cloud's refusal, which is returned with a hint if nothing may be deleted.
func (r *rotationRun) makeRoom(ctx context.Context, refused error) error {
	newest, _ := Newest(r.out.Owned)
	list := slices.DeleteFunc(r.toDelete(r.out.Owned), func(s driver.Snapshot) bool { return s.ID == newest.ID })
	failed := r.fail("create snapshot", r.plan.Spec.Ref(), refused)
	switch {
	case r.plan.DeleteOldestFirst && len(list) > 0:
		return r.delete(ctx, list[0])
	case len(Complete(r.out.Owned)) < 2:
		failed.Hint = "A rotation takes the new snapshot before it deletes its only one, so it needs a free slot. Delete a " +
			"snapshot that does not belong to the rotation, or get another slot at the cloud."
	default:
		failed.Hint = "The rotation takes the new snapshot before it deletes an old one, so it needs a free slot. Set " +
			"delete_oldest_first = true to delete the oldest snapshot of the rotation first, keep fewer snapshots, or delete " +
			"one that does not belong to the rotation."
	}
	return failed
}

// deleteExpired deletes the snapshots that the plan deletes, oldest first. After a take, those stay that the rules keep
// because of its time.
func (r *rotationRun) deleteExpired(ctx context.Context) error {
	list := r.toDelete(r.out.Owned)
	if r.plan.Take {
		complete := Complete(r.out.Owned)
		for i, s := range complete {
			if !slices.Contains(r.plan.Delete, s.ID) {
				complete[i].ID = "" // At the same time, what the plan keeps is newer than what it deletes.
			}
		}
		expired := r.plan.Keep.Expired(complete)
		list = slices.DeleteFunc(list, func(s driver.Snapshot) bool {
			return s.State != driver.StateError &&
				!slices.ContainsFunc(expired, func(e driver.Snapshot) bool { return e.ID == s.ID })
		})
	}
	for _, s := range list {
		if err := r.delete(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// toDelete returns those snapshots that the plan deletes, oldest first.
func (r *rotationRun) toDelete(snapshots []driver.Snapshot) []driver.Snapshot {
	var out []driver.Snapshot
	for _, s := range snapshots {
		if slices.Contains(r.plan.Delete, s.ID) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, oldestFirst)
	return out
}

func (r *rotationRun) delete(ctx context.Context, s driver.Snapshot) error {
	if err := r.DeleteSnapshot(ctx, s.Ref()); err != nil && !driver.IsNotFound(err) {
		return err
	}
	r.out.Owned = slices.DeleteFunc(r.out.Owned, func(o driver.Snapshot) bool { return o.ID == s.ID })
	return nil
}

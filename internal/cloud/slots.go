package cloud

import (
	"context"
	"fmt"
	"slices"
	"time"
)

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
		return c.fail("look for a snapshot to overwrite", spec.Ref(), err)
	case c.claimed(old.ID):
		return nil
	}
	return c.fail("create snapshot", spec.Ref(), Occupied(c.complete(old, spec.Ref()), c.Now()))
}

// Occupied is the refusal to overwrite a snapshot.
func Occupied(old Snapshot, now time.Time) *Error {
	return &Error{
		Kind:      KindOccupied,
		Message:   fmt.Sprintf("there is a snapshot already, %s, and a new one would overwrite it", age(old.CreatedAt, now)),
		Occupants: []Snapshot{old},
		Now:       now,
	}
}

// age is how old something is, in the largest unit of which there are at least two.
func age(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return "of unknown age"
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days old", int(d.Hours()/24))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours old", int(d.Hours()))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes old", int(d.Minutes()))
	default:
		return "a moment old"
	}
}

// reconcileSlot looks for the job of a create whose answer was lost.
func (c *Cloud) reconcileSlot(ctx context.Context, keeper SlotKeeper, spec SnapshotSpec, started time.Time, replaced Job, failed *Error) (Snapshot, Job, error) {
	jobs, err := seek(ctx, c, func(ctx context.Context) ([]Job, error) {
		jobs, err := keeper.CreatedSince(ctx, spec.Ref(), c.since(started))
		return slices.DeleteFunc(slices.Clone(jobs), func(j Job) bool { return c.claimed(j.claim()) }), err
	})
	switch {
	case err != nil:
		return Snapshot{}, Job{}, lostSnapshot.unseen(failed, c.fail("list actions", spec.Ref(), err))
	case len(jobs) == 1:
		job := jobs[0]
		job.Replaces, job.ReplacesCreatedAt = replaced.Replaces, replaced.ReplacesCreatedAt
		return Snapshot{State: StateCreating}, job, nil
	case len(jobs) == 0:
		return Snapshot{}, Job{}, lostSnapshot.ambiguous(failed, "The cloud shows no new action, so it was probably not taken.")
	default:
		return Snapshot{}, Job{}, lostSnapshot.ambiguous(failed, fmt.Sprintf("The cloud shows %d new actions, so none was adopted.", len(jobs)))
	}
}

package cloud

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	// unknownSkew is how far the clocks may differ when the cloud has never told its time.
	unknownSkew = 2 * time.Minute
	// knownSkew covers the whole seconds in which clouds tell their time, and the way there.
	knownSkew = 5 * time.Second
	// reconcileTime is how long the search may take after the wait for the create has ended.
	reconcileTime = 15 * time.Second
)

// reconcile looks for the snapshot of a create whose answer was lost, and adopts it if there is exactly one that fits: same source, same
// name where there is one, created since the request began, and not of another resource of this run.
func (c *Cloud) reconcile(ctx context.Context, client Snapshotter, spec SnapshotSpec, started time.Time, replaced Job, failed *Error) (Snapshot, Job, error) {
	// The create may have ended because the context did; the search must still be possible.
	limit := c.grace
	if ctx.Err() == nil {
		limit = reconcileTime
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()

	if keeper, ok := c.client.(SlotKeeper); ok {
		return c.reconcileSlot(ctx, keeper, spec, started, replaced, failed)
	}
	list, err := client.Snapshots(ctx, SnapshotFilter{SourceID: spec.SourceID, Location: spec.Location})
	if err != nil {
		return Snapshot{}, Job{}, ambiguous(failed, "Looking for it failed too: "+c.fail("list snapshots", spec.Ref(), err).Message+".")
	}
	since := c.since(started)
	fits := slices.DeleteFunc(list, func(s Snapshot) bool {
		return (spec.Name != "" && s.Name != spec.Name) || s.CreatedAt.Before(since) || c.claimed(s.ID)
	})
	switch len(fits) {
	case 1:
		return fits[0], Job{Watch: !arrived(fits[0], Readiness{})}, nil
	case 0:
		return Snapshot{}, Job{}, ambiguous(failed, "A listing made afterwards shows no new snapshot, so it was probably not taken.")
	default:
		out := ambiguous(failed, fmt.Sprintf("A listing made afterwards shows %d new snapshots, so none was adopted.", len(fits)))
		out.Occupants, out.Now = fits, c.Now()
		return Snapshot{}, Job{}, out
	}
}

func (c *Cloud) reconcileSlot(ctx context.Context, keeper SlotKeeper, spec SnapshotSpec, started time.Time, replaced Job, failed *Error) (Snapshot, Job, error) {
	jobs, err := keeper.CreatedSince(ctx, spec.Ref(), c.since(started))
	switch {
	case err != nil:
		return Snapshot{}, Job{}, ambiguous(failed, "Looking for it failed too: "+c.fail("list actions", spec.Ref(), err).Message+".")
	case len(jobs) == 1:
		job := jobs[0]
		job.Replaces, job.ReplacesCreatedAt = replaced.Replaces, replaced.ReplacesCreatedAt
		return Snapshot{State: StateCreating}, job, nil
	case len(jobs) == 0:
		return Snapshot{}, Job{}, ambiguous(failed, "The cloud shows no new action, so it was probably not taken.")
	default:
		return Snapshot{}, Job{}, ambiguous(failed, fmt.Sprintf("The cloud shows %d new actions, so none was adopted.", len(jobs)))
	}
}

// since is when the request began by the cloud's clock, with the uncertainty taken off.
func (c *Cloud) since(started time.Time) time.Time {
	if clock, ok := c.client.(ServerClock); ok {
		if skew, known := clock.Skew(); known {
			return started.Add(skew - knownSkew)
		}
	}
	return started.Add(-unknownSkew)
}

func ambiguous(failed *Error, found string) *Error {
	out := *failed
	out.Kind = KindAmbiguous
	out.Hint = found + " Look at the snapshots of this source before you apply again: one that you want to keep can be imported, " +
		"one that you do not want should be deleted at the cloud."
	return &out
}

package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

const (
	// unknownSkew is how far the clocks may differ if no answer had a Date.
	unknownSkew = 2 * time.Minute
	// searchTimeout is the limit of the search for a lost create, maxListings the limit of its listings.
	searchTimeout = 15 * time.Second
	maxListings   = 10
	// lateBy is how much later than the failure of its create an object may be created. It covers the precision of the
	// clocks, and a gateway that fails while it passes the request on.
	lateBy = 2 * time.Second
)

// lost reports whether the cloud may have acted on a create although it failed.
func lost(err error) bool {
	var reply driver.Reply
	return driver.KindOf(err) == driver.KindAmbiguous || (errors.As(err, &reply) && reply.Ambiguous())
}

// search describes the lost object for errors.
type search struct {
	// noun names the object, where the place to check.
	noun, where string
	// advice replaces what to do with the object of a create.
	advice string
}

// lostCreate is a create whose answer was lost. It adopts an object only if no other one can be the result: it is the
// only match, it was created while the request was under way, and no resource of this run has it.
type lostCreate[T any] struct {
	search
	cloud *Cloud
	// started is when the request began. listed reports whether a listing has all objects from before.
	started time.Time
	listed  bool
	// list reads all objects of the scope.
	list func(ctx context.Context) ([]T, error)
	// match returns the ID and the time of an object, and whether the create could have created it.
	match func(T) (id string, created time.Time, ok bool)
}

// find lists until a match appears, and returns it. It blocks for at most searchTimeout, even if ctx has ended, because
// the end of ctx may have ended the create. The error is failed as KindAmbiguous; candidates are the matches.
func (l lostCreate[T]) find(
	ctx context.Context,
	failed *driver.Error,
) (found T, candidates []T, problem *driver.Error) {
	ctx, cancel := l.cloud.searchContext(ctx)
	defer cancel()
	wait.Report(ctx, "looking for the result of a lost answer")
	until, known := l.cloud.clock.at(time.Now().Add(lateBy))
	var late []T
	candidates, err := listUntilFound(ctx, l.cloud, func(ctx context.Context) (timely []T, err error) {
		all, err := l.fitting(ctx)
		late = nil
		for _, o := range all {
			if _, created, _ := l.match(o); known && created.After(until) {
				late = append(late, o)
			} else {
				timely = append(timely, o)
			}
		}
		return timely, err
	})
	switch {
	case err != nil:
		return found, nil, l.unseen(failed, l.cloud.fail("list "+l.noun+"s", failed.Ref, err))
	case len(candidates) == 0 && len(late) > 0:
		return found, late, l.ambiguous(failed, fmt.Sprintf(
			"A later listing shows a new %s, which was created after the request had failed. It was not adopted: someone "+
				"else may have created it.", l.noun))
	case len(candidates) == 0:
		return found, nil, l.ambiguous(failed, fmt.Sprintf(
			"A later listing shows no new %s, so the cloud probably did not act.", l.noun))
	case !l.listed:
		return found, candidates, l.ambiguous(failed, fmt.Sprintf(
			"A later listing shows a %s that could be the new one. It was not adopted: the listing before the request "+
				"failed, so it may be older.", l.noun))
	case len(candidates) > 1:
		return found, candidates, l.ambiguous(failed, fmt.Sprintf(
			"A later listing shows %d new %ss, so none was adopted.", len(candidates), l.noun))
	}
	if id, _, _ := l.match(candidates[0]); !l.cloud.tracker.track(id, driver.Ref{}) {
		return found, nil, l.ambiguous(failed, fmt.Sprintf(
			"The only new %s belongs to another resource of this run.", l.noun))
	}
	return candidates[0], nil, nil
}

// fitting lists the objects that the create could have created.
func (l lostCreate[T]) fitting(ctx context.Context) ([]T, error) {
	all, err := l.list(ctx)
	since := l.cloud.since(l.started)
	tracker := &l.cloud.tracker
	return slices.DeleteFunc(all, func(o T) bool {
		id, created, ok := l.match(o)
		return !ok || id == "" || created.Before(since) || tracker.seenBefore(id, l.started) || tracker.isTracked(id)
	}), err
}

// searchContext returns the context of a search. It outlives ctx by the grace period, because the end of ctx may have
// ended the create.
func (c *Cloud) searchContext(ctx context.Context) (context.Context, context.CancelFunc) {
	lasting, stop := c.detachWithGrace(ctx)
	out, cancel := context.WithTimeout(lasting, searchTimeout)
	return out, func() {
		cancel()
		stop()
	}
}

// detachWithGrace returns a context that ends for the same reason as ctx, and outlives it by the grace period.
func (c *Cloud) detachWithGrace(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(c.grace, func() { cancel(ctx.Err()) })
	})
	return out, func() {
		stop()
		cancel(nil)
	}
}

// listUntilFound lists until it finds a match, maxListings is reached or ctx ends. A gateway can time out while the
// cloud is still working, so the object may appear late. Only an error of the first listing is returned.
func listUntilFound[T any](
	ctx context.Context,
	c *Cloud,
	list func(ctx context.Context) ([]T, error),
) (found []T, err error) {
	looks := 0
	ended := wait.Until(ctx, c.pace, func(ctx context.Context) (bool, string, error) {
		looks++
		seen, failure := list(ctx)
		switch {
		case failure == nil:
			found = seen
		case looks == 1:
			return false, "", failure
		}
		return len(found) > 0 || looks == maxListings, "", nil
	})
	if looks <= 1 && len(found) == 0 && ended != nil {
		return nil, ended
	}
	return found, nil
}

// since returns when the request began by the cloud's clock, in whole seconds like the times of the clouds. It is never
// too late, because the measured clock is behind.
func (c *Cloud) since(started time.Time) time.Time {
	if at, known := c.clock.at(started); known {
		return at.Truncate(time.Second)
	}
	return started.Add(-unknownSkew)
}

// latest returns the later one of two times.
func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s search) ambiguous(failed *driver.Error, found string) *driver.Error {
	out := *failed
	out.Kind = driver.KindAmbiguous
	out.Hint = found + " " + cmp.Or(s.advice, "Check "+s.where+
		" before you apply again: import a new one to keep it, or delete it at the cloud.")
	return &out
}

// unseen is ambiguous if the listing failed too.
func (s search) unseen(failed, listing *driver.Error) *driver.Error {
	return s.ambiguous(failed, "The listing failed too: "+listing.Message+".")
}

var lostSnapshot = search{noun: "snapshot", where: "the snapshots of this source"}

// findLostSnapshot searches for the snapshot of a create whose answer was lost: same source, and same name if it has
// one.
func (c *Cloud) findLostSnapshot(
	ctx context.Context,
	client driver.Snapshotter,
	spec driver.SnapshotSpec,
	started time.Time,
	listed bool,
	failed *driver.Error,
) (driver.Snapshot, driver.Operation, error) {
	scope := c.scope(spec.Ref())
	found, candidates, problem := lostCreate[driver.Snapshot]{
		search: lostSnapshot, cloud: c, started: started, listed: listed,
		list: func(ctx context.Context) ([]driver.Snapshot, error) {
			return driver.Collect(client.Snapshots(ctx, scope))
		},
		match: func(s driver.Snapshot) (string, time.Time, bool) {
			return s.ID, s.CreatedAt, (s.SourceID == "" || s.SourceID == spec.SourceID) &&
				(spec.Name == "" || s.Name == spec.Name)
		},
	}.find(ctx, failed)
	if problem != nil {
		if len(candidates) > 0 {
			slices.SortFunc(candidates, oldestFirst)
			problem.ExistingSnapshots, problem.Now = candidates, c.Now()
		}
		return driver.Snapshot{}, driver.Operation{}, problem
	}
	return found, driver.Operation{PollObject: !isReady(found, driver.ReadyWhen{}), Adopted: true}, nil
}

package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

const (
	// unknownSkew is how far the clocks may differ when the cloud has never told its time.
	unknownSkew = 2 * time.Minute
	// knownSkew covers the whole seconds in which clouds tell their time, and the way there.
	knownSkew = 5 * time.Second
	// reconcileTime is how long the search for a lost create may take, maxLooks how often it asks.
	reconcileTime = 15 * time.Second
	maxLooks      = 10
)

// lost reports whether a create may have been acted on although it failed.
func lost(err error) bool {
	var reply Reply
	return KindOf(err) == KindAmbiguous || (errors.As(err, &reply) && reply.Ambiguous())
}

// searching is the context of a search for a lost create: the create may have ended because ctx did, and the search must still be possible.
func (c *Cloud) searching(ctx context.Context) (context.Context, context.CancelFunc) {
	lasting, stop := c.detach(ctx)
	out, cancel := context.WithTimeout(lasting, reconcileTime)
	return out, func() {
		cancel()
		stop()
	}
}

// search is what was lost, in words.
type search struct {
	// noun is the object, where the place to look at.
	noun, where string
}

// seek asks for what a lost create has made until there is something: an answer breaks off at a gateway's limit, too, while the cloud is still at work.
// It ends after maxLooks, or with ctx. Only the first look may fail; later ones add to what it has told.
func seek[T any](ctx context.Context, c *Cloud, list func(ctx context.Context) ([]T, error)) (found []T, err error) {
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
		return len(found) > 0 || looks == maxLooks, "", nil
	})
	if looks <= 1 && len(found) == 0 && ended != nil {
		return nil, ended
	}
	return found, nil
}

// pick finds what a lost create has made in a listing: what looks like it, was created since the request began, and does not belong to another
// resource of this run. Exactly one is adopted. The error is failed, made ambiguous; found are the candidates.
func pick[T any](ctx context.Context, c *Cloud, what search, failed *Error, started time.Time, list func(context.Context) ([]T, error), look func(T) (id string, created time.Time, same bool)) ([]T, *Error) {
	found, err := seek(ctx, c, func(ctx context.Context) ([]T, error) {
		all, err := list(ctx)
		since := c.since(started)
		var fitting []T
		for _, o := range all {
			if id, created, same := look(o); same && !created.Before(since) && !c.claimed(id) {
				fitting = append(fitting, o)
			}
		}
		return fitting, err
	})
	if err != nil {
		return nil, what.unseen(failed, c.fail("list "+what.noun+"s", failed.Ref, err))
	}
	if len(found) == 1 {
		if id, _, _ := look(found[0]); c.adopt(id) {
			return found, nil
		}
		found = nil
	}
	if len(found) == 0 {
		return nil, what.ambiguous(failed, fmt.Sprintf("A listing made afterwards shows no new %s, so it was probably not made.", what.noun))
	}
	return found, what.ambiguous(failed, fmt.Sprintf("A listing made afterwards shows %d new %ss, so none was adopted.", len(found), what.noun))
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

func (s search) ambiguous(failed *Error, found string) *Error {
	out := *failed
	out.Kind = KindAmbiguous
	out.Hint = found + " Look at " + s.where + " before you apply again: one that you want to keep can be imported, " +
		"one that you do not want should be deleted at the cloud."
	return &out
}

// unseen is ambiguous where the listing failed too.
func (s search) unseen(failed, listing *Error) *Error {
	return s.ambiguous(failed, "Looking for it failed too: "+listing.Message+".")
}

var lostSnapshot = search{noun: "snapshot", where: "the snapshots of this source"}

// reconcile looks for the snapshot of a create whose answer was lost, and adopts it if there is exactly one that fits: same source, same
// name where there is one, created since the request began, and not of another resource of this run.
func (c *Cloud) reconcile(ctx context.Context, client Snapshotter, spec SnapshotSpec, started time.Time, replaced Job, failed *Error) (Snapshot, Job, error) {
	ctx, cancel := c.searching(ctx)
	defer cancel()
	if keeper, ok := c.client.(SlotKeeper); ok {
		return c.reconcileSlot(ctx, keeper, spec, started, replaced, failed)
	}
	list := func(ctx context.Context) ([]Snapshot, error) {
		return client.Snapshots(ctx, SnapshotFilter{SourceID: spec.SourceID, Location: spec.Location})
	}
	found, problem := pick(ctx, c, lostSnapshot, failed, started, list, func(s Snapshot) (string, time.Time, bool) {
		return s.ID, s.CreatedAt, (s.SourceID == "" || s.SourceID == spec.SourceID) && (spec.Name == "" || s.Name == spec.Name)
	})
	if problem != nil {
		if len(found) > 0 {
			slices.SortFunc(found, oldestFirst)
			problem.Occupants, problem.Now = found, c.Now()
		}
		return Snapshot{}, Job{}, problem
	}
	return found[0], Job{Watch: !arrived(found[0], Readiness{})}, nil
}

package cloud

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// reconciles creates a snapshot whose answer is lost, after what a test has prepared, and returns the ID of what was
// adopted.
func reconciles(t *testing.T, c *Cloud, f *fake) (string, *driver.Error) {
	t.Helper()
	f.createSnapshot = creates(driver.Operation{}, lostReply())
	made, operation, err := c.CreateSnapshot(t.Context(), spec)
	var failed *driver.Error
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if (err == nil) != operation.Adopted {
		t.Errorf("the operation is %+v, the error %v", operation, err)
	}
	return made.ID, failed
}

// What existed before the request is never adopted, whatever its time says: a clock of the cloud's may be ahead.
func TestLostCreate_whatExistedBeforeIsNotAdopted(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, c *Cloud, f *fake, old driver.Snapshot){
		"listed by the create itself": func(*testing.T, *Cloud, *fake, driver.Snapshot) {},
		"listed by a data source": func(t *testing.T, c *Cloud, f *fake, old driver.Snapshot) {
			t.Helper()
			if _, err := c.Snapshots(
				t.Context(), driver.SnapshotFilter{SourceID: "7", Location: "zone-1"},
			); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Second)
			f.snapshots = listsAfter(f, "CreateSnapshot", lists(old))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				setClock(c, 0)
				old := driver.Snapshot{
					ID:        "old",
					Name:      "nightly",
					CreatedAt: time.Now().Add(time.Hour),
					State:     driver.StateReady,
				}
				f.snapshots = lists(old)
				prepare(t, c, f, old)
				id, failed := reconciles(t, c, f)
				if id != "" || failed.Kind != driver.KindAmbiguous ||
					!strings.Contains(failed.Hint, "shows no new snapshot") {
					t.Errorf("adopted %q, %+v", id, failed)
				}
			})
		})
	}
}

// An object that appears between the listing and the request is another's: it was created before the request began.
func TestLostCreate_whatAppearedBeforeTheRequestIsNotAdopted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		setClock(c, 0)
		began := time.Now()
		f.createSnapshot = func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			// The client has paused for a rate limit, and a colleague has taken a snapshot meanwhile.
			<-time.After(time.Minute)
			return driver.Snapshot{}, driver.Operation{}, &reply{
				status:    503,
				message:   "no answer",
				ambiguous: true,
				sent:      time.Now(),
			}
		}
		f.snapshots = listsAfter(
			f,
			"CreateSnapshot",
			lists(driver.Snapshot{ID: "colleague's", Name: "nightly", CreatedAt: began.Add(30 * time.Second)}),
		)
		made, _, err := c.CreateSnapshot(t.Context(), spec)
		failed(t, c, err, driver.KindAmbiguous, "create snapshot")
		if made.ID != "" {
			t.Errorf("adopted %+v", made)
		}
	})
}

// An object that is created after the request has failed is another's, also if it is the only one that matches.
func TestLostCreate_whatIsCreatedAfterTheFailureIsNotAdopted(t *testing.T) {
	for name, late := range map[string]time.Duration{"in time": time.Second, "late": 4 * time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				setClock(c, 0)
				created := time.Now().Add(late)
				f.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
					if time.Now().Before(created) {
						return nil, nil
					}
					return []driver.Snapshot{{ID: "new", Name: "nightly", CreatedAt: created}}, nil
				}
				id, failed := reconciles(t, c, f)
				if late < lateBy {
					if id != "new" {
						t.Errorf("adopted %q, %+v", id, failed)
					}
					return
				}
				if id != "" || !strings.Contains(failed.Hint, "created after the request had failed") ||
					len(failed.ExistingSnapshots) != 1 {
					t.Errorf("adopted %q, %+v", id, failed)
				}
			})
		})
	}
}

// Without a listing from before, nothing tells the new one from an old one.
func TestLostCreate_withoutAListingBeforeNothingIsAdopted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		f.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
			if f.count("CreateSnapshot") == 0 {
				return nil, answer(500, "down")
			}
			return []driver.Snapshot{{ID: "new", Name: "nightly", CreatedAt: time.Now()}}, nil
		}
		id, failed := reconciles(t, c, f)
		if id != "" || !strings.Contains(failed.Hint, "the listing before the request failed") ||
			len(failed.ExistingSnapshots) != 1 {
			t.Errorf("adopted %q, %+v", id, failed)
		}
	})
}

// Another resource of this run may adopt the only match after the listing has shown it.
func TestLostCreate_theFirstToTrackHasIt(t *testing.T) {
	c, _ := newPlain(t)
	matches := 0
	lost := lostCreate[string]{
		search: lostImage, cloud: c, started: time.Now(), listed: true,
		list: func(context.Context) ([]string, error) { return []string{"new"}, nil },
		match: func(id string) (string, time.Time, bool) {
			if matches++; matches == 2 {
				c.Track(driver.Ref{ObjectID: id})
			}
			return id, time.Now(), true
		},
	}
	found, _, problem := lost.find(t.Context(), &driver.Error{Op: "create image"})
	if found != "" || problem == nil || !strings.Contains(problem.Hint, "belongs to another resource of this run") {
		t.Errorf("adopted %q, %+v", found, problem)
	}
}

// Creates of one scope that begin together share a listing; a later one makes its own.
func TestCreateSnapshot_listingBeforeIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		c.Limits.Scope = driver.ScopeLocation
		f.snapshots = func(_ context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
			if filter != (driver.SnapshotFilter{Location: "zone-1"}) {
				t.Errorf("listed %+v", filter)
			}
			<-time.After(100 * time.Millisecond)
			return nil, nil
		}
		f.createSnapshot = func(
			_ context.Context, spec driver.SnapshotSpec,
		) (driver.Snapshot, driver.Operation, error) {
			return driver.Snapshot{ID: "of " + spec.SourceID, State: driver.StateReady}, driver.Operation{}, nil
		}
		var all sync.WaitGroup
		for _, source := range []string{"1", "2", "3", "4"} {
			all.Go(func() {
				if _, _, err := c.CreateSnapshot(
					t.Context(), driver.SnapshotSpec{SourceID: source, Location: "zone-1"},
				); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := f.count("Snapshots"); n != 1 {
			t.Errorf("%d listings for four creates", n)
		}
		<-time.After(listingHolds + time.Second)
		if _, _, err := c.CreateSnapshot(
			t.Context(), driver.SnapshotSpec{SourceID: "5", Location: "zone-1"},
		); err != nil ||
			f.count("Snapshots") != 2 {
			t.Errorf("%v after %d listings", err, f.count("Snapshots"))
		}
	})
}

func TestCreateSnapshot_namelessGetsAUniqueName(t *testing.T) {
	c, f := newPlain(t)
	c.Limits.Snapshot = driver.Attributes{"name": {Support: driver.OptionalComputed}}
	names := map[string]bool{}
	f.createSnapshot = func(_ context.Context, spec driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
		names[spec.Name] = true
		return driver.Snapshot{ID: "s", State: driver.StateReady}, driver.Operation{}, nil
	}
	for range 3 {
		if _, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "7"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(names) != 3 {
		t.Errorf("three snapshots have the names %v", names)
	}
	for name := range names {
		if !strings.HasPrefix(name, "terraform-") || len(name) > 63 {
			t.Errorf("the name is %q", name)
		}
	}
}

// A wait honours Retry-After: it delays the next poll, and ends the wait if it is longer than the rest of the timeout.
func TestWait_honoursThePauseThatTheCloudAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
		defer cancel()
		f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
			return driver.Snapshot{}, &reply{status: 429, message: "slow down", pause: time.Hour}
		}
		start := time.Now()
		made := driver.Snapshot{ID: "s1", State: driver.StateCreating}
		_, err := c.WaitSnapshot(ctx, made, driver.Operation{PollObject: true}, driver.ReadyWhen{})
		failed(t, c, err, driver.KindRateLimited, "finish creating snapshot")
		if took := time.Since(start); took > time.Minute || f.count("Snapshot") != 1 {
			t.Errorf("took %s and %d polls", took, f.count("Snapshot"))
		}

		polls := 0
		f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
			if polls++; polls == 1 {
				return driver.Snapshot{}, &reply{status: 429, message: "slow down", pause: 10 * time.Minute}
			}
			return driver.Snapshot{ID: "s1", State: driver.StateReady}, nil
		}
		start = time.Now()
		if _, err := c.WaitSnapshot(ctx, made, driver.Operation{PollObject: true}, driver.ReadyWhen{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took < 10*time.Minute || polls != 2 {
			t.Errorf("took %s and %d polls", took, polls)
		}
	})
}

// What the answer of a delete leaves open is looked at.
func TestDeleteSnapshot_unusableAnswerIsLookedInto(t *testing.T) {
	for name, tc := range map[string]struct {
		show func(context.Context, driver.Ref) (driver.Snapshot, error)
		kind driver.Kind
	}{
		"gone":        {shows(driver.Snapshot{}, errNotFound), driver.KindUnknown},
		"still there": {shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil), driver.KindUnavailable},
		"unreadable":  {shows(driver.Snapshot{}, answer(500, "down")), driver.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				f.deleteSnapshot = func(context.Context, driver.Ref) (driver.Operation, error) {
					return driver.Operation{}, answer(200, "a web page")
				}
				f.snapshot = tc.show
				err := c.DeleteSnapshot(t.Context(), driver.Ref{SourceID: "7", ObjectID: "s1"})
				if tc.kind == driver.KindUnknown {
					if err != nil {
						t.Errorf("it is gone: %v", err)
					}
					return
				}
				if e := failed(t, c, err, tc.kind, "delete snapshot"); e.Message != "a web page" ||
					f.count("DeleteSnapshot") != 1 {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

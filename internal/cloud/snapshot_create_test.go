package cloud

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

var spec = driver.SnapshotSpec{SourceID: "7", Location: "zone-1", Name: "nightly"}

func creates(
	operation driver.Operation,
	err error,
) func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
	return func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
		return driver.Snapshot{}, operation, err
	}
}

func lists(list ...driver.Snapshot) func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
	return func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) { return list, nil }
}

func TestCreateSnapshot_returnsWhatTheCloudAccepted(t *testing.T) {
	c, f := newPlain(t)
	f.createSnapshot = func(_ context.Context, got driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
		if got != spec {
			t.Errorf("asked for %+v", got)
		}
		return driver.Snapshot{ID: "s1", State: driver.StateCreating}, driver.Operation{PollObject: true}, nil
	}
	made, operation, err := c.CreateSnapshot(t.Context(), spec)
	if err != nil || !operation.PollObject ||
		made != (driver.Snapshot{ID: "s1", SourceID: "7", Location: "zone-1", State: driver.StateCreating}) {
		t.Errorf("got %+v, %+v, %v", made, operation, err)
	}
	if !c.tracker.isTracked("s1") {
		t.Error("another resource could adopt it")
	}
}

func TestCreateSnapshot_refusalIsNotLookedFor(t *testing.T) {
	for status, kind := range map[int]driver.Kind{
		400: driver.KindInvalid, 401: driver.KindAuth, 403: driver.KindPermission, 404: driver.KindNotFound,
		409: driver.KindConflict, 429: driver.KindRateLimited,
	} {
		c, f := newPlain(t)
		f.createSnapshot = creates(driver.Operation{}, answer(status, "no"))
		_, _, err := c.CreateSnapshot(t.Context(), spec)
		e := failed(t, c, err, kind, "create snapshot")
		if e.Status != status || e.Message != "no" || e.Code != "code" || e.RequestID != "request" ||
			e.Ref != spec.Ref() ||
			len(e.Fields) != 1 {
			t.Errorf("%d: %+v", status, e)
		}
		if f.count("CreateSnapshot") != 1 {
			t.Error("sent again")
		}
	}
}

// TestCreateSnapshot_lostReply is the promise that nothing is doubled and nothing orphaned: what may have been made is
// looked for, never made again.
func TestCreateSnapshot_lostReply(t *testing.T) {
	for name, tc := range map[string]struct {
		skew    time.Duration
		known   bool
		list    func(now time.Time) []driver.Snapshot
		adopted string
		hint    string
	}{
		"exactly one": {list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{
				{ID: "new", Name: "nightly", CreatedAt: now, State: driver.StateCreating},
				{ID: "old", Name: "nightly", CreatedAt: now.Add(-time.Hour), State: driver.StateReady},
				{ID: "other", Name: "weekly", CreatedAt: now, State: driver.StateReady},
				{ID: "elsewhere", SourceID: "8", Name: "nightly", CreatedAt: now},
				{ID: "undated", Name: "nightly"},
				{ID: "claimed", Name: "nightly", CreatedAt: now},
			}
		}, adopted: "new"},
		"none": {
			list: func(time.Time) []driver.Snapshot { return nil },
			hint: "A later listing shows no new snapshot, so the cloud probably did not act. " +
				"Check the snapshots of this source",
		},
		"only another's": {
			list: func(now time.Time) []driver.Snapshot {
				return []driver.Snapshot{{ID: "claimed", Name: "nightly", CreatedAt: now}}
			},
			hint: "no new snapshot",
		},
		"several": {list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{
				{ID: "b", Name: "nightly", CreatedAt: now.Add(time.Second)}, {ID: "a", Name: "nightly", CreatedAt: now},
			}
		}, hint: "shows 2 new snapshots, so none was adopted"},
		"clock unknown, a little older": {list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{{ID: "new", Name: "nightly", CreatedAt: now.Add(-time.Minute)}}
		}, adopted: "new"},
		"clock unknown, too old": {list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{{ID: "new", Name: "nightly", CreatedAt: now.Add(-3 * time.Minute)}}
		}, hint: "no new snapshot"},
		"known, same second": {known: true, skew: 700 * time.Millisecond, list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{{ID: "new", Name: "nightly", CreatedAt: now.Truncate(time.Second)}}
		}, adopted: "new"},
		"clock known, a moment too old": {known: true, list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{{ID: "another's", Name: "nightly", CreatedAt: now.Add(-time.Second)}}
		}, hint: "no new snapshot"},
		"clock behind": {known: true, skew: -time.Hour, list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{{ID: "new", Name: "nightly", CreatedAt: now.Add(-time.Hour)}}
		}, adopted: "new"},
		"clock ahead": {known: true, skew: time.Hour, list: func(now time.Time) []driver.Snapshot {
			return []driver.Snapshot{
				{ID: "older", Name: "nightly", CreatedAt: now},
				{ID: "new", Name: "nightly", CreatedAt: now.Add(time.Hour)},
			}
		}, adopted: "new"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				c.Track(driver.Ref{ObjectID: "claimed"})
				start, looks := time.Now(), 2
				if tc.hint != "" && name != "several" {
					looks = 1 + maxListings
				}
				if tc.known {
					setClock(c, tc.skew)
				}
				f.createSnapshot = creates(driver.Operation{}, lostReply())
				f.snapshots = listsAfter(
					f,
					"CreateSnapshot",
					func(_ context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
						if filter != (driver.SnapshotFilter{SourceID: "7", Location: "zone-1"}) {
							t.Errorf("listed %+v", filter)
						}
						return tc.list(start), nil
					},
				)
				made, operation, err := c.CreateSnapshot(t.Context(), spec)
				if f.count("CreateSnapshot") != 1 || f.count("Snapshots") != looks {
					t.Errorf("calls: %v", f.calls)
				}
				if tc.adopted != "" {
					if err != nil || made.ID != tc.adopted || made.SourceID != "7" || !operation.PollObject ||
						!c.tracker.isTracked(made.ID) {
						t.Errorf("got %+v, %+v, %v", made, operation, err)
					}
					return
				}
				e := failed(t, c, err, driver.KindAmbiguous, "create snapshot")
				if !strings.Contains(e.Hint, tc.hint) || e.Status != 503 || e.Message != "no answer" || made.ID != "" {
					t.Errorf("got %q, %+v", e.Hint, e)
				}
				if name == "several" &&
					(len(e.ExistingSnapshots) != 2 || e.ExistingSnapshots[0].ID != "a" || e.Now.IsZero()) {
					t.Errorf("the candidates, oldest first: %+v", e.ExistingSnapshots)
				}
			})
		})
	}
}

// A cloud that is still at work when its answer breaks off shows the snapshot a little later. What fails meanwhile
// takes nothing back.
func TestCreateSnapshot_lostReplyIsLookedForUntilItShows(t *testing.T) {
	for name, shows := range map[string]int{
		"with the second look": 2, "after failures": 5, "with the last look": maxListings,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				f.createSnapshot = creates(driver.Operation{}, lostReply())
				started := time.Now()
				f.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
					switch looks := f.count("Snapshots") - 1; {
					case looks == 0: // Before the request.
						return nil, nil
					case looks == shows:
						return []driver.Snapshot{
							{ID: "new", Name: "nightly", CreatedAt: started, State: driver.StateReady},
						}, nil
					case looks > 1 && name == "after failures":
						return nil, answer(500, "down")
					default:
						return nil, nil
					}
				}
				made, _, err := c.CreateSnapshot(t.Context(), spec)
				if err != nil || made.ID != "new" || f.count("CreateSnapshot") != 1 ||
					time.Since(started) > searchTimeout {
					t.Errorf("got %+v, %v after %s: %v", made, err, time.Since(started), f.calls)
				}
			})
		})
	}
}

func TestCreateSnapshot_lostReplyWithoutNameAndReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.createSnapshot = creates(driver.Operation{}, lostReply())
		f.snapshots = listsAfter(
			f,
			"CreateSnapshot",
			lists(
				driver.Snapshot{ID: "new", Name: "made by the cloud", CreatedAt: time.Now(), State: driver.StateReady},
			),
		)
		made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "7"})
		if err != nil || made.ID != "new" || !operation.Done() {
			t.Errorf("got %+v, %+v, %v", made, operation, err)
		}
	})
}

func TestCreateSnapshot_successThatNamesNothingIsLookedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		f.createSnapshot = creates(driver.Operation{}, nil)
		f.snapshots = listsAfter(
			f,
			"CreateSnapshot",
			lists(driver.Snapshot{ID: "new", Name: "nightly", CreatedAt: time.Now(), State: driver.StateReady}),
		)
		if made, _, err := c.CreateSnapshot(t.Context(), spec); err != nil || made.ID != "new" {
			t.Errorf("got %+v, %v", made, err)
		}
		f.snapshots = lists()
		_, _, err := c.CreateSnapshot(t.Context(), spec)
		failed(t, c, err, driver.KindAmbiguous, "create snapshot")
	})
}

func TestCreateSnapshot_lostReplyAndListingFails(t *testing.T) {
	c, f := newPlain(t)
	f.createSnapshot = creates(driver.Operation{}, lostReply())
	f.snapshots = listsAfter(
		f,
		"CreateSnapshot",
		func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
			return nil, answer(500, "down")
		},
	)
	_, _, err := c.CreateSnapshot(t.Context(), spec)
	if e := failed(t, c, err, driver.KindAmbiguous, "create snapshot"); !strings.Contains(
		e.Hint,
		"The listing failed too: down. Check",
	) {
		t.Errorf("got %q", e.Hint)
	}
}

func TestCreateSnapshot_searchEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		f.createSnapshot = creates(driver.Operation{}, lostReply())
		f.snapshots = listsAfter(
			f,
			"CreateSnapshot",
			func(ctx context.Context, _ driver.SnapshotFilter) ([]driver.Snapshot, error) {
				<-ctx.Done()
				return nil, &reply{message: "no answer in time", cause: ctx.Err()}
			},
		)
		start := time.Now()
		_, _, err := c.CreateSnapshot(t.Context(), spec)
		failed(t, c, err, driver.KindAmbiguous, "create snapshot")
		if took := time.Since(start); took != searchTimeout {
			t.Errorf("took %s", took)
		}
	})
}

func TestCreateSnapshot_cancelledBeforeSendsNothing(t *testing.T) {
	c, f := newPlain(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := c.CreateSnapshot(ctx, spec)
	e := failed(t, c, err, driver.KindCanceled, "create snapshot")
	if len(f.calls) != 0 || e.Message != "no request was sent to the cloud" {
		t.Errorf("%q, calls: %v", e.Message, f.calls)
	}
}

func TestCreateSnapshot_endOfTheContextIsTold(t *testing.T) {
	for kind, ctxOf := range map[driver.Kind]func(context.Context) (context.Context, context.CancelFunc){
		driver.KindCanceled: func(ctx context.Context) (context.Context, context.CancelFunc) {
			out, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return out, cancel
		},
		driver.KindTimeout: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, f := newPlain(t)
			ctx, cancel := ctxOf(t.Context())
			defer cancel()
			f.createSnapshot = func(
				ctx context.Context, _ driver.SnapshotSpec,
			) (driver.Snapshot, driver.Operation, error) {
				<-ctx.Done()
				return driver.Snapshot{}, driver.Operation{}, &reply{message: "never sent", cause: context.Cause(ctx)}
			}
			_, _, err := c.CreateSnapshot(ctx, spec)
			failed(t, c, err, kind, "create snapshot")
		})
	}
}

func TestCreateSnapshot_busyIsWaitedOutAndThenCreatedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		start, made := time.Now(), 0
		f.createSnapshot = func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			if time.Since(start) < 5*time.Minute {
				return driver.Snapshot{}, driver.Operation{}, answer(http.StatusLocked, "locked")
			}
			made++
			return driver.Snapshot{ID: "s1", State: driver.StateReady}, driver.Operation{}, nil
		}
		if s, _, err := c.CreateSnapshot(t.Context(), spec); err != nil || s.ID != "s1" || made != 1 {
			t.Errorf("made %d: %+v, %v", made, s, err)
		}
	})
}

func TestCreateSnapshot_lostReplyAfterBusyCountsFromTheLastAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		setClock(c, 0)
		start := time.Now()
		f.createSnapshot = func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			if time.Since(start) < time.Minute {
				return driver.Snapshot{}, driver.Operation{}, answer(http.StatusLocked, "locked")
			}
			return driver.Snapshot{}, driver.Operation{}, lostReply()
		}
		f.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
			if time.Since(start) == 0 {
				return nil, nil
			}
			return []driver.Snapshot{
				{ID: "of the work that locked it", Name: "nightly", CreatedAt: start.Add(10 * time.Second)},
				{ID: "new", Name: "nightly", CreatedAt: time.Now()},
			}, nil
		}
		if s, _, err := c.CreateSnapshot(t.Context(), spec); err != nil || s.ID != "new" {
			t.Errorf("got %+v, %v", s, err)
		}
	})
}

func TestCreateSnapshot_busyToTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		f.createSnapshot = creates(driver.Operation{}, answer(http.StatusLocked, "the instance is locked"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, _, err := c.CreateSnapshot(ctx, spec)
		e := failed(t, c, err, driver.KindBusy, "create snapshot")
		if !strings.Contains(e.Message, "stopped waiting after 1m0s") ||
			!strings.Contains(e.Message, "the instance is locked") ||
			e.Status != http.StatusLocked ||
			!errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", e)
		}

		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, stop)
		start := time.Now()
		_, _, err = c.CreateSnapshot(ctx, spec)
		failed(t, c, err, driver.KindCanceled, "create snapshot")
		if took := time.Since(start); took != 1500*time.Millisecond {
			t.Errorf("took %s after Ctrl-C", took)
		}
	})
}

func TestCreateSnapshot_limitNamesTheSnapshotsOldestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		now := time.Now()
		setClock(c, time.Hour)
		f.createSnapshot = creates(driver.Operation{}, answer(http.StatusPaymentRequired, "the limit of 3 is reached"))
		f.snapshots = lists(
			driver.Snapshot{ID: "young", CreatedAt: now},
			driver.Snapshot{ID: "old", CreatedAt: now.Add(-time.Hour)},
			driver.Snapshot{ID: "middle", CreatedAt: now.Add(-time.Minute)},
		)
		_, _, err := c.CreateSnapshot(t.Context(), spec)
		e := failed(t, c, err, driver.KindLimit, "create snapshot")
		var ids []string
		for _, s := range e.ExistingSnapshots {
			ids = append(ids, s.ID)
		}
		if strings.Join(ids, " ") != "old middle young" || !e.Now.Equal(now.Add(time.Hour)) ||
			e.Message != "the limit of 3 is reached" ||
			e.Managed {
			t.Errorf("got %v at %s: %+v", ids, e.Now, e)
		}
		c.Track(driver.Ref{ObjectID: "middle"})
		_, _, err = c.CreateSnapshot(t.Context(), spec)
		if e := failed(t, c, err, driver.KindLimit, "create snapshot"); !e.Managed {
			t.Errorf("a snapshot of this run does not count as managed: %+v", e)
		}

		f.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
			return nil, answer(500, "down")
		}
		_, _, err = c.CreateSnapshot(t.Context(), spec)
		if e := failed(t, c, err, driver.KindLimit, "create snapshot"); len(e.ExistingSnapshots) != 0 ||
			e.Message != "the limit of 3 is reached" {
			t.Errorf("the first error is the one to show: %+v", e)
		}
	})
}

func TestCreateSnapshot_ambiguousIsNeverRepeatedAsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		f.createSnapshot = creates(
			driver.Operation{},
			&driver.Error{Kind: driver.KindBusy, Message: "locked", Err: lostReply()},
		)
		f.snapshots = lists()
		_, _, err := c.CreateSnapshot(t.Context(), spec)
		failed(t, c, err, driver.KindAmbiguous, "create snapshot")
		if f.count("CreateSnapshot") != 1 {
			t.Error("sent again")
		}
	})
}

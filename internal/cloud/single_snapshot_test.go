package cloud

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func TestCreateSnapshot_slotLostReply(t *testing.T) {
	since := func(
		operations []driver.Operation, err error,
	) func(context.Context, driver.Ref, time.Time) ([]driver.Operation, error) {
		return func(context.Context, driver.Ref, time.Time) ([]driver.Operation, error) { return operations, err }
	}
	old := driver.Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0)}
	replacing := spec
	replacing.ReplaceExisting = true
	for name, tc := range map[string]struct {
		created func(context.Context, driver.Ref, time.Time) ([]driver.Operation, error)
		hint    string
	}{
		"one": {since([]driver.Operation{{ID: "j1", SourceID: "7"}}, nil), ""},
		"one and a claimed": {
			since([]driver.Operation{{ID: "earlier"}, {ID: "seen before"}, {ID: "j1", SourceID: "7"}}, nil), "",
		},
		"only one seen": {since([]driver.Operation{{ID: "seen before"}}, nil), "shows no new action"},
		"none":          {since(nil, nil), "shows no new action"},
		"a claimed one": {since([]driver.Operation{{ID: "earlier"}}, nil), "shows no new action"},
		"several": {
			since([]driver.Operation{{ID: "j1"}, {ID: "j2"}}, nil), "shows 2 new actions, so none was adopted",
		},
		"unseen": {since(nil, answer(500, "down")), "The listing failed too: down."},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newSlot(t)
				c.Track(driver.Ref{ObjectID: driver.Operation{ID: "earlier"}.TrackingKey()})
				setClock(c, time.Hour)
				f.existing = existing(old, nil)
				f.createSnapshot = creates(driver.Operation{}, lostReply())
				started := time.Now()
				f.createdSince = func(ctx context.Context, ref driver.Ref, at time.Time) ([]driver.Operation, error) {
					if f.count("CreateSnapshot") == 0 {
						return []driver.Operation{{ID: "seen before"}}, nil
					}
					if want := started.Add(time.Hour); !at.Equal(want) || ref != spec.Ref() {
						t.Errorf("looked for operations of %+v since %s, want %s", ref, at, want)
					}
					return tc.created(ctx, ref, at)
				}
				made, operation, err := c.CreateSnapshot(t.Context(), replacing)
				if tc.hint == "" {
					want := driver.Operation{
						ID: "j1", SourceID: "7", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt, Adopted: true,
					}
					if err != nil || operation != want || made.ID != "" || made.State != driver.StateCreating ||
						made.SourceID != "7" {
						t.Errorf("got %+v, %+v, %v", made, operation, err)
					}
					return
				}
				if e := failed(t, c, err, driver.KindAmbiguous, "create snapshot"); !strings.Contains(e.Hint, tc.hint) {
					t.Errorf("got %q", e.Hint)
				}
			})
		})
	}
}

func TestCreateSnapshot_slotIsOccupied(t *testing.T) {
	c, f := newSlot(t)
	now := time.Now()
	setClock(c, 24*time.Hour)
	f.existing = existing(driver.Snapshot{ID: "1", CreatedAt: now.Add(-48 * time.Hour)}, nil)
	_, _, err := c.CreateSnapshot(t.Context(), spec)
	e := failed(t, c, err, driver.KindWouldOverwrite, "create snapshot")
	if e.Message != "a snapshot exists already, 3 days old, and a new one would overwrite it" ||
		len(e.ExistingSnapshots) != 1 ||
		e.ExistingSnapshots[0].ID != "1" ||
		e.Ref != spec.Ref() ||
		e.Managed {
		t.Errorf("got %+v", e)
	}
	c.Track(driver.Ref{ObjectID: "1"})
	_, _, err = c.CreateSnapshot(t.Context(), spec)
	if e := failed(t, c, err, driver.KindWouldOverwrite, "create snapshot"); !e.Managed {
		t.Errorf("a snapshot of this run does not count as managed: %+v", e)
	}
}

// existing is a read of what a create overwrites.
func existing(s driver.Snapshot, err error) func(context.Context, driver.Ref) (driver.Snapshot, error) {
	return func(context.Context, driver.Ref) (driver.Snapshot, error) { return s, err }
}

// What a create overwrites is read one time, right before its request, and becomes a part of the operation.
func TestCreateSnapshot_slotIsReadBeforeTheRequest(t *testing.T) {
	created := time.Unix(1_000_000_000, 0)
	for name, tc := range map[string]struct {
		replace    bool
		old        driver.Snapshot
		err        error
		supersedes string
		kind       driver.Kind
	}{
		"empty":                {err: errNotFound},
		"empty, may overwrite": {replace: true, err: errNotFound},
		"expired": {
			old: driver.Snapshot{ID: "1", CreatedAt: created}, err: errNotFound, supersedes: "1",
		},
		"full":                   {old: driver.Snapshot{ID: "1", CreatedAt: created}, kind: driver.KindWouldOverwrite},
		"full, may overwrite":    {replace: true, old: driver.Snapshot{ID: "1", CreatedAt: created}, supersedes: "1"},
		"no answer":              {err: answer(503, "down"), kind: driver.KindUnavailable},
		"no answer, may replace": {replace: true, err: answer(503, "down"), kind: driver.KindUnavailable},
		"no right":               {replace: true, err: answer(403, "no"), kind: driver.KindPermission},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.existing = existing(tc.old, tc.err)
			f.createSnapshot = creates(driver.Operation{ID: "j1"}, nil)
			_, operation, err := c.CreateSnapshot(
				t.Context(),
				driver.SnapshotSpec{SourceID: "7", ReplaceExisting: tc.replace},
			)
			want := "CreatedSince ExistingSnapshot CreateSnapshot"
			if tc.kind != driver.KindUnknown {
				failed(t, c, err, tc.kind, "create snapshot")
				want = "CreatedSince ExistingSnapshot"
			} else if err != nil || operation.ID != "j1" || operation.Supersedes != tc.supersedes ||
				operation.SupersedesCreatedAt != tc.old.CreatedAt {
				t.Errorf("got %+v, %v", operation, err)
			}
			if got := strings.Join(f.calls, " "); got != want {
				t.Errorf("sent %s, want %s", got, want)
			}
		})
	}
}

// While a create waits for a lock, somebody else may fill the slot: each attempt reads it again.
func TestCreateSnapshot_slotIsReadAgainAfterALock(t *testing.T) {
	for _, replace := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c, f := newSlot(t)
			f.existing = func(context.Context, driver.Ref) (driver.Snapshot, error) {
				if f.count("ExistingSnapshot") == 1 {
					return driver.Snapshot{}, errNotFound
				}
				return driver.Snapshot{ID: "2", CreatedAt: time.Now()}, nil
			}
			f.createSnapshot = func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
				if f.count("CreateSnapshot") == 1 {
					return driver.Snapshot{}, driver.Operation{}, answer(http.StatusLocked, "the VM is locked")
				}
				return driver.Snapshot{}, driver.Operation{ID: "j1"}, nil
			}
			_, operation, err := c.CreateSnapshot(
				t.Context(),
				driver.SnapshotSpec{SourceID: "7", ReplaceExisting: replace},
			)
			switch {
			case !replace:
				failed(t, c, err, driver.KindWouldOverwrite, "create snapshot")
				if n := f.count("CreateSnapshot"); n != 1 {
					t.Errorf("sent %d creates, want 1", n)
				}
			case err != nil || operation.Supersedes != "2":
				t.Errorf("got %+v, %v", operation, err)
			}
		})
	}
}

func TestOverwrites(t *testing.T) {
	old := driver.Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0)}
	for name, tc := range map[string]struct {
		replace bool
		id      string
		err     error
		found   bool
		kind    driver.Kind
		calls   int
	}{
		"may not":          {},
		"empty":            {replace: true, err: errNotFound, calls: 2},
		"expired":          {replace: true, id: "1", err: errNotFound, calls: 1},
		"occupied":         {replace: true, id: "1", found: true, calls: 1},
		"of this run":      {replace: true, id: "ours", calls: 1},
		"to be kept":       {replace: true, id: "kept", kind: driver.KindWouldOverwrite, calls: 1},
		"no right to look": {replace: true, err: answer(403, "no"), kind: driver.KindPermission, calls: 1},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			c.Track(driver.Ref{ObjectID: "ours"})
			c.Retain(driver.Ref{ObjectID: "kept"})
			calls := 0
			f.existing = func(context.Context, driver.Ref) (driver.Snapshot, error) {
				calls++
				s := old
				s.ID = tc.id
				return s, tc.err
			}
			got, found, err := c.Overwrites(
				t.Context(),
				driver.SnapshotSpec{SourceID: "7", ReplaceExisting: tc.replace},
			)
			if driver.KindOf(err) != tc.kind || found != tc.found || calls != tc.calls {
				t.Errorf("got %+v, %t, %v after %d calls", got, found, err, calls)
			}
			if tc.found && (got.ID != "1" || got.SourceID != "7") {
				t.Errorf("got %+v", got)
			}
		})
	}
	c, f := newPlain(t)
	if _, found, err := c.Overwrites(t.Context(), driver.SnapshotSpec{SourceID: "7", ReplaceExisting: true}); found ||
		err != nil ||
		len(f.calls) != 0 {
		t.Errorf("a cloud with several slots: %t, %v, %v", found, err, f.calls)
	}
}

func TestOccupied_age(t *testing.T) {
	now := time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC)
	for want, created := range map[string]time.Time{
		"a moment old":   now.Add(-119 * time.Second),
		"2 minutes old":  now.Add(-2 * time.Minute),
		"119 minutes":    now.Add(-119 * time.Minute),
		"2 hours old":    now.Add(-2 * time.Hour),
		"47 hours old":   now.Add(-47 * time.Hour),
		"2 days old":     now.Add(-48 * time.Hour),
		"of unknown age": {},
	} {
		if e := driver.ErrWouldOverwrite(driver.Snapshot{CreatedAt: created}, now); !strings.Contains(
			e.Message,
			want,
		) ||
			!e.Now.Equal(now) {
			t.Errorf("want %s: %s", want, e.Message)
		}
	}
	if e := driver.ErrWouldOverwrite(driver.Snapshot{CreatedAt: now.Add(time.Minute)}, now); !strings.Contains(
		e.Message,
		"a moment old",
	) {
		t.Errorf("a clock that is behind: %s", e.Message)
	}
}

func TestCheckSlot(t *testing.T) {
	for name, tc := range map[string]struct {
		existing func(context.Context, driver.Ref) (driver.Snapshot, error)
		replace  bool
		kind     driver.Kind
	}{
		"empty":            {existing: existing(driver.Snapshot{}, errNotFound)},
		"may be replaced":  {replace: true},
		"of this run":      {existing: existing(driver.Snapshot{ID: "ours"}, nil)},
		"occupied":         {existing: existing(driver.Snapshot{ID: "1"}, nil), kind: driver.KindWouldOverwrite},
		"no right to look": {existing: existing(driver.Snapshot{}, answer(403, "no")), kind: driver.KindPermission},
		"no answer":        {existing: existing(driver.Snapshot{}, answer(500, "down")), kind: driver.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			c.Track(driver.Ref{ObjectID: "ours"})
			f.existing = tc.existing
			err := c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "7", ReplaceExisting: tc.replace})
			if tc.kind == driver.KindUnknown {
				if err != nil {
					t.Error(err)
				}
				return
			}
			op := "look for a snapshot to overwrite"
			if tc.kind == driver.KindWouldOverwrite {
				op = "create snapshot"
			}
			e := failed(t, c, err, tc.kind, op)
			if tc.kind == driver.KindWouldOverwrite && (e.ExistingSnapshots[0].SourceID != "7" || e.Now.IsZero()) {
				t.Errorf("got %+v", e)
			}
		})
	}
	c, f := newPlain(t)
	if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil || len(f.calls) != 0 {
		t.Errorf("clouds with several slots are not asked: %v, %v", err, f.calls)
	}
}

// At plan time one look is enough, and the listing that the create needs shows that the source exists. But if a
// snapshot may be lost by a wrong plan, the absence must be certain.
func TestCheckExistingSnapshot_looks(t *testing.T) {
	spec := driver.SnapshotSpec{SourceID: "7"}
	for name, tc := range map[string]struct {
		track, listed bool
		want          []string
	}{
		"fresh":                    {want: []string{"PeekSnapshot", "CreatedSince"}},
		"listed a moment ago":      {listed: true, want: []string{"PeekSnapshot"}},
		"may be for a replacement": {track: true, want: []string{"PeekSnapshot", "CreatedSince", "ExistingSnapshot"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.existing = existing(driver.Snapshot{}, errNotFound)
			if tc.track {
				c.Track(driver.Ref{SourceID: "8", ObjectID: "ours"})
			}
			if tc.listed {
				if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil {
					t.Fatal(err)
				}
				f.calls = nil
			}
			if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(f.calls, tc.want) {
				t.Errorf("called %v, want %v", f.calls, tc.want)
			}
		})
	}
	c, f := newSlot(t)
	f.existing = existing(driver.Snapshot{}, errNotFound)
	f.createdSince = func(context.Context, driver.Ref, time.Time) ([]driver.Operation, error) {
		return nil, &driver.Error{Kind: driver.KindInvalid, Message: "there is no VM 7"}
	}
	failed(t, c, c.CheckExistingSnapshot(t.Context(), spec), driver.KindInvalid, "look for a snapshot to overwrite")
}

// While another create of this run is under way, its snapshot can be at the cloud before it is known to be ours. The
// second create decides when its turn comes, and can then say that Terraform manages the snapshot.
func TestCheckExistingSnapshot_duringACreate(t *testing.T) {
	c, f := newSlot(t)
	f.existing = func(context.Context, driver.Ref) (driver.Snapshot, error) { return driver.Snapshot{ID: "1"}, nil }
	spec := driver.SnapshotSpec{SourceID: "7"}
	release, err := c.LockSource(t.Context(), spec.Ref())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil {
		t.Errorf("during a create: %v", err)
	}
	failed(
		t,
		c,
		c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "8"}),
		driver.KindWouldOverwrite,
		"create snapshot",
	)
	release()
	failed(t, c, c.CheckExistingSnapshot(t.Context(), spec), driver.KindWouldOverwrite, "create snapshot")
}

// TestSnapshotOf_slot is what a read shows while an operation makes a snapshot in the place of another one.
func TestSnapshotOf_slot(t *testing.T) {
	old := driver.Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0), State: driver.StateReady}
	renewed := driver.Snapshot{ID: "1", CreatedAt: time.Unix(2_000_000_000, 0), State: driver.StateReady}
	fresh := driver.Snapshot{ID: "2", CreatedAt: time.Unix(2_000_000_000, 0), State: driver.StateReady}
	operation := driver.Operation{ID: "j1", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt}
	running := func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return driver.OperationStatus{Status: "sent"}, nil
	}
	broken := func(err error) func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{}, err
		}
	}
	for name, tc := range map[string]struct {
		ref       driver.Ref
		operation driver.Operation
		shown     driver.Snapshot
		err       error
		poll      func(context.Context, driver.Operation) (driver.OperationStatus, error)
		id        string
		state     driver.State
		kind      driver.Kind
	}{
		"ours": {
			ref: driver.Ref{SourceID: "7", ObjectID: "1"}, shown: old, id: "1", state: driver.StateReady,
		},
		"whatever is there": {
			ref: driver.Ref{SourceID: "7"}, shown: old, id: "1", state: driver.StateReady,
		},
		"somebody else's": {
			ref: driver.Ref{SourceID: "7", ObjectID: "1"}, shown: fresh, kind: driver.KindNotFound,
		},
		"gone": {
			ref: driver.Ref{SourceID: "7", ObjectID: "1"}, err: errNotFound, kind: driver.KindNotFound,
		},
		"no answer": {
			ref: driver.Ref{SourceID: "7", ObjectID: "1"}, err: answer(500, "down"), kind: driver.KindUnavailable,
		},
		"no right": {
			ref: driver.Ref{SourceID: "7", ObjectID: "1"}, err: answer(403, "no"), kind: driver.KindPermission,
		},
		"pending, still the old one": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, shown: old, poll: running,
			state: driver.StateCreating,
		},
		"pending, nothing yet": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, err: errNotFound, poll: running,
			state: driver.StateCreating,
		},
		"pending, arrived": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, shown: fresh, id: "2", state: driver.StateReady,
		},
		"pending, arrived with the ID": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, shown: renewed, id: "1", state: driver.StateReady,
		},
		"pending, failed": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, shown: old,
			poll: broken(&driver.Error{Kind: driver.KindFailed, Message: "error"}), kind: driver.KindNotFound,
		},
		"pending, forgotten": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, err: errNotFound, poll: broken(errNotFound),
			kind: driver.KindNotFound,
		},
		"pending, operation does not answer": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, err: errNotFound, poll: broken(answer(503, "down")),
			kind: driver.KindUnavailable,
		},
		"pending, slot does not answer": {
			ref: driver.Ref{SourceID: "7"}, operation: operation, err: answer(503, "down"),
			kind: driver.KindUnavailable,
		},
		"pending without an operation, the old": {
			ref:       driver.Ref{SourceID: "7"},
			operation: driver.Operation{Supersedes: "1", SupersedesCreatedAt: old.CreatedAt}, shown: old,
			kind: driver.KindNotFound,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return tc.shown, tc.err }
			f.getOperation = tc.poll
			s, err := c.SnapshotOf(t.Context(), tc.ref, tc.operation)
			if tc.kind != driver.KindUnknown {
				failed(t, c, err, tc.kind, "read snapshot")
				if c.tracker.isTracked(tc.shown.ID) {
					t.Error("what is not ours must not be claimed")
				}
				return
			}
			if err != nil || s.ID != tc.id || s.State != tc.state || s.SourceID != "7" ||
				c.tracker.isTracked(tc.id) != (tc.id != "") {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}

func TestWaitSnapshot_slotShowsTheOldOneFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := driver.Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0), State: driver.StateReady}
		type shown struct {
			s   driver.Snapshot
			err error
		}
		for name, steps := range map[string][]shown{
			"nothing in between": {
				{s: old},
				{s: old},
				{err: errNotFound},
				{err: answer(503, "down")},
				{s: driver.Snapshot{ID: "2", CreatedAt: time.Unix(2e9, 0), State: driver.StateReady}},
			},
			"at once": {
				{s: driver.Snapshot{ID: "2", CreatedAt: time.Unix(2e9, 0), State: driver.StateReady}},
			},
		} {
			c, f := newSlot(t)
			next := sequence(steps...)
			f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
				return driver.OperationStatus{Done: true}, nil
			}
			f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { s := next(); return s.s, s.err }
			s, err := c.WaitSnapshot(
				t.Context(),
				driver.Snapshot{SourceID: "7", State: driver.StateCreating},
				driver.Operation{ID: "j", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt},
				driver.ReadyWhen{},
			)
			if err != nil || s.ID != "2" || s.SourceID != "7" || !c.tracker.isTracked("2") ||
				f.count("Snapshot") != len(steps) {
				t.Errorf("%s: %+v, %v after %v", name, s, err, f.calls)
			}
		}
	})
}

func TestWaitSnapshot_slotNeverShowsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newSlot(t)
		f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{Done: true}, nil
		}
		f.snapshot = func(
			context.Context, driver.Ref,
		) (driver.Snapshot, error) {
			return driver.Snapshot{}, errNotFound
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := c.WaitSnapshot(
			ctx,
			driver.Snapshot{SourceID: "7", State: driver.StateCreating},
			driver.Operation{ID: "j"},
			driver.ReadyWhen{},
		)
		if e := failed(t, c, err, driver.KindTimeout, "finish creating snapshot"); !strings.Contains(
			e.Message,
			`the last state was "not visible yet"`,
		) ||
			e.OperationID != "j" {
			t.Errorf("got %+v", e)
		}
	})
}

func TestDeleteSnapshot_slotLeavesAForeignOneAlone(t *testing.T) {
	c, f := newSlot(t)
	c.pace.Ceiling = time.Millisecond
	f.deleteSnapshot = func(context.Context, driver.Ref) (driver.Operation, error) {
		return driver.Operation{PollObject: true}, nil
	}
	f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
		return driver.Snapshot{ID: "2", State: driver.StateReady}, nil
	}
	if err := c.DeleteSnapshot(t.Context(), driver.Ref{SourceID: "7", ObjectID: "1"}); err != nil {
		t.Errorf("what is deleted is gone, whatever has come into its place: %v", err)
	}
	err := c.DeleteSnapshot(t.Context(), driver.Ref{SourceID: "7"})
	failed(t, c, err, driver.KindConflict, "delete snapshot")
	if f.count("DeleteSnapshot") != 1 {
		t.Error("without an ID it would delete whatever is there")
	}
}

func TestIdentify(t *testing.T) {
	old := driver.Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0)}
	operation := driver.Operation{ID: "j", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt}
	done := func(id string) func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{Done: true, ObjectID: id}, nil
		}
	}
	breaks := func(err error) func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{}, err
		}
	}
	for name, tc := range map[string]struct {
		cloud     func(*testing.T) (*Cloud, *fake)
		ref       driver.Ref
		operation driver.Operation
		poll      func(context.Context, driver.Operation) (driver.OperationStatus, error)
		shown     driver.Snapshot
		err       error
		id        string
		kind      driver.Kind
	}{
		"known":                  {cloud: newSlot, ref: driver.Ref{ObjectID: "5"}, operation: operation, id: "5"},
		"named by the operation": {cloud: newZone, operation: operation, poll: done("9"), id: "9"},
		"not named, zone":        {cloud: newZone, operation: operation, poll: done(""), kind: driver.KindAmbiguous},
		"forgotten, zone": {
			cloud: newZone, operation: operation, poll: breaks(errNotFound), kind: driver.KindAmbiguous,
		},
		"no operation": {cloud: newSlot, kind: driver.KindNotFound},
		"failed": {
			cloud: newSlot, operation: operation,
			poll: breaks(&driver.Error{Kind: driver.KindFailed, Message: "error"}), kind: driver.KindNotFound,
		},
		"refused": {
			cloud: newSlot, operation: operation, poll: breaks(answer(403, "no")), kind: driver.KindPermission,
		},
		"in the slot": {
			cloud: newSlot, operation: operation, poll: done(""), shown: driver.Snapshot{ID: "2"}, id: "2",
		},
		"the old in the slot": {
			cloud: newSlot, operation: operation, poll: done(""), shown: old, kind: driver.KindNotFound,
		},
		"empty slot": {
			cloud: newSlot, operation: operation, poll: done(""), err: errNotFound, kind: driver.KindNotFound,
		},
		"slot is silent": {
			cloud: newSlot, operation: operation, poll: done(""), err: answer(500, "down"),
			kind: driver.KindUnavailable,
		},
		"cannot": {cloud: newBare, operation: operation, kind: driver.KindUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := tc.cloud(t)
				f.getOperation = tc.poll
				f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return tc.shown, tc.err }
				ref, err := c.Identify(t.Context(), tc.ref, tc.operation)
				if tc.kind != driver.KindUnknown {
					failed(t, c, err, tc.kind, "find snapshot")
					return
				}
				if err != nil || ref.ObjectID != tc.id {
					t.Errorf("got %+v, %v", ref, err)
				}
			})
		})
	}
}

// An operation that was over long ago, and shows nothing, has nothing to show any more: the snapshot was deleted or has
// expired.
func TestSnapshotOf_finishedLongAgo(t *testing.T) {
	for name, tc := range map[string]struct {
		ago  time.Duration
		kind driver.Kind
	}{
		"a moment ago": {ago: time.Second, kind: driver.KindUnknown},
		"an hour ago":  {ago: time.Hour, kind: driver.KindNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.snapshot = func(
				context.Context, driver.Ref,
			) (driver.Snapshot, error) {
				return driver.Snapshot{}, errNotFound
			}
			f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
				return driver.OperationStatus{Done: true, FinishedAt: time.Now().Add(-tc.ago)}, nil
			}
			snap, err := c.SnapshotOf(t.Context(), driver.Ref{SourceID: "7"}, driver.Operation{ID: "j"})
			if tc.kind != driver.KindUnknown {
				failed(t, c, err, tc.kind, "read snapshot")
				return
			}
			if err != nil || snap.State != driver.StateCreating {
				t.Errorf("got %+v, %v", snap, err)
			}
		})
	}
}

// A snapshot that is being deleted is gone for whoever reads it, although a deletion still waits for it.
func TestSnapshotOf_beingDeleted(t *testing.T) {
	c, f := newZone(t)
	f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
		return driver.Snapshot{ID: "s1", State: driver.StateDeleting}, nil
	}
	_, err := c.Snapshot(t.Context(), driver.Ref{ObjectID: "s1"})
	failed(t, c, err, driver.KindNotFound, "read snapshot")
}

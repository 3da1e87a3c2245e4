package cloud

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestCreateSnapshot_slotLostReply(t *testing.T) {
	since := func(operations []Operation, err error) func(context.Context, Ref, time.Time) ([]Operation, error) {
		return func(context.Context, Ref, time.Time) ([]Operation, error) { return operations, err }
	}
	replaced := Operation{Supersedes: "1", SupersedesCreatedAt: time.Unix(1_000_000_000, 0)}
	for name, tc := range map[string]struct {
		created func(context.Context, Ref, time.Time) ([]Operation, error)
		hint    string
	}{
		"one":               {since([]Operation{{ID: "j1", SourceID: "7"}}, nil), ""},
		"one and a claimed": {since([]Operation{{ID: "earlier"}, {ID: "seen before"}, {ID: "j1", SourceID: "7"}}, nil), ""},
		"only one seen":     {since([]Operation{{ID: "seen before"}}, nil), "shows no new action"},
		"none":              {since(nil, nil), "shows no new action"},
		"a claimed one":     {since([]Operation{{ID: "earlier"}}, nil), "shows no new action"},
		"several":           {since([]Operation{{ID: "j1"}, {ID: "j2"}}, nil), "shows 2 new actions, so none was adopted"},
		"unseen":            {since(nil, answer(500, "down")), "Looking for it failed too: down."},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newSlot(t)
				c.Track(Ref{ObjectID: Operation{ID: "earlier"}.TrackingKey()})
				f.skew = func() (time.Duration, bool) { return time.Hour, true }
				f.createSnapshot = creates(replaced, lostReply())
				started := time.Now()
				f.createdSince = func(ctx context.Context, ref Ref, at time.Time) ([]Operation, error) {
					if f.count("CreateSnapshot") == 0 {
						return []Operation{{ID: "seen before"}}, nil
					}
					if want := started.Add(time.Hour); !at.Equal(want) || ref != spec.Ref() {
						t.Errorf("looked for jobs of %+v since %s, want %s", ref, at, want)
					}
					return tc.created(ctx, ref, at)
				}
				made, operation, err := c.CreateSnapshot(t.Context(), spec)
				if tc.hint == "" {
					want := Operation{ID: "j1", SourceID: "7", Supersedes: "1", SupersedesCreatedAt: replaced.SupersedesCreatedAt, Adopted: true}
					if err != nil || operation != want || made.ID != "" || made.State != StateCreating || made.SourceID != "7" {
						t.Errorf("got %+v, %+v, %v", made, operation, err)
					}
					return
				}
				if e := failed(t, c, err, KindAmbiguous, "create snapshot"); !strings.Contains(e.Hint, tc.hint) {
					t.Errorf("got %q", e.Hint)
				}
			})
		})
	}
}

func TestCreateSnapshot_slotIsOccupied(t *testing.T) {
	c, f := newSlot(t)
	now := time.Now()
	f.createSnapshot = creates(Operation{}, ErrWouldOverwrite(Snapshot{ID: "1", CreatedAt: now.Add(-72 * time.Hour)}, now))
	_, _, err := c.CreateSnapshot(t.Context(), spec)
	e := failed(t, c, err, KindWouldOverwrite, "create snapshot")
	if e.Message != "there is a snapshot already, 3 days old, and a new one would overwrite it" || len(e.ExistingSnapshots) != 1 || e.ExistingSnapshots[0].ID != "1" || e.Ref != spec.Ref() || e.Managed {
		t.Errorf("got %+v", e)
	}
	c.Track(Ref{ObjectID: "1"})
	_, _, err = c.CreateSnapshot(t.Context(), spec)
	if e := failed(t, c, err, KindWouldOverwrite, "create snapshot"); !e.Managed {
		t.Errorf("a snapshot of this run does not count as managed: %+v", e)
	}
}

func TestOverwrites(t *testing.T) {
	old := Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0)}
	for name, tc := range map[string]struct {
		replace bool
		id      string
		err     error
		found   bool
		kind    Kind
		calls   int
	}{
		"may not":          {},
		"empty":            {replace: true, err: errNotFound, calls: 1},
		"occupied":         {replace: true, id: "1", found: true, calls: 1},
		"of this run":      {replace: true, id: "ours", calls: 1},
		"no right to look": {replace: true, err: answer(403, "no"), kind: KindPermission, calls: 1},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			c.Track(Ref{ObjectID: "ours"})
			calls := 0
			f.occupant = func(context.Context, Ref) (Snapshot, error) {
				calls++
				s := old
				s.ID = tc.id
				return s, tc.err
			}
			got, found, err := c.Overwrites(t.Context(), SnapshotSpec{SourceID: "7", ReplaceExisting: tc.replace})
			if KindOf(err) != tc.kind || found != tc.found || calls != tc.calls {
				t.Errorf("got %+v, %t, %v after %d calls", got, found, err, calls)
			}
			if tc.found && (got.ID != "1" || got.SourceID != "7") {
				t.Errorf("got %+v", got)
			}
		})
	}
	c, f := newPlain(t)
	if _, found, err := c.Overwrites(t.Context(), SnapshotSpec{SourceID: "7", ReplaceExisting: true}); found || err != nil || len(f.calls) != 0 {
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
		if e := ErrWouldOverwrite(Snapshot{CreatedAt: created}, now); !strings.Contains(e.Message, want) || !e.Now.Equal(now) {
			t.Errorf("want %s: %s", want, e.Message)
		}
	}
	if e := ErrWouldOverwrite(Snapshot{CreatedAt: now.Add(time.Minute)}, now); !strings.Contains(e.Message, "a moment old") {
		t.Errorf("a clock that is behind: %s", e.Message)
	}
}

func TestCheckSlot(t *testing.T) {
	occupant := func(s Snapshot, err error) func(context.Context, Ref) (Snapshot, error) {
		return func(context.Context, Ref) (Snapshot, error) { return s, err }
	}
	for name, tc := range map[string]struct {
		occupant func(context.Context, Ref) (Snapshot, error)
		replace  bool
		kind     Kind
	}{
		"empty":            {occupant: occupant(Snapshot{}, errNotFound)},
		"may be replaced":  {replace: true},
		"of this run":      {occupant: occupant(Snapshot{ID: "ours"}, nil)},
		"occupied":         {occupant: occupant(Snapshot{ID: "1"}, nil), kind: KindWouldOverwrite},
		"no right to look": {occupant: occupant(Snapshot{}, answer(403, "no")), kind: KindPermission},
		"no answer":        {occupant: occupant(Snapshot{}, answer(500, "down")), kind: KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			c.Track(Ref{ObjectID: "ours"})
			f.occupant = tc.occupant
			err := c.CheckExistingSnapshot(t.Context(), SnapshotSpec{SourceID: "7", ReplaceExisting: tc.replace})
			if tc.kind == KindUnknown {
				if err != nil {
					t.Error(err)
				}
				return
			}
			op := "look for a snapshot to overwrite"
			if tc.kind == KindWouldOverwrite {
				op = "create snapshot"
			}
			e := failed(t, c, err, tc.kind, op)
			if tc.kind == KindWouldOverwrite && (e.ExistingSnapshots[0].SourceID != "7" || e.Now.IsZero()) {
				t.Errorf("got %+v", e)
			}
		})
	}
	c, f := newPlain(t)
	if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil || len(f.calls) != 0 {
		t.Errorf("clouds with several slots are not asked: %v, %v", err, f.calls)
	}
}

// TestSnapshotOf_slot is what a read shows while an operation makes a snapshot in the place of another one.
func TestSnapshotOf_slot(t *testing.T) {
	old := Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0), State: StateReady}
	renewed := Snapshot{ID: "1", CreatedAt: time.Unix(2_000_000_000, 0), State: StateReady}
	fresh := Snapshot{ID: "2", CreatedAt: time.Unix(2_000_000_000, 0), State: StateReady}
	operation := Operation{ID: "j1", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt}
	running := func(context.Context, Operation) (OperationStatus, error) { return OperationStatus{Status: "sent"}, nil }
	broken := func(err error) func(context.Context, Operation) (OperationStatus, error) {
		return func(context.Context, Operation) (OperationStatus, error) { return OperationStatus{}, err }
	}
	for name, tc := range map[string]struct {
		ref   Ref
		job   Operation
		shown Snapshot
		err   error
		poll  func(context.Context, Operation) (OperationStatus, error)
		id    string
		state State
		kind  Kind
	}{
		"ours":                          {ref: Ref{SourceID: "7", ObjectID: "1"}, shown: old, id: "1", state: StateReady},
		"whatever is there":             {ref: Ref{SourceID: "7"}, shown: old, id: "1", state: StateReady},
		"somebody else's":               {ref: Ref{SourceID: "7", ObjectID: "1"}, shown: fresh, kind: KindNotFound},
		"gone":                          {ref: Ref{SourceID: "7", ObjectID: "1"}, err: errNotFound, kind: KindNotFound},
		"no answer":                     {ref: Ref{SourceID: "7", ObjectID: "1"}, err: answer(500, "down"), kind: KindUnavailable},
		"no right":                      {ref: Ref{SourceID: "7", ObjectID: "1"}, err: answer(403, "no"), kind: KindPermission},
		"unborn, still the old one":     {ref: Ref{SourceID: "7"}, job: operation, shown: old, poll: running, state: StateCreating},
		"unborn, nothing yet":           {ref: Ref{SourceID: "7"}, job: operation, err: errNotFound, poll: running, state: StateCreating},
		"unborn, arrived":               {ref: Ref{SourceID: "7"}, job: operation, shown: fresh, id: "2", state: StateReady},
		"unborn, arrived with the ID":   {ref: Ref{SourceID: "7"}, job: operation, shown: renewed, id: "1", state: StateReady},
		"unborn, failed":                {ref: Ref{SourceID: "7"}, job: operation, shown: old, poll: broken(&Error{Kind: KindFailed, Message: "error"}), kind: KindNotFound},
		"unborn, forgotten":             {ref: Ref{SourceID: "7"}, job: operation, err: errNotFound, poll: broken(errNotFound), kind: KindNotFound},
		"unborn, job does not answer":   {ref: Ref{SourceID: "7"}, job: operation, err: errNotFound, poll: broken(answer(503, "down")), kind: KindUnavailable},
		"unborn, slot does not answer":  {ref: Ref{SourceID: "7"}, job: operation, err: answer(503, "down"), kind: KindUnavailable},
		"unborn without a job, the old": {ref: Ref{SourceID: "7"}, job: operation.SupersededOnly(), shown: old, kind: KindNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.snapshot = func(context.Context, Ref) (Snapshot, error) { return tc.shown, tc.err }
			f.pollJob = tc.poll
			s, err := c.SnapshotOf(t.Context(), tc.ref, tc.job)
			if tc.kind != KindUnknown {
				failed(t, c, err, tc.kind, "read snapshot")
				if c.tracker.isTracked(tc.shown.ID) {
					t.Error("what is not ours must not be claimed")
				}
				return
			}
			if err != nil || s.ID != tc.id || s.State != tc.state || s.SourceID != "7" || c.tracker.isTracked(tc.id) != (tc.id != "") {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}

func TestWaitSnapshot_slotShowsTheOldOneFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0), State: StateReady}
		type shown struct {
			s   Snapshot
			err error
		}
		for name, steps := range map[string][]shown{
			"nothing in between": {{s: old}, {s: old}, {err: errNotFound}, {err: answer(503, "down")}, {s: Snapshot{ID: "2", CreatedAt: time.Unix(2e9, 0), State: StateReady}}},
			"at once":            {{s: Snapshot{ID: "2", CreatedAt: time.Unix(2e9, 0), State: StateReady}}},
		} {
			c, f := newSlot(t)
			next := sequence(steps...)
			f.pollJob = func(context.Context, Operation) (OperationStatus, error) { return OperationStatus{Done: true}, nil }
			f.snapshot = func(context.Context, Ref) (Snapshot, error) { s := next(); return s.s, s.err }
			s, err := c.WaitSnapshot(t.Context(), Snapshot{SourceID: "7", State: StateCreating}, Operation{ID: "j", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt}, ReadyWhen{})
			if err != nil || s.ID != "2" || s.SourceID != "7" || !c.tracker.isTracked("2") || f.count("Snapshot") != len(steps) {
				t.Errorf("%s: %+v, %v after %v", name, s, err, f.calls)
			}
		}
	})
}

func TestWaitSnapshot_slotNeverShowsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newSlot(t)
		f.pollJob = func(context.Context, Operation) (OperationStatus, error) { return OperationStatus{Done: true}, nil }
		f.snapshot = func(context.Context, Ref) (Snapshot, error) { return Snapshot{}, errNotFound }
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err := c.WaitSnapshot(ctx, Snapshot{SourceID: "7", State: StateCreating}, Operation{ID: "j"}, ReadyWhen{})
		if e := failed(t, c, err, KindTimeout, "finish creating snapshot"); !strings.Contains(e.Message, `the last state was "not visible yet"`) || e.OperationID != "j" {
			t.Errorf("got %+v", e)
		}
	})
}

func TestDeleteSnapshot_slotLeavesAForeignOneAlone(t *testing.T) {
	c, f := newSlot(t)
	c.pace.Ceiling = time.Millisecond
	f.deleteSnapshot = func(context.Context, Ref) (Operation, error) { return Operation{PollObject: true}, nil }
	f.snapshot = func(context.Context, Ref) (Snapshot, error) { return Snapshot{ID: "2", State: StateReady}, nil }
	if err := c.DeleteSnapshot(t.Context(), Ref{SourceID: "7", ObjectID: "1"}); err != nil {
		t.Errorf("what is deleted is gone, whatever has come into its place: %v", err)
	}
	err := c.DeleteSnapshot(t.Context(), Ref{SourceID: "7"})
	failed(t, c, err, KindConflict, "delete snapshot")
	if f.count("DeleteSnapshot") != 1 {
		t.Error("without an ID it would delete whatever is there")
	}
}

func TestIdentify(t *testing.T) {
	old := Snapshot{ID: "1", CreatedAt: time.Unix(1_000_000_000, 0)}
	operation := Operation{ID: "j", Supersedes: "1", SupersedesCreatedAt: old.CreatedAt}
	done := func(id string) func(context.Context, Operation) (OperationStatus, error) {
		return func(context.Context, Operation) (OperationStatus, error) {
			return OperationStatus{Done: true, ObjectID: id}, nil
		}
	}
	breaks := func(err error) func(context.Context, Operation) (OperationStatus, error) {
		return func(context.Context, Operation) (OperationStatus, error) { return OperationStatus{}, err }
	}
	for name, tc := range map[string]struct {
		cloud func(*testing.T) (*Cloud, *fake)
		ref   Ref
		job   Operation
		poll  func(context.Context, Operation) (OperationStatus, error)
		shown Snapshot
		err   error
		id    string
		kind  Kind
	}{
		"known":               {cloud: newSlot, ref: Ref{ObjectID: "5"}, job: operation, id: "5"},
		"named by the job":    {cloud: newZone, job: operation, poll: done("9"), id: "9"},
		"not named, zone":     {cloud: newZone, job: operation, poll: done(""), kind: KindAmbiguous},
		"forgotten, zone":     {cloud: newZone, job: operation, poll: breaks(errNotFound), kind: KindAmbiguous},
		"no job":              {cloud: newSlot, kind: KindNotFound},
		"failed":              {cloud: newSlot, job: operation, poll: breaks(&Error{Kind: KindFailed, Message: "error"}), kind: KindNotFound},
		"refused":             {cloud: newSlot, job: operation, poll: breaks(answer(403, "no")), kind: KindPermission},
		"in the slot":         {cloud: newSlot, job: operation, poll: done(""), shown: Snapshot{ID: "2"}, id: "2"},
		"the old in the slot": {cloud: newSlot, job: operation, poll: done(""), shown: old, kind: KindNotFound},
		"empty slot":          {cloud: newSlot, job: operation, poll: done(""), err: errNotFound, kind: KindNotFound},
		"slot is silent":      {cloud: newSlot, job: operation, poll: done(""), err: answer(500, "down"), kind: KindUnavailable},
		"cannot":              {cloud: newBare, job: operation, kind: KindUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := tc.cloud(t)
				f.pollJob = tc.poll
				f.snapshot = func(context.Context, Ref) (Snapshot, error) { return tc.shown, tc.err }
				ref, err := c.Identify(t.Context(), tc.ref, tc.job)
				if tc.kind != KindUnknown {
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

// An operation that was over long ago, and shows nothing, has nothing to show any more: the snapshot was deleted or has expired.
func TestSnapshotOf_finishedLongAgo(t *testing.T) {
	for name, tc := range map[string]struct {
		ago  time.Duration
		kind Kind
	}{
		"a moment ago": {ago: time.Second, kind: KindUnknown},
		"an hour ago":  {ago: time.Hour, kind: KindNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newSlot(t)
			f.snapshot = func(context.Context, Ref) (Snapshot, error) { return Snapshot{}, errNotFound }
			f.pollJob = func(context.Context, Operation) (OperationStatus, error) {
				return OperationStatus{Done: true, FinishedAt: time.Now().Add(-tc.ago)}, nil
			}
			snap, err := c.SnapshotOf(t.Context(), Ref{SourceID: "7"}, Operation{ID: "j"})
			if tc.kind != KindUnknown {
				failed(t, c, err, tc.kind, "read snapshot")
				return
			}
			if err != nil || snap.State != StateCreating {
				t.Errorf("got %+v, %v", snap, err)
			}
		})
	}
}

// A snapshot that is being deleted is gone for whoever reads it, although a deletion still waits for it.
func TestSnapshotOf_beingDeleted(t *testing.T) {
	c, f := newZone(t)
	f.snapshot = func(context.Context, Ref) (Snapshot, error) { return Snapshot{ID: "s1", State: StateDeleting}, nil }
	_, err := c.Snapshot(t.Context(), Ref{ObjectID: "s1"})
	failed(t, c, err, KindNotFound, "read snapshot")
}

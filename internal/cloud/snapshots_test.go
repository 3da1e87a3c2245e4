package cloud

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func shows(s Snapshot, err error) func(context.Context, Ref) (Snapshot, error) {
	return func(context.Context, Ref) (Snapshot, error) { return s, err }
}

func TestSnapshot_fillsInTheAddress(t *testing.T) {
	c, f := newZone(t)
	f.snapshot = func(_ context.Context, ref Ref) (Snapshot, error) {
		return Snapshot{ID: ref.ObjectID, State: StateReady}, nil
	}
	s, err := c.Snapshot(t.Context(), Ref{Location: "zone-1", SourceID: "7", ObjectID: "s1"})
	if err != nil || s != (Snapshot{ID: "s1", SourceID: "7", Location: "zone-1", State: StateReady}) || !c.tracker.isTracked("s1") {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestSnapshotOf_unborn(t *testing.T) {
	operation := Operation{ID: "j"}
	for name, tc := range map[string]struct {
		job  Operation
		poll func(context.Context, Operation) (OperationStatus, error)
		id   string
		kind Kind
	}{
		"going on":   {job: operation, poll: polls(OperationStatus{Status: "pending"}, nil)},
		"named":      {job: operation, poll: polls(OperationStatus{Done: true, ObjectID: "9"}, nil), id: "9"},
		"no job":     {kind: KindNotFound},
		"failed":     {job: operation, poll: polls(OperationStatus{}, &Error{Kind: KindFailed, Message: "no room"}), kind: KindNotFound},
		"forgotten":  {job: operation, poll: polls(OperationStatus{}, errNotFound), kind: KindNotFound},
		"no answer":  {job: operation, poll: polls(OperationStatus{}, answer(503, "down")), kind: KindUnavailable},
		"bad rights": {job: operation, poll: polls(OperationStatus{}, answer(401, "no")), kind: KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newZone(t)
			f.pollJob = tc.poll
			s, err := c.SnapshotOf(t.Context(), Ref{Location: "zone-1", SourceID: "7"}, tc.job)
			if tc.kind != KindUnknown {
				failed(t, c, err, tc.kind, "read snapshot")
				return
			}
			if err != nil || s.ID != tc.id || s.State != StateCreating || s.Location != "zone-1" {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
	c, _ := newPlain(t)
	_, err := c.SnapshotOf(t.Context(), Ref{SourceID: "7"}, operation)
	failed(t, c, err, KindNotFound, "read snapshot")
}

func polls(status OperationStatus, err error) func(context.Context, Operation) (OperationStatus, error) {
	return func(context.Context, Operation) (OperationStatus, error) { return status, err }
}

func TestSnapshots_newestFirst(t *testing.T) {
	c, f := newZone(t)
	at := time.Unix(1_000_000_000, 0)
	f.snapshots = lists(
		Snapshot{ID: "undated", Name: "nightly"}, Snapshot{ID: "b", Name: "nightly", CreatedAt: at}, Snapshot{ID: "other", Name: "weekly", CreatedAt: at},
		Snapshot{ID: "a", Name: "a nightly one", CreatedAt: at}, Snapshot{ID: "new", Name: "nightly", CreatedAt: at.Add(time.Hour)},
	)
	list, err := c.Snapshots(t.Context(), SnapshotFilter{SourceID: "7", Location: "zone-1", NameContains: "nightly"})
	var ids []string
	for _, s := range list {
		ids = append(ids, s.ID)
		if s.SourceID != "7" || s.Location != "zone-1" {
			t.Errorf("the address is not complete: %+v", s)
		}
		if c.tracker.isTracked(s.ID) {
			t.Error("a listing claims nothing")
		}
	}
	if err != nil || strings.Join(ids, " ") != "new a b undated" {
		t.Errorf("got %v, %v", ids, err)
	}
	f.snapshots = func(context.Context, SnapshotFilter) ([]Snapshot, error) { return nil, answer(403, "no") }
	_, err = c.Snapshots(t.Context(), SnapshotFilter{})
	failed(t, c, err, KindPermission, "list snapshots")
}

func TestUpdateSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		ref, name, n := Ref{SourceID: "7", ObjectID: "s1"}, "renamed", 0
		f.updateSnapshot = func(_ context.Context, got Ref, change SnapshotChange) (Snapshot, error) {
			if n++; n < 3 {
				return Snapshot{}, answer(423, "locked")
			}
			return Snapshot{ID: got.ObjectID, Name: *change.Name}, nil
		}
		s, err := c.UpdateSnapshot(t.Context(), ref, SnapshotChange{Name: &name})
		if err != nil || s != (Snapshot{ID: "s1", SourceID: "7", Name: "renamed"}) {
			t.Errorf("got %+v, %v", s, err)
		}
		f.updateSnapshot = func(context.Context, Ref, SnapshotChange) (Snapshot, error) { return Snapshot{}, errNotFound }
		_, err = c.UpdateSnapshot(t.Context(), ref, SnapshotChange{})
		failed(t, c, err, KindNotFound, "update snapshot")

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		f.updateSnapshot = nil
		_, err = c.UpdateSnapshot(ctx, ref, SnapshotChange{})
		failed(t, c, err, KindCanceled, "update snapshot")
	})
}

func TestWaitSnapshot(t *testing.T) {
	local := Snapshot{ID: "s1", State: StateReady, StorageType: "local"}
	remote := Snapshot{ID: "s1", State: StateReady, StorageType: StorageRemote}
	in := func(s State) Snapshot { return Snapshot{ID: "s1", State: s} }
	for name, tc := range map[string]struct {
		made  Snapshot
		job   Operation
		want  ReadyWhen
		steps []Snapshot
		state State
		kind  Kind
	}{
		"ready already":               {made: local, state: StateReady},
		"ready already, remote too":   {made: remote, want: ReadyWhen{Remote: true}, state: StateReady},
		"ready, to be moved":          {made: local, want: ReadyWhen{Remote: true}, steps: []Snapshot{local, in(StateMigrating), remote}, state: StateReady},
		"creating":                    {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateCreating), local}, state: StateReady},
		"migrating is ready":          {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateMigrating)}, state: StateMigrating},
		"exporting is ready":          {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateExporting)}, state: StateExporting},
		"exported is ready":           {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateExported)}, state: StateExported},
		"unknown words are progress":  {made: in("thawing"), job: Operation{PollObject: true}, steps: []Snapshot{in("thawing"), in("polishing"), local}, state: StateReady},
		"watched although it is":      {made: local, job: Operation{PollObject: true}, steps: []Snapshot{local}, state: StateReady},
		"error state":                 {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateCreating), in(StateError)}, state: StateError, kind: KindFailed},
		"never ready":                 {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateCreating)}, state: StateCreating, kind: KindTimeout},
		"never remote":                {made: local, want: ReadyWhen{Remote: true}, steps: []Snapshot{local}, state: StateReady, kind: KindTimeout},
		"unknown word to the end":     {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in("thawing")}, state: "thawing", kind: KindTimeout},
		"being deleted to the end":    {made: in(StateCreating), job: Operation{PollObject: true}, steps: []Snapshot{in(StateDeleting)}, state: StateDeleting, kind: KindTimeout},
		"ready, but to be moved: one": {made: remote, job: Operation{PollObject: true}, want: ReadyWhen{Remote: true}, steps: []Snapshot{remote}, state: StateReady},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				if len(tc.steps) > 0 {
					next := sequence(tc.steps...)
					f.snapshot = func(context.Context, Ref) (Snapshot, error) { return next(), nil }
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				tc.made.SourceID = "7"
				s, err := c.WaitSnapshot(ctx, tc.made, tc.job, tc.want)
				if s.State != tc.state || s.ID != "s1" || s.SourceID != "7" {
					t.Errorf("got %+v", s)
				}
				if tc.kind == KindUnknown {
					if err != nil || f.count("Snapshot") != len(tc.steps) {
						t.Errorf("got %v after %v", err, f.calls)
					}
					return
				}
				e := failed(t, c, err, tc.kind, "finish creating snapshot")
				if tc.kind == KindTimeout && !strings.Contains(e.Message, string(tc.state)) {
					t.Errorf("the message does not say where it stood: %s", e.Message)
				}
			})
		})
	}
}

func TestWaitSnapshot_job(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		steps := []func() (OperationStatus, error){
			func() (OperationStatus, error) { return OperationStatus{Status: "pending"}, nil },
			func() (OperationStatus, error) { return OperationStatus{}, answer(503, "down") },
			func() (OperationStatus, error) { return OperationStatus{}, answer(429, "slow down") },
			func() (OperationStatus, error) { return OperationStatus{Done: true, ObjectID: "s1"}, nil },
		}
		next := sequence(steps...)
		f.pollJob = func(_ context.Context, operation Operation) (OperationStatus, error) {
			if operation.ID != "j" {
				t.Errorf("asked for %+v", operation)
			}
			return next()()
		}
		f.snapshot = func(_ context.Context, ref Ref) (Snapshot, error) {
			return Snapshot{ID: ref.ObjectID, State: StateReady}, nil
		}
		s, err := c.WaitSnapshot(t.Context(), Snapshot{Location: "zone-1", SourceID: "7", State: StateCreating}, Operation{ID: "j", PollObject: true}, ReadyWhen{})
		if err != nil || s.ID != "s1" || s.Location != "zone-1" || f.count("PollJob") != 4 || f.count("Snapshot") != 1 || !c.tracker.isTracked("s1") {
			t.Errorf("got %+v, %v after %v", s, err, f.calls)
		}
	})
}

func TestWaitSnapshot_fails(t *testing.T) {
	made := Snapshot{ID: "s1", SourceID: "7", State: StateCreating}
	operation := Operation{ID: "j", PollObject: true}
	done := polls(OperationStatus{Done: true}, nil)
	for name, tc := range map[string]struct {
		made    Snapshot
		poll    func(context.Context, Operation) (OperationStatus, error)
		show    func(context.Context, Ref) (Snapshot, error)
		kind    Kind
		message string
		id      string
	}{
		"job failed":        {made, polls(OperationStatus{}, &Error{Kind: KindFailed, Message: "no room", OperationID: "its own"}), nil, KindFailed, "no room", "s1"},
		"job refused":       {made, polls(OperationStatus{}, answer(403, "no")), nil, KindPermission, "no", "s1"},
		"job never ends":    {made, polls(OperationStatus{Status: "pending", ObjectID: "s1"}, nil), nil, KindTimeout, `the last state was "pending"`, "s1"},
		"job never answers": {made, polls(OperationStatus{}, answer(503, "down")), nil, KindTimeout, "the last error was: GET /x: HTTP 503: down", "s1"},
		"named, then failed": {
			Snapshot{SourceID: "7"}, polls(OperationStatus{ObjectID: "s2"}, &Error{Kind: KindFailed, Message: "no room"}), nil, KindFailed, "no room", "s2",
		},
		"not named": {Snapshot{SourceID: "7"}, done, nil, KindAmbiguous, "does not say which snapshot it made", ""},
		"gone":      {made, done, shows(Snapshot{}, errNotFound), KindNotFound, "not found", "s1"},
		"forgotten, gone": {
			made, polls(OperationStatus{}, errNotFound), shows(Snapshot{}, errNotFound), KindNotFound, "not found", "s1",
		},
		"refused":       {made, done, shows(Snapshot{}, answer(401, "no")), KindAuth, "no", "s1"},
		"never answers": {made, done, shows(Snapshot{}, answer(502, "down")), KindTimeout, "HTTP 502: down", "s1"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.pollJob, f.snapshot = tc.poll, tc.show
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				s, err := c.WaitSnapshot(ctx, tc.made, operation, ReadyWhen{})
				e := failed(t, c, err, tc.kind, "finish creating snapshot")
				if !strings.Contains(e.Message, tc.message) || s.ID != tc.id || e.OperationID == "" || e.Ref.ObjectID != tc.id {
					t.Errorf("got %+v, %+v", s, e)
				}
			})
		})
	}
}

func TestWaitSnapshot_forgottenJobIsOver(t *testing.T) {
	c, f := newZone(t)
	f.pollJob = polls(OperationStatus{}, errNotFound)
	f.snapshot = shows(Snapshot{ID: "s1", State: StateReady}, nil)
	if s, err := c.WaitSnapshot(t.Context(), Snapshot{ID: "s1"}, Operation{ID: "j"}, ReadyWhen{}); err != nil || s.State != StateReady {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestWaitSnapshot_cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.snapshot = shows(Snapshot{ID: "s1", State: StateCreating}, nil)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, cancel)
		start := time.Now()
		s, err := c.WaitSnapshot(ctx, Snapshot{ID: "s1", State: StateCreating}, Operation{PollObject: true}, ReadyWhen{})
		failed(t, c, err, KindCanceled, "finish creating snapshot")
		if s.State != StateCreating || time.Since(start) != 10*time.Minute {
			t.Errorf("got %+v after %s", s, time.Since(start))
		}
	})
}

func TestArrived_isWhatAWaitWaitsFor(t *testing.T) {
	c, _ := newPlain(t)
	if !c.IsReady(Snapshot{State: StateReady}, ReadyWhen{}) || c.IsReady(Snapshot{State: StateReady}, ReadyWhen{Remote: true}) || c.IsReady(Snapshot{State: StateCreating}, ReadyWhen{}) {
		t.Error("not the same rule as WaitSnapshot's")
	}
}

func TestDeleteSnapshot(t *testing.T) {
	ref := Ref{Location: "zone-1", SourceID: "7", ObjectID: "s1"}
	deletes := func(operation Operation, err error) func(context.Context, Ref) (Operation, error) {
		return func(context.Context, Ref) (Operation, error) { return operation, err }
	}
	vanishing := func() func(context.Context, Ref) (Snapshot, error) {
		n := 0
		return func(context.Context, Ref) (Snapshot, error) {
			switch n++; n {
			case 1:
				return Snapshot{ID: "s1", State: StateDeleting}, nil
			case 2:
				return Snapshot{}, answer(503, "down")
			default:
				return Snapshot{}, errNotFound
			}
		}
	}
	for name, tc := range map[string]struct {
		del   func(context.Context, Ref) (Operation, error)
		poll  func(context.Context, Operation) (OperationStatus, error)
		show  func(context.Context, Ref) (Snapshot, error)
		kind  Kind
		calls string
	}{
		"at once":            {del: deletes(Operation{}, nil), calls: "DeleteSnapshot"},
		"gone already":       {del: deletes(Operation{}, errNotFound), calls: "DeleteSnapshot"},
		"job":                {del: deletes(Operation{ID: "j"}, nil), poll: polls(OperationStatus{Done: true}, nil), calls: "DeleteSnapshot PollJob"},
		"job, forgotten":     {del: deletes(Operation{ID: "j"}, nil), poll: polls(OperationStatus{}, errNotFound), show: vanishing(), calls: "DeleteSnapshot PollJob Snapshot Snapshot Snapshot"},
		"job, failed":        {del: deletes(Operation{ID: "j"}, nil), poll: polls(OperationStatus{}, &Error{Kind: KindFailed, Message: "no"}), kind: KindFailed, calls: "DeleteSnapshot PollJob"},
		"watch":              {del: deletes(Operation{PollObject: true}, nil), show: vanishing(), calls: "DeleteSnapshot Snapshot Snapshot Snapshot"},
		"job and watch":      {del: deletes(Operation{ID: "j", PollObject: true}, nil), poll: polls(OperationStatus{Done: true}, nil), show: shows(Snapshot{}, errNotFound), calls: "DeleteSnapshot PollJob Snapshot"},
		"refused":            {del: deletes(Operation{}, answer(409, "in use")), kind: KindConflict, calls: "DeleteSnapshot"},
		"no answer":          {del: deletes(Operation{}, answer(503, "down")), kind: KindUnavailable, calls: "DeleteSnapshot"},
		"watch, not allowed": {del: deletes(Operation{PollObject: true}, nil), show: shows(Snapshot{}, answer(403, "no")), kind: KindPermission, calls: "DeleteSnapshot Snapshot"},
		"watch, never gone":  {del: deletes(Operation{PollObject: true}, nil), show: shows(Snapshot{ID: "s1", State: StateDeleting}, nil), kind: KindTimeout},
		"busy, then deleted": {del: func() func(context.Context, Ref) (Operation, error) {
			n := 0
			return func(context.Context, Ref) (Operation, error) {
				if n++; n == 1 {
					return Operation{}, answer(423, "locked")
				}
				return Operation{}, nil
			}
		}(), calls: "DeleteSnapshot DeleteSnapshot"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.deleteSnapshot, f.pollJob, f.snapshot = tc.del, tc.poll, tc.show
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				err := c.DeleteSnapshot(ctx, ref)
				if tc.kind == KindUnknown && err != nil {
					t.Error(err)
				}
				if tc.kind != KindUnknown {
					if e := failed(t, c, err, tc.kind, "delete snapshot"); e.Ref != ref {
						t.Errorf("got %+v", e)
					}
				}
				if got := strings.Join(f.calls, " "); tc.calls != "" && got != tc.calls {
					t.Errorf("calls: %s", got)
				}
			})
		})
	}
}

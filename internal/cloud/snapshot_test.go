package cloud

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func shows(s driver.Snapshot, err error) func(context.Context, driver.Ref) (driver.Snapshot, error) {
	return func(context.Context, driver.Ref) (driver.Snapshot, error) { return s, err }
}

func TestSnapshot_fillsInTheAddress(t *testing.T) {
	c, f := newZone(t)
	f.snapshot = func(_ context.Context, ref driver.Ref) (driver.Snapshot, error) {
		return driver.Snapshot{ID: ref.ObjectID, State: driver.StateReady}, nil
	}
	ref := driver.Ref{Location: "zone-1", SourceID: "7", ObjectID: "s1"}
	s, err := c.Snapshot(t.Context(), ref)
	if err != nil || s != (driver.Snapshot{ID: "s1", SourceID: "7", Location: "zone-1", State: driver.StateReady}) ||
		c.tracker.isTracked("s1") {
		t.Errorf("got %+v, %v", s, err)
	}
	// The read of a resource makes it one of the run.
	if _, err = c.SnapshotOf(t.Context(), ref, driver.Operation{}); err != nil || !c.tracker.isTracked("s1") {
		t.Errorf("the snapshot of a resource is not tracked: %v", err)
	}
}

func TestSnapshotOf_pending(t *testing.T) {
	operation := driver.Operation{ID: "j"}
	for name, tc := range map[string]struct {
		operation driver.Operation
		poll      func(context.Context, driver.Operation) (driver.OperationStatus, error)
		id        string
		kind      driver.Kind
	}{
		"going on": {operation: operation, poll: polls(driver.OperationStatus{Status: "pending"}, nil)},
		"named": {
			operation: operation, poll: polls(driver.OperationStatus{Done: true, ObjectID: "9"}, nil), id: "9",
		},
		"no operation": {kind: driver.KindNotFound},
		"failed": {
			operation: operation,
			poll:      polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no room"}),
			kind:      driver.KindNotFound,
		},
		"forgotten": {
			operation: operation, poll: polls(driver.OperationStatus{}, errNotFound), kind: driver.KindNotFound,
		},
		"no answer": {
			operation: operation, poll: polls(driver.OperationStatus{}, answer(503, "down")),
			kind: driver.KindUnavailable,
		},
		"bad rights": {
			operation: operation, poll: polls(driver.OperationStatus{}, answer(401, "no")), kind: driver.KindAuth,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newZone(t)
			f.getOperation = tc.poll
			s, err := c.SnapshotOf(t.Context(), driver.Ref{Location: "zone-1", SourceID: "7"}, tc.operation)
			if tc.kind != driver.KindUnknown {
				failed(t, c, err, tc.kind, "read snapshot")
				return
			}
			if err != nil || s.ID != tc.id || s.State != driver.StateCreating || s.Location != "zone-1" {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
	c, _ := newPlain(t)
	_, err := c.SnapshotOf(t.Context(), driver.Ref{SourceID: "7"}, operation)
	failed(t, c, err, driver.KindNotFound, "read snapshot")
}

func polls(
	status driver.OperationStatus,
	err error,
) func(context.Context, driver.Operation) (driver.OperationStatus, error) {
	return func(context.Context, driver.Operation) (driver.OperationStatus, error) { return status, err }
}

func TestSnapshots_newestFirst(t *testing.T) {
	c, f := newZone(t)
	at := time.Unix(1_000_000_000, 0)
	f.snapshots = lists(
		driver.Snapshot{
			ID:   "undated",
			Name: "nightly",
		},
		driver.Snapshot{ID: "b", Name: "nightly", CreatedAt: at},
		driver.Snapshot{ID: "other", Name: "weekly", CreatedAt: at},
		driver.Snapshot{
			ID:        "a",
			Name:      "a nightly one",
			CreatedAt: at,
		},
		driver.Snapshot{ID: "new", Name: "nightly", CreatedAt: at.Add(time.Hour)},
	)
	list, err := c.Snapshots(
		t.Context(),
		driver.SnapshotFilter{SourceID: "7", Location: "zone-1", NameContains: "nightly"},
	)
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
	f.snapshots = func(
		context.Context, driver.SnapshotFilter,
	) ([]driver.Snapshot, error) {
		return nil, answer(403, "no")
	}
	_, err = c.Snapshots(t.Context(), driver.SnapshotFilter{})
	failed(t, c, err, driver.KindPermission, "list snapshots")
}

func TestUpdateSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		ref, name, n := driver.Ref{SourceID: "7", ObjectID: "s1"}, "renamed", 0
		f.updateSnapshot = func(
			_ context.Context, got driver.Ref, change driver.SnapshotChange,
		) (driver.Snapshot, error) {
			if n++; n < 3 {
				return driver.Snapshot{}, answer(423, "locked")
			}
			return driver.Snapshot{ID: got.ObjectID, Name: *change.Name}, nil
		}
		s, err := c.UpdateSnapshot(t.Context(), ref, driver.SnapshotChange{Name: &name})
		if err != nil || s != (driver.Snapshot{ID: "s1", SourceID: "7", Name: "renamed"}) {
			t.Errorf("got %+v, %v", s, err)
		}
		f.updateSnapshot = func(context.Context, driver.Ref, driver.SnapshotChange) (driver.Snapshot, error) {
			return driver.Snapshot{}, errNotFound
		}
		_, err = c.UpdateSnapshot(t.Context(), ref, driver.SnapshotChange{})
		failed(t, c, err, driver.KindNotFound, "update snapshot")

		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		f.updateSnapshot = nil
		_, err = c.UpdateSnapshot(ctx, ref, driver.SnapshotChange{})
		failed(t, c, err, driver.KindCanceled, "update snapshot")
	})
}

func TestWaitSnapshot(t *testing.T) {
	local := driver.Snapshot{ID: "s1", State: driver.StateReady, StorageType: "local"}
	remote := driver.Snapshot{ID: "s1", State: driver.StateReady, StorageType: driver.StorageRemote}
	in := func(s driver.State) driver.Snapshot { return driver.Snapshot{ID: "s1", State: s} }
	for name, tc := range map[string]struct {
		made      driver.Snapshot
		operation driver.Operation
		want      driver.ReadyWhen
		steps     []driver.Snapshot
		state     driver.State
		kind      driver.Kind
	}{
		"ready already":             {made: local, state: driver.StateReady},
		"ready already, remote too": {made: remote, want: driver.ReadyWhen{Remote: true}, state: driver.StateReady},
		"ready, to be moved": {
			made: local, want: driver.ReadyWhen{Remote: true},
			steps: []driver.Snapshot{local, in(driver.StateMigrating), remote}, state: driver.StateReady,
		},
		"creating": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateCreating), local}, state: driver.StateReady,
		},
		"migrating is ready": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateMigrating)}, state: driver.StateMigrating,
		},
		"exporting is ready": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateExporting)}, state: driver.StateExporting,
		},
		"exported is ready": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateExported)}, state: driver.StateExported,
		},
		"unknown words are progress": {
			made: in("thawing"), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in("thawing"), in("polishing"), local}, state: driver.StateReady,
		},
		"watched although it is": {
			made: local, operation: driver.Operation{PollObject: true}, steps: []driver.Snapshot{local},
			state: driver.StateReady,
		},
		"error state": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateCreating), in(driver.StateError)}, state: driver.StateError,
			kind: driver.KindFailed,
		},
		"never ready": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateCreating)}, state: driver.StateCreating, kind: driver.KindTimeout,
		},
		"never remote": {
			made: local, want: driver.ReadyWhen{Remote: true}, steps: []driver.Snapshot{local},
			state: driver.StateReady, kind: driver.KindTimeout,
		},
		"unknown word to the end": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in("thawing")}, state: "thawing", kind: driver.KindTimeout,
		},
		"being deleted to the end": {
			made: in(driver.StateCreating), operation: driver.Operation{PollObject: true},
			steps: []driver.Snapshot{in(driver.StateDeleting)}, state: driver.StateDeleting, kind: driver.KindTimeout,
		},
		"ready, but to be moved: one": {
			made: remote, operation: driver.Operation{PollObject: true}, want: driver.ReadyWhen{Remote: true},
			steps: []driver.Snapshot{remote}, state: driver.StateReady,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				if len(tc.steps) > 0 {
					next := sequence(tc.steps...)
					f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return next(), nil }
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				tc.made.SourceID = "7"
				s, err := c.WaitSnapshot(ctx, tc.made, tc.operation, tc.want)
				if s.State != tc.state || s.ID != "s1" || s.SourceID != "7" {
					t.Errorf("got %+v", s)
				}
				if tc.kind == driver.KindUnknown {
					if err != nil || f.count("Snapshot") != len(tc.steps) {
						t.Errorf("got %v after %v", err, f.calls)
					}
					return
				}
				e := failed(t, c, err, tc.kind, "finish creating snapshot")
				if tc.kind == driver.KindTimeout && !strings.Contains(e.Message, string(tc.state)) {
					t.Errorf("the message does not say where it stood: %s", e.Message)
				}
			})
		})
	}
}

func TestWaitSnapshot_job(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		steps := []func() (driver.OperationStatus, error){
			func() (driver.OperationStatus, error) { return driver.OperationStatus{Status: "pending"}, nil },
			func() (driver.OperationStatus, error) { return driver.OperationStatus{}, answer(503, "down") },
			func() (driver.OperationStatus, error) { return driver.OperationStatus{}, answer(429, "slow down") },
			func() (driver.OperationStatus, error) { return driver.OperationStatus{Done: true, ObjectID: "s1"}, nil },
		}
		next := sequence(steps...)
		f.getOperation = func(_ context.Context, operation driver.Operation) (driver.OperationStatus, error) {
			if operation.ID != "j" {
				t.Errorf("asked for %+v", operation)
			}
			return next()()
		}
		f.snapshot = func(_ context.Context, ref driver.Ref) (driver.Snapshot, error) {
			return driver.Snapshot{ID: ref.ObjectID, State: driver.StateReady}, nil
		}
		s, err := c.WaitSnapshot(
			t.Context(),
			driver.Snapshot{Location: "zone-1", SourceID: "7", State: driver.StateCreating},
			driver.Operation{ID: "j", PollObject: true},
			driver.ReadyWhen{},
		)
		if err != nil || s.ID != "s1" || s.Location != "zone-1" || f.count("GetOperation") != 4 ||
			f.count("Snapshot") != 1 ||
			!c.tracker.isTracked("s1") {
			t.Errorf("got %+v, %v after %v", s, err, f.calls)
		}
	})
}

func TestWaitSnapshot_fails(t *testing.T) {
	made := driver.Snapshot{ID: "s1", SourceID: "7", State: driver.StateCreating}
	operation := driver.Operation{ID: "j", PollObject: true}
	done := polls(driver.OperationStatus{Done: true}, nil)
	for name, tc := range map[string]struct {
		made    driver.Snapshot
		poll    func(context.Context, driver.Operation) (driver.OperationStatus, error)
		show    func(context.Context, driver.Ref) (driver.Snapshot, error)
		kind    driver.Kind
		message string
		id      string
	}{
		"operation failed": {made, polls(
			driver.OperationStatus{},
			&driver.Error{Kind: driver.KindFailed, Message: "no room", OperationID: "its own"},
		), nil, driver.KindFailed, "no room", "s1"},
		"operation refused": {
			made, polls(driver.OperationStatus{}, answer(403, "no")), nil, driver.KindPermission, "no", "s1",
		},
		"operation never ends": {
			made, polls(driver.OperationStatus{Status: "pending", ObjectID: "s1"}, nil), nil, driver.KindTimeout,
			`the last state was "pending"`, "s1",
		},
		"operation never answers": {
			made, polls(driver.OperationStatus{}, answer(503, "down")), nil, driver.KindTimeout,
			"the last error was: GET /x: HTTP 503: down", "s1",
		},
		"named, then failed": {
			driver.Snapshot{SourceID: "7"},
			polls(driver.OperationStatus{ObjectID: "s2"}, &driver.Error{Kind: driver.KindFailed, Message: "no room"}),
			nil, driver.KindFailed, "no room", "s2",
		},
		"not named": {
			driver.Snapshot{SourceID: "7"},
			done, nil, driver.KindAmbiguous,
			"did not return the ID of the new snapshot", "",
		},
		"gone": {made, done, shows(driver.Snapshot{}, errNotFound), driver.KindNotFound, "not found", "s1"},
		"forgotten, gone": {
			made, polls(driver.OperationStatus{}, errNotFound), shows(driver.Snapshot{}, errNotFound),
			driver.KindNotFound, "not found", "s1",
		},
		"refused": {made, done, shows(driver.Snapshot{}, answer(401, "no")), driver.KindAuth, "no", "s1"},
		"never answers": {
			made, done, shows(driver.Snapshot{}, answer(502, "down")), driver.KindTimeout, "HTTP 502: down", "s1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.getOperation, f.snapshot = tc.poll, tc.show
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				s, err := c.WaitSnapshot(ctx, tc.made, operation, driver.ReadyWhen{})
				e := failed(t, c, err, tc.kind, "finish creating snapshot")
				if !strings.Contains(e.Message, tc.message) || s.ID != tc.id || e.OperationID == "" ||
					e.Ref.ObjectID != tc.id {
					t.Errorf("got %+v, %+v", s, e)
				}
			})
		})
	}
}

func TestWaitSnapshot_forgottenOperationIsOver(t *testing.T) {
	c, f := newZone(t)
	f.getOperation = polls(driver.OperationStatus{}, errNotFound)
	f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil)
	if s, err := c.WaitSnapshot(
		t.Context(), driver.Snapshot{ID: "s1"}, driver.Operation{ID: "j"}, driver.ReadyWhen{},
	); err != nil ||
		s.State != driver.StateReady {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestWaitSnapshot_cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateCreating}, nil)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Minute, cancel)
		start := time.Now()
		s, err := c.WaitSnapshot(
			ctx,
			driver.Snapshot{ID: "s1", State: driver.StateCreating},
			driver.Operation{PollObject: true},
			driver.ReadyWhen{},
		)
		failed(t, c, err, driver.KindCanceled, "finish creating snapshot")
		if s.State != driver.StateCreating || time.Since(start) != 10*time.Minute {
			t.Errorf("got %+v after %s", s, time.Since(start))
		}
	})
}

func TestArrived_isWhatAWaitWaitsFor(t *testing.T) {
	c, _ := newPlain(t)
	if !c.IsReady(driver.Snapshot{State: driver.StateReady}, driver.ReadyWhen{}) ||
		c.IsReady(driver.Snapshot{State: driver.StateReady}, driver.ReadyWhen{Remote: true}) ||
		c.IsReady(driver.Snapshot{State: driver.StateCreating}, driver.ReadyWhen{}) {
		t.Error("not the same rule as WaitSnapshot's")
	}
}

func TestDeleteSnapshot(t *testing.T) {
	ref := driver.Ref{Location: "zone-1", SourceID: "7", ObjectID: "s1"}
	deletes := func(operation driver.Operation, err error) func(context.Context, driver.Ref) (driver.Operation, error) {
		return func(context.Context, driver.Ref) (driver.Operation, error) { return operation, err }
	}
	vanishing := func() func(context.Context, driver.Ref) (driver.Snapshot, error) {
		n := 0
		return func(context.Context, driver.Ref) (driver.Snapshot, error) {
			switch n++; n {
			case 1:
				return driver.Snapshot{ID: "s1", State: driver.StateDeleting}, nil
			case 2:
				return driver.Snapshot{}, answer(503, "down")
			default:
				return driver.Snapshot{}, errNotFound
			}
		}
	}
	for name, tc := range map[string]struct {
		del   func(context.Context, driver.Ref) (driver.Operation, error)
		poll  func(context.Context, driver.Operation) (driver.OperationStatus, error)
		show  func(context.Context, driver.Ref) (driver.Snapshot, error)
		kind  driver.Kind
		calls string
	}{
		"at once": {del: deletes(driver.Operation{}, nil), calls: "DeleteSnapshot"},
		"gone already": {
			del: deletes(driver.Operation{}, errNotFound), show: shows(driver.Snapshot{}, errNotFound),
			calls: "DeleteSnapshot Snapshot",
		},
		"gone already, shown during its deletion": {
			del: deletes(driver.Operation{}, errNotFound), show: vanishing(),
			calls: "DeleteSnapshot Snapshot Snapshot Snapshot",
		},
		"denied, and shown": {
			del: deletes(driver.Operation{}, errNotFound), show: shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil),
			kind: driver.KindTimeout,
		},
		"denied, and unreadable": {
			del: deletes(driver.Operation{}, errNotFound), show: shows(driver.Snapshot{}, answer(403, "no")),
			kind: driver.KindPermission, calls: "DeleteSnapshot Snapshot",
		},
		"operation": {
			del: deletes(driver.Operation{ID: "j"}, nil), poll: polls(driver.OperationStatus{Done: true}, nil),
			calls: "DeleteSnapshot GetOperation",
		},
		"operation, forgotten": {
			del: deletes(driver.Operation{ID: "j"}, nil), poll: polls(driver.OperationStatus{}, errNotFound),
			show: vanishing(), calls: "DeleteSnapshot GetOperation Snapshot Snapshot Snapshot",
		},
		"operation, failed": {
			del:  deletes(driver.Operation{ID: "j"}, nil),
			poll: polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no"}),
			kind: driver.KindFailed, calls: "DeleteSnapshot GetOperation",
		},
		"watch": {
			del: deletes(driver.Operation{PollObject: true}, nil), show: vanishing(),
			calls: "DeleteSnapshot Snapshot Snapshot Snapshot",
		},
		"operation and watch": {
			del:  deletes(driver.Operation{ID: "j", PollObject: true}, nil),
			poll: polls(driver.OperationStatus{Done: true}, nil), show: shows(driver.Snapshot{}, errNotFound),
			calls: "DeleteSnapshot GetOperation Snapshot",
		},
		"refused": {
			del: deletes(driver.Operation{}, answer(409, "in use")), kind: driver.KindConflict, calls: "DeleteSnapshot",
		},
		"no answer": {
			del: deletes(driver.Operation{}, answer(503, "down")), kind: driver.KindUnavailable,
			calls: "DeleteSnapshot",
		},
		"watch, not allowed": {
			del: deletes(driver.Operation{PollObject: true}, nil), show: shows(driver.Snapshot{}, answer(403, "no")),
			kind: driver.KindPermission, calls: "DeleteSnapshot Snapshot",
		},
		"watch, never gone": {
			del:  deletes(driver.Operation{PollObject: true}, nil),
			show: shows(driver.Snapshot{ID: "s1", State: driver.StateDeleting}, nil), kind: driver.KindTimeout,
		},
		"busy, then deleted": {del: func() func(context.Context, driver.Ref) (driver.Operation, error) {
			n := 0
			return func(context.Context, driver.Ref) (driver.Operation, error) {
				if n++; n == 1 {
					return driver.Operation{}, answer(423, "locked")
				}
				return driver.Operation{}, nil
			}
		}(), calls: "DeleteSnapshot DeleteSnapshot"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.deleteSnapshot, f.getOperation, f.snapshot = tc.del, tc.poll, tc.show
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				err := c.DeleteSnapshot(ctx, ref)
				if tc.kind == driver.KindUnknown && err != nil {
					t.Error(err)
				}
				if tc.kind != driver.KindUnknown {
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

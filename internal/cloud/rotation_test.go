package cloud

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// shelf is a cloud with snapshots, behind a fake that has a limit of them.
type shelf struct {
	list  []driver.Snapshot
	limit int
	log   []string
}

// newShelf is a cloud with complete snapshots, one a day, the oldest first.
func newShelf(t *testing.T, ids ...string) (*Cloud, *fake, *shelf) {
	t.Helper()
	c, f := newPlain(t)
	on := &shelf{limit: 100}
	for i, id := range ids {
		on.list = append(on.list, driver.Snapshot{
			ID: id, SourceID: spec.SourceID, Location: spec.Location, State: driver.StateReady,
			CreatedAt: time.Now().Add(time.Duration(i-len(ids)) * 24 * time.Hour),
		})
	}
	f.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
		return slices.Clone(on.list), nil
	}
	f.snapshot = func(_ context.Context, ref driver.Ref) (driver.Snapshot, error) {
		for _, s := range on.list {
			if s.ID == ref.ObjectID {
				return s, nil
			}
		}
		return driver.Snapshot{}, answer(404, "no such snapshot")
	}
	f.createSnapshot = func(_ context.Context, s driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
		if len(on.list) >= on.limit {
			return driver.Snapshot{}, driver.Operation{}, answer(402, "full")
		}
		on.log = append(on.log, "create")
		made := driver.Snapshot{
			ID: "new", Name: s.Name, SourceID: s.SourceID, Location: s.Location, State: driver.StateReady, CreatedAt: time.Now(),
		}
		on.list = append(on.list, made)
		return made, driver.Operation{}, nil
	}
	f.deleteSnapshot = func(_ context.Context, ref driver.Ref) (driver.Operation, error) {
		on.log = append(on.log, "delete "+ref.ObjectID)
		on.list = slices.DeleteFunc(on.list, func(s driver.Snapshot) bool { return s.ID == ref.ObjectID })
		return driver.Operation{}, nil
	}
	return c, f, on
}

// checkOwned compares the snapshots that a rotation owns.
func checkOwned(t *testing.T, done Rotated, want ...string) {
	t.Helper()
	got := snapshotIDs(done.Owned)
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("the rotation owns %v, want %v", got, want)
	}
}

func TestRotate_takesAndThenDeletes(t *testing.T) {
	c, _, on := newShelf(t, "1", "2", "foreign")
	done, err := c.Rotate(t.Context(), Rotation{
		Spec: spec, Owned: slices.Clone(on.list[:2]), Take: true, Delete: []string{"1", "2"}, Keep: Retention{Last: 1},
	})
	checkOwned(t, done, "new")
	if err != nil || !done.Complete || !slices.Equal(on.log, []string{"create", "delete 1", "delete 2"}) {
		t.Errorf("%v: %v", err, on.log)
	}
	if name := on.list[len(on.list)-1].Name; !driver.IsRotationName(spec.Name, name) {
		t.Errorf("the name is %q", name)
	}
}

// What the rules keep after the take stays, even if the plan lists it. What the plan does not list stays too.
func TestRotate_deletesWhatPlanAndRulesAgreeOn(t *testing.T) {
	c, _, on := newShelf(t, "1", "2", "3")
	done, err := c.Rotate(t.Context(), Rotation{
		Spec: spec, Owned: slices.Clone(on.list), Take: true, Delete: []string{"2", "3"}, Keep: Retention{Last: 2},
	})
	checkOwned(t, done, "1", "3", "new")
	if err != nil || !slices.Equal(on.log, []string{"create", "delete 2"}) {
		t.Errorf("%v: %v", err, on.log)
	}
}

func TestRotate_deletesWithoutATake(t *testing.T) {
	c, _, on := newShelf(t, "1", "2", "3")
	done, err := c.Rotate(t.Context(), Rotation{
		Spec: spec, Owned: slices.Clone(on.list), Delete: []string{"2", "1"}, Keep: Retention{Last: 1},
	})
	checkOwned(t, done, "3")
	if err != nil || !slices.Equal(on.log, []string{"delete 1", "delete 2"}) {
		t.Errorf("%v: %v", err, on.log)
	}
}

// Nothing is changed if a snapshot of the plan is gone, is being deleted, or is not ready any more.
func TestRotate_refusesAPlanThatIsOutOfDate(t *testing.T) {
	for change, happen := range map[string]func(on *shelf){
		"does not exist any more": func(on *shelf) { on.list = on.list[1:] },
		"is being deleted":        func(on *shelf) { on.list[0].State = driver.StateDeleting },
		"is not ready any more":   func(on *shelf) { on.list[0].State = driver.StateError },
	} {
		t.Run(change, func(t *testing.T) {
			c, _, on := newShelf(t, "1", "2")
			planned := slices.Clone(on.list)
			happen(on)
			done, err := c.Rotate(t.Context(), Rotation{
				Spec: spec, Owned: planned, Take: true, Delete: []string{"2"}, Keep: Retention{Last: 1},
			})
			e := failed(t, c, err, driver.KindConflict, "rotate snapshots")
			if !strings.Contains(e.Message, "out of date: the snapshot 1 ") || !strings.Contains(e.Message, change) {
				t.Errorf("the message is %q", e.Message)
			}
			if checkOwned(t, done, "1", "2"); len(on.log) > 0 || done.Complete {
				t.Errorf("it sent %v", on.log)
			}
		})
	}
}

// A snapshot in the state error does not count, and goes once there is a new one.
func TestRotate_deletesABrokenSnapshotAfterATake(t *testing.T) {
	c, _, on := newShelf(t, "1", "2")
	on.list[1].State = driver.StateError
	done, err := c.Rotate(t.Context(), Rotation{
		Spec: spec, Owned: slices.Clone(on.list), Take: true, Delete: []string{"2"}, Keep: Retention{Last: 5},
	})
	checkOwned(t, done, "1", "new")
	if err != nil || !slices.Equal(on.log, []string{"create", "delete 2"}) {
		t.Errorf("%v: %v", err, on.log)
	}
}

// Without room, the oldest snapshot of the plan goes first if that is permitted, but never the newest that is ready.
func TestRotate_room(t *testing.T) {
	for name, tc := range map[string]struct {
		permitted bool
		owned     int
		log       []string
		hint      string
	}{
		"permitted":     {true, 2, []string{"delete 1", "create"}, ""},
		"not permitted": {false, 2, nil, "Set delete_oldest_first = true"},
		"the only one":  {true, 1, nil, "before it deletes its only one"},
		"one slot":      {false, 1, nil, "before it deletes its only one"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, on := newShelf(t, "1", "2")
			on.limit = 2
			owned := slices.Clone(on.list[2-tc.owned:])
			done, err := c.Rotate(t.Context(), Rotation{
				Spec: spec, Owned: owned, Take: true, Delete: []string{"1", "2"}, Keep: Retention{Last: 5},
				DeleteOldestFirst: tc.permitted,
			})
			if !slices.Equal(on.log, tc.log) {
				t.Errorf("%v: %v", err, on.log)
			}
			if tc.hint == "" {
				if checkOwned(t, done, "2", "new"); err != nil {
					t.Error(err)
				}
				return
			}
			e := failed(t, c, err, driver.KindLimit, "create snapshot")
			if !strings.Contains(e.Hint, tc.hint) || len(e.ExistingSnapshots) != 2 {
				t.Errorf("the hint is %q, with %d snapshots", e.Hint, len(e.ExistingSnapshots))
			}
			checkOwned(t, done, snapshotIDs(owned)...)
		})
	}
}

// A take that the cloud gives up deletes nothing. What exists of it is owned, so that the next run deletes it.
func TestRotate_failedTake(t *testing.T) {
	c, f, on := newShelf(t, "1")
	create := f.createSnapshot
	f.createSnapshot = func(ctx context.Context, s driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
		made, _, err := create(ctx, s)
		on.list[1].State, made.State = driver.StateError, driver.StateCreating
		return made, driver.Operation{PollObject: true}, err
	}
	synctest.Test(t, func(t *testing.T) {
		done, err := c.Rotate(t.Context(), Rotation{
			Spec: spec, Owned: slices.Clone(on.list[:1]), Take: true, Delete: []string{"1"}, Keep: Retention{Last: 1},
		})
		failed(t, c, err, driver.KindFailed, "finish creating snapshot")
		checkOwned(t, done, "1", "new")
		if !slices.Equal(on.log, []string{"create"}) || done.Complete || !done.Operation.Done() {
			t.Errorf("it sent %v, and the next run has %+v", on.log, done.Operation)
		}
		if i := slices.IndexFunc(done.Owned, func(s driver.Snapshot) bool { return s.State == driver.StateError }); i < 0 {
			t.Errorf("no snapshot is in the state error: %+v", done.Owned)
		}
	})
}

// A run that ends in the middle returns what the next one needs, which resumes and takes no other snapshot.
func TestRotate_resumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f, on := newShelf(t, "1")
		create := f.createSnapshot
		f.createSnapshot = func(ctx context.Context, s driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			made, _, err := create(ctx, s)
			on.list[1].State, made.State = driver.StateCreating, driver.StateCreating
			return made, driver.Operation{PollObject: true}, err
		}
		run := Rotation{
			Spec: spec, Owned: slices.Clone(on.list[:1]), Take: true, Delete: []string{"1"}, Keep: Retention{Last: 1},
		}
		limited, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		done, err := c.Rotate(limited, run)
		failed(t, c, err, driver.KindTimeout, "finish creating snapshot")
		if checkOwned(t, done, "1", "new"); !done.Operation.PollObject {
			t.Errorf("the next run has %+v", done.Operation)
		}
		on.list[1].State = driver.StateReady
		run.Owned, run.Operation = done.Owned, done.Operation
		done, err = c.Rotate(t.Context(), run)
		if checkOwned(t, done, "new"); err != nil || !slices.Equal(on.log, []string{"create", "delete 1"}) {
			t.Errorf("%v: %v", err, on.log)
		}
	})
}

// A delete that fails ends the run. The result has what is done.
func TestRotate_failedDelete(t *testing.T) {
	c, f, on := newShelf(t, "1", "2")
	remove := f.deleteSnapshot
	f.deleteSnapshot = func(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
		if ref.ObjectID == "2" {
			return driver.Operation{}, answer(403, "no")
		}
		return remove(ctx, ref)
	}
	done, err := c.Rotate(t.Context(), Rotation{
		Spec: spec, Owned: slices.Clone(on.list), Take: true, Delete: []string{"1", "2"}, Keep: Retention{Last: 1},
	})
	failed(t, c, err, driver.KindPermission, "delete snapshot")
	if checkOwned(t, done, "2", "new"); !done.Complete {
		t.Error("the take is not complete")
	}
}

// Where a source has a single snapshot, the rotation may overwrite its own, and no other one.
func TestRotate_singleSnapshot(t *testing.T) {
	for _, owned := range []bool{true, false} {
		c, f := newSlot(t)
		old := driver.Snapshot{ID: "1", SourceID: "7", State: driver.StateReady, CreatedAt: time.Now().Add(-24 * time.Hour)}
		made := driver.Snapshot{ID: "2", SourceID: "7", State: driver.StateReady, CreatedAt: time.Now()}
		now := old
		f.existing = func(context.Context, driver.Ref) (driver.Snapshot, error) { return now, nil }
		f.snapshots = lists(old)
		f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return now, nil }
		f.createdSince = func(context.Context, driver.Ref, time.Time) ([]driver.Operation, error) { return nil, nil }
		f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{Done: true}, nil
		}
		f.createSnapshot = func(context.Context, driver.SnapshotSpec) (driver.Snapshot, driver.Operation, error) {
			now = made
			return driver.Snapshot{State: driver.StateCreating}, driver.Operation{ID: "op", PollObject: true}, nil
		}
		synctest.Test(t, func(t *testing.T) {
			run := Rotation{Spec: driver.SnapshotSpec{SourceID: "7"}, Take: true, Keep: Retention{Last: 1}}
			if owned {
				run.Owned, run.Delete = []driver.Snapshot{old}, []string{"1"}
			}
			done, err := c.Rotate(t.Context(), run)
			if !owned {
				failed(t, c, err, driver.KindWouldOverwrite, "create snapshot")
				return
			}
			if checkOwned(t, done, "2"); err != nil {
				t.Error(err)
			}
		})
	}
}

package cloud

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// restores is a cloud in memory that restores. A nil function must not be called.
type restores struct {
	*fake
	operationPart
	snapshotPart

	source  func() (driver.Source, error)
	restore func() (driver.Operation, error)
}

func (r *restores) Source(context.Context, driver.Ref) (driver.Source, error) {
	r.note("Source", r.source != nil)
	return r.source()
}

func (r *restores) RestoreSnapshot(context.Context, driver.Ref) (driver.Operation, error) {
	r.note("RestoreSnapshot", r.restore != nil)
	return r.restore()
}

// listsRestores is restores whose cloud lists them.
type listsRestores struct {
	*restores

	since func() ([]driver.Operation, error)
}

func (l *listsRestores) RestoredSince(context.Context, driver.Ref, time.Time) ([]driver.Operation, error) {
	l.note("RestoredSince", true)
	if l.since == nil {
		return nil, nil
	}
	return l.since()
}

// restoreRef is the address of the snapshot in these tests.
var (
	restoreSpec = driver.RestoreSpec{SourceID: "vm", SnapshotID: "s1"}
	restoreRef  = restoreSpec.Ref()
)

// newRestores returns a cloud whose source runs, and whose snapshot is ready.
func newRestores(t *testing.T) (*Cloud, *restores) {
	t.Helper()
	f := &fake{t: t, snapshot: func(context.Context, driver.Ref) (driver.Snapshot, error) {
		return driver.Snapshot{ID: "s1", SourceID: "vm", State: driver.StateReady}, nil
	}}
	r := &restores{
		fake: f, operationPart: operationPart{f}, snapshotPart: snapshotPart{f},
		source: func() (driver.Source, error) { return driver.Source{ID: "vm", State: "running"}, nil },
	}
	return open(t, descriptor("rewind"), r), r
}

func TestRestore_unsupported(t *testing.T) {
	c, _ := newPlain(t)
	_, err := c.CheckRestore(t.Context(), restoreSpec)
	failed(t, c, err, driver.KindUnsupported, "restore snapshot")
	_, _, err = c.StartRestore(t.Context(), restoreSpec)
	failed(t, c, err, driver.KindUnsupported, "restore snapshot")
	failed(t, c, c.FinishRestore(t.Context(), restoreRef, driver.Operation{}), driver.KindUnsupported,
		"finish restoring snapshot")
}

// A source that is busy, and a snapshot that is not ready, are no error of a plan. The restore waits for them, and
// sends its request once.
func TestStartRestore_waitsForOtherWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, r := newRestores(t)
		sources := sequence(true, true, false)
		r.source = func() (driver.Source, error) { return driver.Source{ID: "vm", State: "other", Busy: sources()}, nil }
		states := sequence(driver.StateCreating, driver.StateExporting, driver.StateExporting, driver.StateExported)
		r.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
			return driver.Snapshot{ID: "s1", SourceID: "vm", State: states()}, nil
		}
		if effect, err := c.CheckRestore(t.Context(), restoreSpec); err != nil || !effect.Source.Busy {
			t.Errorf("the check: %+v, %v", effect, err)
		}
		r.restore = func() (driver.Operation, error) { return driver.Operation{PollObject: true}, nil }
		began := time.Now()
		_, operation, err := c.StartRestore(t.Context(), restoreSpec)
		if err != nil || !operation.Fresh || r.count("RestoreSnapshot") != 1 || time.Since(began) < 2*time.Second {
			t.Errorf("%+v, %v after %s", operation, err, time.Since(began))
		}
	})
}

// A source that changes to the required state is waited for.
func TestStartRestore_waitsForTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, r := newRestores(t)
		c.Limits.RestoreState = "stopped"
		sources := sequence(driver.Source{State: "stopping", Busy: true}, driver.Source{State: "stopped"})
		r.source = func() (driver.Source, error) { return sources(), nil }
		r.restore = func() (driver.Operation, error) { return driver.Operation{ID: "o"}, nil }
		if _, operation, err := c.StartRestore(t.Context(), restoreSpec); err != nil || operation.ID != "o" {
			t.Errorf("%+v, %v", operation, err)
		}
	})
}

func TestStartRestore_busyUntilTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, r := newRestores(t)
		r.source = func() (driver.Source, error) { return driver.Source{ID: "vm", State: "starting", Busy: true}, nil }
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, _, err := c.StartRestore(ctx, restoreSpec)
		if e := failed(t, c, err, driver.KindBusy, "restore snapshot"); !strings.Contains(e.Message, "stopped waiting") {
			t.Errorf("got %q", e.Message)
		}
	})
}

// A permanent reason comes before a temporary one, and nothing is sent.
func TestStartRestore_refuses(t *testing.T) {
	for name, tt := range map[string]struct {
		snap   driver.Snapshot
		source driver.Source
		kind   driver.Kind
		text   string
	}{
		"foreign": {
			driver.Snapshot{ID: "s1", SourceID: "other", State: driver.StateReady},
			driver.Source{Busy: true},
			driver.KindConflict, "belongs to the Instance other",
		},
		"broken": {
			driver.Snapshot{ID: "s1", SourceID: "vm", State: driver.StateError},
			driver.Source{},
			driver.KindConflict, "is in the state error",
		},
		"deleting": {
			driver.Snapshot{ID: "s1", SourceID: "vm", State: driver.StateDeleting},
			driver.Source{},
			driver.KindConflict, "is in the state deleting",
		},
		"running": {
			driver.Snapshot{ID: "s1", SourceID: "vm", State: driver.StateCreating},
			driver.Source{State: "running"},
			driver.KindConflict, "is running, and a restore requires it to be stopped",
		},
	} {
		c, r := newRestores(t)
		c.Limits.RestoreState = "stopped"
		r.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return tt.snap, nil }
		r.source = func() (driver.Source, error) { return tt.source, nil }
		_, err := c.CheckRestore(t.Context(), restoreSpec)
		checked := failed(t, c, err, tt.kind, "restore snapshot")
		_, _, err = c.StartRestore(t.Context(), restoreSpec)
		e := failed(t, c, err, tt.kind, "restore snapshot")
		if !strings.Contains(e.Message, tt.text) || e.Message != checked.Message || e.Hint == "" {
			t.Errorf("%s: %q and %q, hint %q", name, checked.Message, e.Message, e.Hint)
		}
	}
}

// A source that does not exist has an address without the snapshot.
func TestCheckRestore_absentSource(t *testing.T) {
	c, r := newRestores(t)
	r.source = func() (driver.Source, error) { return driver.Source{}, errNotFound }
	_, err := c.CheckRestore(t.Context(), restoreSpec)
	if e := failed(t, c, err, driver.KindNotFound, "restore snapshot"); e.Ref != (driver.Ref{SourceID: "vm"}) {
		t.Errorf("the address is %+v", e.Ref)
	}
}

// Newer snapshots are those of the same time, too, because the cloud may delete them.
func TestCheckRestore_newerSnapshots(t *testing.T) {
	c, r := newRestores(t)
	c.Limits.Restore = driver.Attributes{driver.DeleteNewerSnapshots: {Support: driver.Optional}}
	now := time.Now()
	r.snapshots = func(context.Context, driver.SnapshotFilter) ([]driver.Snapshot, error) {
		return []driver.Snapshot{
			{ID: "newest", CreatedAt: now, State: driver.StateReady},
			{ID: "s0", CreatedAt: now.Add(-3 * time.Hour), State: driver.StateReady},
			{ID: "s1", CreatedAt: now.Add(-2 * time.Hour), State: driver.StateReady},
			{ID: "twin", CreatedAt: now.Add(-2 * time.Hour), State: driver.StateReady},
		}, nil
	}
	_, err := c.CheckRestore(t.Context(), restoreSpec)
	e := failed(t, c, err, driver.KindWouldDelete, "restore snapshot")
	if len(e.ExistingSnapshots) != 2 || e.ExistingSnapshots[0].ID != "twin" || e.ExistingSnapshots[1].ID != "newest" {
		t.Errorf("got %+v", e.ExistingSnapshots)
	}
	r.restore = func() (driver.Operation, error) { return driver.Operation{}, nil }
	told := restoreSpec
	told.DeleteNewer = true
	if _, _, err := c.StartRestore(t.Context(), told); err != nil {
		t.Fatal(err)
	}
	r.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) { return driver.Snapshot{}, errNotFound }
	_, err = c.Snapshot(t.Context(), driver.Ref{SourceID: "vm", ObjectID: "twin"})
	gone := failed(t, c, err, driver.KindNotFound, "read snapshot")
	if gone.Message != "the restore of Instance vm to the snapshot s1 deleted it" {
		t.Errorf("the reason is %q", gone.Message)
	}
	missing := driver.RestoreSpec{SourceID: "vm", SnapshotID: "s9"}
	_, err = c.CheckRestore(t.Context(), missing)
	failed(t, c, err, driver.KindNotFound, "restore snapshot")
}

// Without a listing of restores, a lost answer is ambiguous. The request is sent once.
func TestStartRestore_lostAnswer(t *testing.T) {
	c, r := newRestores(t)
	r.restore = func() (driver.Operation, error) { return driver.Operation{}, lostReply() }
	_, _, err := c.StartRestore(t.Context(), restoreSpec)
	e := failed(t, c, err, driver.KindAmbiguous, "restore snapshot")
	if r.count("RestoreSnapshot") != 1 || !strings.Contains(e.Hint, "does not list restores") {
		t.Errorf("%d requests, hint %q", r.count("RestoreSnapshot"), e.Hint)
	}
	if strings.Contains(e.Hint, "import") {
		t.Errorf("the hint is that of a create: %q", e.Hint)
	}
}

// A lost answer is adopted if exactly one restore began since, and none that was there before.
func TestStartRestore_lostAnswerIsSearched(t *testing.T) {
	old, one, two := driver.Operation{ID: "1"}, driver.Operation{ID: "2"}, driver.Operation{ID: "3"}
	for name, tt := range map[string]struct {
		before  error
		after   []driver.Operation
		adopted string
	}{
		"none": {nil, nil, ""}, "the old one": {nil, []driver.Operation{old}, ""},
		"one": {nil, []driver.Operation{old, one}, "2"}, "two": {nil, []driver.Operation{one, two}, ""},
		"one, and no listing from before": {answer(500, "down"), []driver.Operation{one}, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, r := newRestores(t)
			l := &listsRestores{restores: r}
			c := open(t, descriptor("rewind"), l)
			l.since = func() ([]driver.Operation, error) {
				if r.count("RestoreSnapshot") == 0 {
					return []driver.Operation{old}, tt.before
				}
				return tt.after, nil
			}
			r.restore = func() (driver.Operation, error) { return driver.Operation{}, lostReply() }
			_, operation, err := c.StartRestore(t.Context(), restoreSpec)
			if r.count("RestoreSnapshot") != 1 {
				t.Errorf("%s: %d requests", name, r.count("RestoreSnapshot"))
			}
			if tt.adopted != "" {
				if err != nil || operation.ID != tt.adopted || !operation.Adopted {
					t.Errorf("%s: %+v, %v", name, operation, err)
				}
				return
			}
			failed(t, c, err, driver.KindAmbiguous, "restore snapshot")
		})
	}
}

// A restore ends with its operation and then with its source.
func TestFinishRestore_waitsForTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, r := newRestores(t)
		done, busy := sequence(false, true), sequence(true, true, false)
		r.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{Done: done()}, nil
		}
		r.source = func() (driver.Source, error) { return driver.Source{ID: "vm", State: "other", Busy: busy()}, nil }
		if err := c.FinishRestore(t.Context(), restoreRef, driver.Operation{ID: "o"}); err != nil {
			t.Fatal(err)
		}
		if r.count("GetOperation") != 2 || r.count("Source") != 3 {
			t.Errorf("the requests are %v", r.calls)
		}
	})
}

func TestFinishRestore_failures(t *testing.T) {
	c, r := newRestores(t)
	r.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "out of space"}
	}
	e := failed(t, c, c.FinishRestore(t.Context(), restoreRef, driver.Operation{ID: "o"}), driver.KindFailed,
		"finish restoring snapshot")
	if e.Message != "out of space" || e.OperationID != "o" {
		t.Errorf("got %q of the operation %q", e.Message, e.OperationID)
	}
	r.source = func() (driver.Source, error) {
		return driver.Source{ID: "vm", State: "error", ErrorMessage: "the disk is gone"}, nil
	}
	e = failed(t, c, c.FinishRestore(t.Context(), restoreRef, driver.Operation{}), driver.KindFailed,
		"finish restoring snapshot")
	if !strings.Contains(e.Message, "the disk is gone") {
		t.Errorf("got %q", e.Message)
	}
	// The cloud has forgotten the operation: the source shows that it has ended.
	r.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return driver.OperationStatus{}, errNotFound
	}
	r.source = func() (driver.Source, error) { return driver.Source{ID: "vm", State: "running"}, nil }
	if err := c.FinishRestore(t.Context(), restoreRef, driver.Operation{ID: "o"}); err != nil {
		t.Error(err)
	}
}

// An unfinished restore is resumed and not sent again, until it has ended or failed.
func TestKeepRestore(t *testing.T) {
	c, r := newRestores(t)
	kept := driver.Operation{ID: "o"}
	c.KeepRestore(restoreRef, kept)
	if !c.IsRestoring(restoreRef) {
		t.Error("the restore is not unfinished")
	}
	if _, operation, err := c.StartRestore(t.Context(), restoreSpec); err != nil || operation != kept || len(r.calls) > 0 {
		t.Errorf("%+v, %v after %v", operation, err, r.calls)
	}
	other := driver.RestoreSpec{SourceID: "vm", SnapshotID: "s2"}
	if c.IsRestoring(other.Ref()) {
		t.Error("another restore is unfinished")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	failed(t, c, c.FinishRestore(ctx, restoreRef, kept), driver.KindCanceled, "finish restoring snapshot")
	if !c.IsRestoring(restoreRef) {
		t.Error("an interrupt has ended the restore")
	}
	r.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return driver.OperationStatus{Done: true}, nil
	}
	if err := c.FinishRestore(t.Context(), restoreRef, kept); err != nil || c.IsRestoring(restoreRef) {
		t.Errorf("unfinished %t: %v", c.IsRestoring(restoreRef), err)
	}
}

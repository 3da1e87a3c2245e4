package cloud

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

var (
	snapshotRef = driver.Ref{Location: "zone-1", SourceID: "7", ObjectID: "s1"}
	promoteSpec = driver.PromoteSpec{Snapshot: snapshotRef, Name: "golden"}
)

func TestReserveSnapshot_waitsForTheSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		next := sequence(driver.StateCreating, driver.StateExporting, "thawing", driver.StateReady)
		f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
			return driver.Snapshot{ID: "s1", State: next()}, nil
		}
		release, waited, err := c.LockSnapshotSource(t.Context(), snapshotRef)
		if err != nil || !waited || f.count("Snapshot") != 4 {
			t.Fatalf("waited %t, %v after %v", waited, err, f.calls)
		}
		release()
		if release, waited, err = c.LockSnapshotSource(t.Context(), snapshotRef); err != nil || waited ||
			f.count("Snapshot") != 5 {
			t.Fatalf("waited %t, %v after %v", waited, err, f.calls)
		}
		release()
	})
}

// The snapshot names the source that its export locks. A create there waits until it is over, and the other way round.
func TestReserveSnapshot_locksTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.snapshot = shows(driver.Snapshot{ID: "s1", SourceID: "7", State: driver.StateExported}, nil)
		alone := driver.Ref{Location: "zone-1", ObjectID: "s1"}
		release, _, err := c.LockSnapshotSource(t.Context(), alone)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = c.LockSource(ctx, driver.Ref{Location: "zone-1", SourceID: "7"})
		failed(t, c, err, driver.KindTimeout, "wait for other work on the same Instance")
		release()

		// A wait in the queue may have changed the snapshot, so it is read once more.
		release, err = c.LockSource(t.Context(), driver.Ref{Location: "zone-1", SourceID: "7"})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Minute, release)
		before := f.count("Snapshot")
		release, waited, err := c.LockSnapshotSource(t.Context(), alone)
		if err != nil || !waited || f.count("Snapshot") != before+2 {
			t.Errorf("waited %t, %v after %v", waited, err, f.calls)
		}
		release()
		if n := len(c.locks.queues); n != 0 {
			t.Errorf("%d queues are left", n)
		}
	})
}

func TestReserveSnapshot_goneWhileInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		start := time.Now()
		f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
			if time.Since(start) >= time.Minute {
				return driver.Snapshot{}, errNotFound
			}
			return driver.Snapshot{ID: "s1", SourceID: "7", State: driver.StateReady}, nil
		}
		release, err := c.LockSource(t.Context(), driver.Ref{Location: "zone-1", SourceID: "7"})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Minute, release)
		_, _, err = c.LockSnapshotSource(t.Context(), snapshotRef)
		failed(t, c, err, driver.KindNotFound, "use snapshot")
		if n := len(c.locks.queues); n != 0 {
			t.Errorf("%d queues are left", n)
		}
	})
}

func TestReserveSnapshot_snapshotThatIsNeverReady(t *testing.T) {
	for name, tc := range map[string]struct {
		show func(context.Context, driver.Ref) (driver.Snapshot, error)
		kind driver.Kind
	}{
		"gone":      {shows(driver.Snapshot{}, errNotFound), driver.KindNotFound},
		"failed":    {shows(driver.Snapshot{ID: "s1", State: driver.StateError}, nil), driver.KindFailed},
		"too slow":  {shows(driver.Snapshot{ID: "s1", State: driver.StateCreating}, nil), driver.KindTimeout},
		"no rights": {shows(driver.Snapshot{}, answer(403, "no")), driver.KindPermission},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.snapshot = tc.show
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				_, _, err := c.LockSnapshotSource(ctx, snapshotRef)
				if e := failed(t, c, err, tc.kind, "use snapshot"); e.Ref != snapshotRef {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

func TestPromoteSnapshot_namesTheTemplateLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.promote = func(_ context.Context, got driver.PromoteSpec) (driver.Image, driver.Operation, error) {
			if got != promoteSpec {
				t.Errorf("asked for %+v", got)
			}
			return driver.Image{State: driver.StateCreating}, driver.Operation{ID: "j", Location: "zone-1"}, nil
		}
		i, operation, err := c.PromoteSnapshot(t.Context(), promoteSpec)
		if err != nil || i.Location != "zone-1" || operation.ID != "j" || f.count("PromoteSnapshot") != 1 {
			t.Errorf("got %+v, %+v, %v after %v", i, operation, err, f.calls)
		}
		f.getOperation = polls(driver.OperationStatus{Done: true, ObjectID: "t1"}, nil)
		f.image = func(_ context.Context, ref driver.Ref) (driver.Image, error) {
			return driver.Image{ID: ref.ObjectID, State: driver.StateReady}, nil
		}
		if i, err = c.WaitImage(t.Context(), i, operation); err != nil || i.ID != "t1" || i.Location != "zone-1" {
			t.Errorf("got %+v, %v", i, err)
		}
	})
}

func TestPromoteSnapshot_lostReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateExported}, nil)
		f.promote = func(context.Context, driver.PromoteSpec) (driver.Image, driver.Operation, error) {
			return driver.Image{}, driver.Operation{}, lostReply()
		}
		f.images = listsAfter(f, "PromoteSnapshot", func(context.Context, driver.ImageFilter) ([]driver.Image, error) {
			return []driver.Image{
				{ID: "t1", Name: "golden", URL: "https://anything", CreatedAt: time.Now(), State: driver.StateReady},
				{ID: "t0", Name: "golden", CreatedAt: time.Now().Add(-time.Hour), State: driver.StateReady},
			}, nil
		})
		i, operation, err := c.PromoteSnapshot(t.Context(), promoteSpec)
		if err != nil || i.ID != "t1" || !operation.PollObject || f.count("PromoteSnapshot") != 1 {
			t.Errorf("got %+v, %+v, %v", i, operation, err)
		}
		_, _, err = c.PromoteSnapshot(t.Context(), promoteSpec)
		if e := failed(t, c, err, driver.KindAmbiguous, "promote snapshot"); !strings.Contains(
			e.Hint,
			"shows no new template",
		) ||
			!strings.Contains(e.Hint, "the private templates of this zone") {
			t.Errorf("a template has one owner: %q", e.Hint)
		}
	})
}

func TestExport_startedAndFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		want := driver.Export{URL: "https://sos.example/x?signed", MD5: "abc"}
		f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil)
		f.startExport = func(
			context.Context, driver.Ref,
		) (driver.Operation, error) {
			return driver.Operation{ID: "j"}, nil
		}
		next := sequence(driver.OperationStatus{Status: "pending"}, driver.OperationStatus{Done: true, ObjectID: "s1"})
		f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) { return next(), nil }
		f.readExport = func(context.Context, driver.Ref) (driver.Export, error) { return want, nil }
		operation, err := c.StartExport(t.Context(), snapshotRef)
		if err != nil || operation.ID != "j" {
			t.Fatalf("got %+v, %v", operation, err)
		}
		got, err := c.FinishExport(t.Context(), snapshotRef, operation)
		if err != nil || got != want ||
			strings.Join(f.calls, " ") != "ExportSnapshot GetOperation GetOperation Export" {
			t.Errorf("got %+v, %v after %v", got, err, f.calls)
		}
		if got, err := c.Export(t.Context(), snapshotRef); err != nil || got != want {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestStartExport_isSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		f.snapshot = shows(driver.Snapshot{ID: "s1", State: driver.StateReady}, nil)
		f.startExport = func(
			context.Context, driver.Ref,
		) (driver.Operation, error) {
			return driver.Operation{}, lostReply()
		}
		_, err := c.StartExport(t.Context(), snapshotRef)
		failed(t, c, err, driver.KindUnavailable, "export snapshot")
		if f.count("ExportSnapshot") != 1 {
			t.Error("sent again")
		}
		n := 0
		f.startExport = func(context.Context, driver.Ref) (driver.Operation, error) {
			if n++; n < 3 {
				return driver.Operation{}, answer(423, "locked")
			}
			return driver.Operation{ID: "j"}, nil
		}
		if operation, err := c.StartExport(t.Context(), snapshotRef); err != nil || operation.ID != "j" {
			t.Errorf("got %+v, %v", operation, err)
		}
	})
}

func TestFinishExport_forgottenOperation(t *testing.T) {
	for name, tc := range map[string]struct {
		states []driver.State
		kind   driver.Kind
	}{
		"still exporting": {[]driver.State{driver.StateExporting, driver.StateExporting}, driver.KindUnknown},
		"not exported":    {[]driver.State{driver.StateReady}, driver.KindNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				next := sequence(tc.states...)
				f.getOperation = polls(driver.OperationStatus{}, errNotFound)
				f.snapshot = func(context.Context, driver.Ref) (driver.Snapshot, error) {
					return driver.Snapshot{ID: "s1", State: next()}, nil
				}
				f.readExport = func(context.Context, driver.Ref) (driver.Export, error) {
					if f.count("Export") <= 2 {
						return driver.Export{}, &driver.Error{
							Kind:    driver.KindNotFound,
							Message: "the snapshot is not exported",
						}
					}
					return driver.Export{MD5: "abc"}, nil
				}
				out, err := c.FinishExport(t.Context(), snapshotRef, driver.Operation{ID: "j"})
				if tc.kind != driver.KindUnknown {
					if e := failed(
						t, c, err, tc.kind, "finish exporting snapshot",
					); e.Message != "the snapshot is not exported" {
						t.Errorf("got %+v", e)
					}
					return
				}
				if err != nil || out.MD5 != "abc" {
					t.Errorf("got %+v, %v after %v", out, err, f.calls)
				}
			})
		})
	}
}

func TestFinishExport_fails(t *testing.T) {
	c, f := newZone(t)
	f.getOperation = polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no room"})
	_, err := c.FinishExport(t.Context(), snapshotRef, driver.Operation{ID: "j"})
	if e := failed(t, c, err, driver.KindFailed, "finish exporting snapshot"); e.OperationID != "j" ||
		e.Ref != snapshotRef {
		t.Errorf("got %+v", e)
	}
	f.getOperation = polls(driver.OperationStatus{Done: true}, nil)
	f.readExport = func(
		context.Context, driver.Ref,
	) (driver.Export, error) {
		return driver.Export{}, answer(403, "no")
	}
	_, err = c.FinishExport(t.Context(), snapshotRef, driver.Operation{ID: "j"})
	failed(t, c, err, driver.KindPermission, "finish exporting snapshot")
	f.readExport = func(context.Context, driver.Ref) (driver.Export, error) {
		return driver.Export{}, &driver.Error{Kind: driver.KindNotFound, Message: "not exported"}
	}
	_, err = c.Export(t.Context(), snapshotRef)
	failed(t, c, err, driver.KindNotFound, "read snapshot export")
}

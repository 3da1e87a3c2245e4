package cloud

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// zoneOf fills a cloud with snapshots that become ready after a time, each by an operation whose ID is that of the
// snapshot.
func zoneOf(t *testing.T, count int, after time.Duration) (*Cloud, *fake) {
	t.Helper()
	c, f := newZone(t)
	c.Limits.Scope = driver.ScopeLocation
	start := time.Now()
	state := func() driver.State {
		if time.Since(start) >= after {
			return driver.StateReady
		}
		return driver.StateCreating
	}
	f.snapshots = func(context.Context, driver.SnapshotFilter) (list []driver.Snapshot, err error) {
		for n := range count {
			list = append(list, driver.Snapshot{ID: fmt.Sprint(n), SourceID: fmt.Sprint("m", n), State: state()})
		}
		return list, nil
	}
	f.snapshot = func(_ context.Context, ref driver.Ref) (driver.Snapshot, error) {
		return driver.Snapshot{ID: ref.ObjectID, SourceID: ref.SourceID, State: state()}, nil
	}
	f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
		return driver.OperationStatus{Done: state() == driver.StateReady, Status: "pending"}, nil
	}
	return c, f
}

// waitFor waits for a snapshot of zoneOf.
func waitFor(ctx context.Context, c *Cloud, n int) error {
	ready, err := c.WaitSnapshot(
		ctx,
		driver.Snapshot{ID: fmt.Sprint(n), SourceID: fmt.Sprint("m", n), State: driver.StateCreating},
		driver.Operation{ID: fmt.Sprint(n), PollObject: true, Fresh: true}, driver.ReadyWhen{},
	)
	if err == nil && (ready.ID != fmt.Sprint(n) || ready.State != driver.StateReady) {
		err = fmt.Errorf("got %+v", ready)
	}
	return err
}

// Waits of one zone share a listing per poll, and read each operation once for its result.
func TestWaitSnapshot_share(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const waits, after = 20, 30 * time.Second
		c, f := zoneOf(t, waits, after)
		start := time.Now()
		var group sync.WaitGroup
		for n := range waits {
			group.Go(func() {
				if err := waitFor(t.Context(), c, n); err != nil {
					t.Error(n, err)
				}
			})
			<-time.After(50 * time.Millisecond)
		}
		group.Wait()
		lists, operations, reads := f.count("Snapshots"), f.count("GetOperation"), f.count("Snapshot")
		t.Logf("%d waits took %d listings, %d polls of operations and %d reads in %s",
			waits, lists, operations, reads, time.Since(start))
		if operations != waits || lists+operations+reads > 60 {
			t.Errorf("%d waits took %d listings, %d polls of operations and %d reads, want at most 60",
				waits, lists, operations, reads)
		}
		if late := time.Since(start) - after; late > 5*time.Second {
			t.Errorf("the last wait ended %s after the snapshot was ready", late)
		}
		settle()
	})
}

// A wait that is alone polls its operation, as ever.
func TestWaitSnapshot_alone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := zoneOf(t, 2, 30*time.Second)
		if err := waitFor(t.Context(), c, 0); err != nil {
			t.Error(err)
		}
		if n := f.count("Snapshots"); n != 0 || f.count("Snapshot") != 1 {
			t.Errorf("%d listings and %d reads", n, f.count("Snapshot"))
		}
	})
}

// An operation may fail while its snapshot shows a state that promises more: the wait does not rely on that for long.
func TestWaitSnapshot_operationFailsWithoutState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := zoneOf(t, 2, time.Hour)
		f.getOperation = polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no disk"})
		start := time.Now()
		var group sync.WaitGroup
		for n := range 2 {
			group.Go(func() {
				if err := waitFor(t.Context(), c, n); driver.KindOf(err) != driver.KindFailed {
					t.Error(n, err)
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took < operationAfter || took > operationAfter+operationAfter/4 {
			t.Errorf("the waits ended after %s, want a little more than %s", took, operationAfter)
		}
		settle()
	})
}

// Waits report the reason of a failed operation also if their deadline comes before they have to poll it.
func TestWaitSnapshot_operationFailsBeforeTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := zoneOf(t, 2, time.Hour)
		f.getOperation = polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no disk"})
		var group sync.WaitGroup
		for n := range 2 {
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), operationAfter-time.Second)
				defer cancel()
				if err := waitFor(ctx, c, n); driver.KindOf(err) != driver.KindFailed {
					t.Error(n, err)
				}
			})
		}
		group.Wait()
		settle()
	})
}

// A snapshot that this process has deleted is gone for the next read, whatever others have listed meanwhile.
func TestRead_afterADeleteThatTakesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := zoneOf(t, 3, 0)
		list, one, start := f.snapshots, f.snapshot, time.Now()
		const takes = 3 * time.Second
		isGone := func() bool { return time.Since(start) >= takes }
		f.snapshots = func(ctx context.Context, filter driver.SnapshotFilter) ([]driver.Snapshot, error) {
			all, err := list(ctx, filter)
			if isGone() {
				all = all[1:]
			}
			return all, err
		}
		f.snapshot = func(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
			if ref.ObjectID == "0" && isGone() {
				return driver.Snapshot{}, errNotFound
			}
			return one(ctx, ref)
		}
		f.deleteSnapshot = deleting(driver.Operation{PollObject: true})
		ref := func(n int) driver.Ref { return driver.Ref{SourceID: fmt.Sprint("m", n), ObjectID: fmt.Sprint(n)} }
		var group sync.WaitGroup
		for n := range 2 {
			group.Go(func() {
				<-time.After(takes - time.Second/2)
				if _, err := c.Snapshot(t.Context(), ref(n+1)); err != nil {
					t.Error(err)
				}
			})
		}
		if err := c.DeleteSnapshot(t.Context(), ref(0)); err != nil {
			t.Error(err)
		}
		group.Wait()
		if snap, err := c.Snapshot(t.Context(), ref(0)); !driver.IsNotFound(err) {
			t.Errorf("got %+v, %v", snap, err)
		}
		settle()
	})
}

// What this process changes is in the next read, whatever was listed before.
func TestRead_afterAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := zoneOf(t, 3, 0)
		ref := func(n int) driver.Ref {
			return driver.Ref{Location: "z", SourceID: fmt.Sprint("m", n), ObjectID: fmt.Sprint(n)}
		}
		both := func() {
			var group sync.WaitGroup
			for n := range 2 {
				group.Go(func() {
					if _, err := c.Snapshot(t.Context(), ref(n)); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
		both()
		both()
		if n := f.count("Snapshots"); n != 1 {
			t.Errorf("%d listings, want one for four reads", n)
		}
		f.deleteSnapshot = deleting(driver.Operation{})
		if err := c.DeleteSnapshot(t.Context(), ref(2)); err != nil {
			t.Error(err)
		}
		both()
		if n := f.count("Snapshots"); n != 2 {
			t.Errorf("%d listings, want another one after a change", n)
		}
		settle()
	})
}

// Two configurations of one cloud, such as aliases for two accounts, share nothing.
func TestRead_accountsDoNotShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one, f := zoneOf(t, 2, 0)
		two, g := zoneOf(t, 2, 0)
		var group sync.WaitGroup
		for n, c := range []*Cloud{one, two} {
			group.Go(func() {
				ref := driver.Ref{Location: "z", SourceID: fmt.Sprint("m", n), ObjectID: fmt.Sprint(n)}
				if _, err := c.Snapshot(t.Context(), ref); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, f := range []*fake{f, g} {
			if f.count("Snapshot") != 1 || f.count("Snapshots") != 0 {
				t.Errorf("the requests %v, want one read for each account", f.calls)
			}
		}
	})
}

package cloud

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

func TestOpen_failsAsMisconfigured(t *testing.T) {
	reason := errors.New("the endpoint is not a URL")
	_, err := Open(fakeDriver{descriptor: descriptor("plain"), err: reason}, driver.Settings{}, Options{})
	var e *driver.Error
	if !errors.As(err, &e) || e.Kind != driver.KindMisconfigured || !errors.Is(err, reason) ||
		e.Op != "configure cloud" ||
		e.Message != reason.Error() {
		t.Errorf("got %+v", err)
	}
}

func TestOpen_usesTheOptions(t *testing.T) {
	f := &fake{t: t}
	d := descriptor("plain")
	d.Limits.MinPoll, d.Limits.ImageMinPoll = 10*time.Second, 20*time.Second
	c, err := Open(
		fakeDriver{descriptor: d, client: bareClient{f}},
		driver.Settings{},
		Options{PollInterval: time.Minute, Grace: time.Second},
	)
	if err != nil || c.pace.Floor != 10*time.Second || c.pace.Ceiling != time.Minute ||
		c.imagePace != (wait.Pace{Floor: 20 * time.Second, Ceiling: time.Minute}) ||
		c.grace != time.Second {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestClaim_emptyIDIsNobodys(t *testing.T) {
	c, _ := newPlain(t)
	c.Track(driver.Ref{SourceID: "7"})
	if c.tracker.isTracked("") || c.tracker.tracksSource(driver.Ref{SourceID: "7"}) {
		t.Error("objects without an ID must not stand for each other")
	}
}

func TestAdopt_onlyTheFirstGetsIt(t *testing.T) {
	c, _ := newPlain(t)
	var all sync.WaitGroup
	won := make(chan bool, 20)
	for range 20 {
		all.Go(func() { won <- c.tracker.track("s1", driver.Ref{}) })
	}
	all.Wait()
	close(won)
	n := 0
	for w := range won {
		if w {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d adopted the same object", n)
	}
}

func TestReserve_oneAtATimePerSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPlain(t)
		c.Limits.Location.Support = driver.OptionalComputed
		var mu sync.Mutex
		busy := map[string]bool{}
		start := time.Now()
		var all sync.WaitGroup
		for i := range 20 {
			// Four sources, five pieces of work each; the same number in two zones are two sources.
			ref := driver.Ref{Location: fmt.Sprint("zone-", i%2), SourceID: fmt.Sprint(i % 4 / 2)}
			key := ref.Location + "/" + ref.SourceID
			all.Go(func() {
				release, err := c.LockSource(t.Context(), ref)
				if err != nil {
					t.Error(err)
					return
				}
				defer release()
				mu.Lock()
				if busy[key] {
					t.Errorf("two at a time on %s", key)
				}
				busy[key] = true
				mu.Unlock()
				<-time.After(time.Minute)
				mu.Lock()
				busy[key] = false
				mu.Unlock()
			})
		}
		all.Wait()
		if took := time.Since(start); took != 5*time.Minute {
			t.Errorf("took %s: work on different sources must not wait for each other", took)
		}
		if n := len(c.locks.queues); n != 0 {
			t.Errorf("%d queues are left", n)
		}
	})
}

func TestReserve_releaseTwiceIsHarmless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPlain(t)
		ref := driver.Ref{SourceID: "7"}
		first, err := c.LockSource(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		first()
		second, err := c.LockSource(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		first()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.LockSource(ctx, ref)
		failed(t, c, err, driver.KindTimeout, "wait for other work on the same Instance")
		second()
		if n := len(c.locks.queues); n != 0 {
			t.Errorf("%d queues are left", n)
		}
	})
}

func TestReserve_cancelledWaiterLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPlain(t)
		ref := driver.Ref{SourceID: "7"}
		release, err := c.LockSource(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := c.LockSource(ctx, ref)
			left <- err
		}()
		synctest.Wait()
		cancel()
		failed(t, c, <-left, driver.KindCanceled, "wait for other work on the same Instance")
		release()
		if n := len(c.locks.queues); n != 0 {
			t.Errorf("%d queues are left", n)
		}
		again, err := c.LockSource(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		again()
	})
}

func TestReserve_objectStandsForAnUnknownSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPlain(t)
		c.Limits.Location.Support = driver.OptionalComputed
		release, err := c.LockSource(t.Context(), driver.Ref{Location: "zone-1", ObjectID: "s1"})
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.LockSource(ctx, driver.Ref{Location: "zone-1", ObjectID: "s1"}); err == nil {
			t.Error("two at a time on one snapshot")
		}
		for _, other := range []driver.Ref{{}, {Location: "zone-1"}, {Location: "zone-2", ObjectID: "s1"}} {
			free, err := c.LockSource(t.Context(), other)
			if err != nil {
				t.Errorf("%+v: %v", other, err)
				continue
			}
			free()
		}
	})
}

// A cloud that reports locations names the location of a snapshot only after the create: the source is the same.
func TestReserve_reportedLocationIsNoOtherSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newPlain(t)
		c.Limits.Location.Support = driver.Computed
		release, err := c.LockSource(t.Context(), driver.Ref{SourceID: "7"})
		if err != nil {
			t.Fatal(err)
		}
		defer release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.LockSource(ctx, driver.Ref{Location: "fra", SourceID: "7", ObjectID: "s1"})
		failed(t, c, err, driver.KindTimeout, "wait for other work on the same Instance")
	})
}

func TestCloud_whatItCannotDo(t *testing.T) {
	c, f := newBare(t)
	ref := driver.Ref{Location: "zone-1", SourceID: "7", ObjectID: "s1"}
	for op, try := range map[string]func(ctx context.Context) error{
		"read snapshot": func(ctx context.Context) error { _, err := c.Snapshot(ctx, ref); return err },
		"list snapshots": func(ctx context.Context) error {
			_, err := c.Snapshots(ctx, driver.SnapshotFilter{})
			return err
		},
		"create snapshot": func(ctx context.Context) error { _, _, err := c.CreateSnapshot(ctx, spec); return err },
		"finish creating snapshot": func(ctx context.Context) error {
			_, err := c.WaitSnapshot(ctx, driver.Snapshot{}, driver.Operation{}, driver.ReadyWhen{})
			return err
		},
		"update snapshot": func(ctx context.Context) error {
			_, err := c.UpdateSnapshot(ctx, ref, driver.SnapshotChange{})
			return err
		},
		"delete snapshot": func(ctx context.Context) error { return c.DeleteSnapshot(ctx, ref) },
		"read image":      func(ctx context.Context) error { _, err := c.Image(ctx, ref); return err },
		"list images": func(ctx context.Context) error {
			_, err := c.Images(ctx, driver.ImageFilter{})
			return err
		},
		"create image": func(ctx context.Context) error {
			_, _, err := c.CreateImage(ctx, driver.ImageSpec{})
			return err
		},
		"finish creating image": func(ctx context.Context) error {
			_, err := c.WaitImage(ctx, driver.Image{}, driver.Operation{})
			return err
		},
		"update image": func(ctx context.Context) error {
			_, err := c.UpdateImage(ctx, ref, driver.ImageChange{})
			return err
		},
		"delete image":          func(ctx context.Context) error { return c.DeleteImage(ctx, ref) },
		"read image statistics": func(ctx context.Context) error { _, err := c.ImageStats(ctx); return err },
		"use snapshot": func(ctx context.Context) error {
			_, _, err := c.LockSnapshotSource(ctx, ref)
			return err
		},
		"promote snapshot": func(ctx context.Context) error {
			_, _, err := c.PromoteSnapshot(ctx, driver.PromoteSpec{})
			return err
		},
		"export snapshot": func(ctx context.Context) error { _, err := c.StartExport(ctx, ref); return err },
		"finish exporting snapshot": func(ctx context.Context) error {
			_, err := c.FinishExport(ctx, ref, driver.Operation{})
			return err
		},
		"read snapshot export": func(ctx context.Context) error { _, err := c.Export(ctx, ref); return err },
	} {
		if e := failed(t, c, try(t.Context()), driver.KindUnsupported, op); !strings.Contains(
			e.Message,
			"The bare does not support this",
		) {
			t.Errorf("%s: %s", op, e.Message)
		}
	}
	if len(f.calls) != 0 {
		t.Errorf("calls: %v", f.calls)
	}
}

package drivertest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// promptLimit is how long an interrupted call may take to return.
const promptLimit = time.Second

func cancelEndsWait(e *env) {
	// The pauses between the polls are long: the interrupt comes during a pause.
	patient := e.reopenWith(e.Settings, cloud.Options{PollInterval: time.Hour})
	made, operation := e.startCreate(patient)
	// A resumed wait polls at once.
	operation.Fresh = false
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	var at time.Time
	e.recorder.onAnswer(func(*http.Request) {
		e.recorder.onAnswer(nil)
		at = time.Now()
		cancel()
	})
	_, err := patient.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
	e.wantError("cancelled wait", err, driver.KindCanceled)
	if took := time.Since(at); took > promptLimit {
		e.Errorf("it took %s to end", took)
	}
	// The cloud continues, and another wait finds the snapshot.
	e.Advance(slow + time.Minute)
	if ready, err := e.cloud.WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{}); err != nil ||
		!e.cloud.IsReady(ready, driver.ReadyWhen{}) {
		e.Errorf("waiting again: %+v %v", ready, err)
	}
}

func cancelEndsRead(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	e.startCounting()
	e.Fault(Fault{Do: DoHang})
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := e.cloud.Snapshot(ctx, made.Ref())
		ended <- err
	}()
	e.eventually("the read has arrived", func() bool { return len(e.Requests()) > e.counted })
	start := time.Now()
	cancel()
	e.wantError("cancelled read", <-ended, driver.KindCanceled)
	if took := time.Since(start); took > promptLimit {
		e.Errorf("it took %s to end", took)
	}
}

// eventually waits for a condition, at most 10 seconds.
func (e *env) eventually(what string, done func() bool) {
	e.Helper()
	for start := time.Now(); !done(); {
		if time.Since(start) > 10*time.Second {
			e.Fatalf("timed out waiting until %s", what)
		}
	}
}

func cancelKeepsCreate(e *env) {
	src := e.source(1)
	spec := e.spec(src)
	target := e.createRequest(spec)
	e.warmUp(e.cloud, src)
	late := target.with(DoDelay, 1, 1)
	late.Delay = 10 * time.Millisecond
	e.Fault(late)
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	type result struct {
		made      driver.Snapshot
		operation driver.Operation
		err       error
	}
	ended := make(chan result, 1)
	patient := e.reopenWith(e.Settings, cloud.Options{PollInterval: time.Millisecond})
	e.warmUp(patient, src)
	go func() {
		made, operation, err := patient.CreateSnapshot(ctx, spec)
		ended <- result{made, operation, err}
	}()
	e.eventually("the create has arrived", func() bool { return e.sent(target) > 0 })
	cancel()
	got := <-ended
	if got.err != nil {
		e.Fatalf("the create was under way, and its answer was lost: %v", got.err)
	}
	ready, err := patient.WaitSnapshot(e.Context(), got.made, got.operation, driver.ReadyWhen{})
	if err != nil || !slices.Contains(e.snapshotsOf(src), ready.ID) {
		e.Errorf("the snapshot that was under way: %+v %v; there is %v", ready, err, e.snapshotsOf(src))
	}

	e.startCounting()
	_, _, err = e.cloud.CreateSnapshot(ctx, spec)
	e.wantError("create after the cancel", err, driver.KindCanceled)
	if n := len(e.changes()); n != 0 {
		e.Errorf("create after the cancel: %d changes were sent", n)
	}
}

func deadlineEndsWait(e *env) {
	made, operation := e.startCreate(e.cloud)
	for what, faults := range map[string][]Fault{
		"slow work": nil, "no answers": {{Do: DoHang}}, "failures": {Fault{}.responding(503, 0)},
	} {
		e.Fault(faults...)
		ctx, cancel := context.WithTimeout(e.Context(), 50*time.Millisecond)
		start := time.Now()
		left, err := e.cloud.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
		cancel()
		e.wantError(what, err, driver.KindTimeout)
		if took := time.Since(start); took > promptLimit {
			e.Errorf("%s: it took %s to end", what, took)
		}
		if left.SourceID != made.SourceID || made.ID != "" && left.ID != made.ID {
			e.Errorf("%s: what is left is %+v, and it was %+v", what, left, made)
		}
	}
}

func waitSurvivesFailures(e *env) {
	made, operation := e.startCreate(e.cloud)
	e.Advance(slow + time.Minute)
	// The number is larger than the repetitions of one request.
	e.Fault(Fault{Method: "GET"}.responding(503, 12), Fault{Method: "GET"}.with(DoReset, 13, 20))
	ready, err := e.cloud.WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{})
	if err != nil || !e.cloud.IsReady(ready, driver.ReadyWhen{}) {
		e.Errorf("%+v %v", ready, err)
	}
}

// createLocked creates a snapshot as the provider does: it holds the lock of the source until the wait ends.
func (e *env) createLocked(ctx context.Context, spec driver.SnapshotSpec, held func()) error {
	release, err := e.cloud.LockSource(ctx, spec.Ref())
	if err != nil {
		return err
	}
	defer release()
	held()
	made, operation, err := e.cloud.CreateSnapshot(ctx, spec)
	if err != nil {
		return err
	}
	_, err = e.cloud.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
	held()
	return err
}

func oneAtATime(e *env) {
	src := e.source(2)
	target := e.createRequest(e.spec(src))
	e.warmUp(e.cloud, src)
	late := target.with(DoDelay, 1, 0)
	late.Delay = 10 * time.Millisecond
	e.Fault(late)
	specs := []driver.SnapshotSpec{e.spec(src), e.spec(src)}
	var (
		mu    sync.Mutex
		order []int
		wg    sync.WaitGroup
		errs  = make([]error, len(specs))
	)
	for i, spec := range specs {
		wg.Go(func() {
			errs[i] = e.createLocked(e.Context(), spec, func() {
				mu.Lock()
				defer mu.Unlock()
				order = append(order, i)
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			e.Errorf("work: %v", err)
		}
	}
	// The first holder unlocks before the next one locks.
	if len(order) != 4 || order[0] != order[1] || order[2] != order[3] || e.sent(target) != 2 {
		e.Errorf("the order were %v, and %d creates were sent", order, e.sent(target))
	}
}

func sourcesAreIndependent(e *env) {
	first, second := e.twoSources()
	one, two := e.spec(first), e.spec(second)
	target := e.createRequest(one)
	e.warmUp(e.cloud, first)
	e.Fault(target.with(DoHang, 1, 1))
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- e.createLocked(ctx, one, func() {}) }()
	e.eventually("the first create hangs", func() bool { return e.sent(target) > 0 })

	if err := e.createLocked(e.Context(), two, func() {}); err != nil {
		e.Errorf("work on the second source while the first hangs: %v", err)
	}
	select {
	case err := <-ended:
		e.Errorf("the first has ended: %v", err)
	default:
	}
	// A caller that waits for the first source can be canceled.
	waiting, stop := context.WithCancel(e.Context())
	stop()
	_, err := e.cloud.LockSource(waiting, one.Ref())
	e.wantError("cancelled turn", err, driver.KindCanceled)
	cancel()
	e.wantError("create without an answer", <-ended, driver.KindAmbiguous, driver.KindCanceled)
}

package cloudtest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// promptly is how soon an interrupted call returns.
const promptly = time.Second

func cancelEndsWait(b *bench) {
	// Long pauses between the polls: the wait is interrupted while it rests.
	patient := b.reopenWith(b.Settings, cloud.Options{PollInterval: time.Hour})
	made, operation := b.started(patient)
	// A wait that goes on polls at once.
	operation.Fresh = false
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var at time.Time
	b.wire.onAnswer(func(*http.Request) {
		b.wire.onAnswer(nil)
		at = time.Now()
		cancel()
	})
	_, err := patient.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
	b.failed("cancelled wait", err, driver.KindCanceled)
	if took := time.Since(at); took > promptly {
		b.Errorf("it took %s to end", took)
	}
	// The snapshot goes on without us, and can be waited for again.
	b.Advance(slow + time.Minute)
	if ready, err := b.cloud.WaitSnapshot(b.Context(), made, operation, driver.ReadyWhen{}); err != nil || !b.cloud.IsReady(ready, driver.ReadyWhen{}) {
		b.Errorf("waiting again: %+v %v", ready, err)
	}
}

func cancelEndsRead(b *bench) {
	src := b.source(1)
	made := b.create(b.cloud, b.spec(src))
	b.mark()
	b.Fault(Fault{Do: DoHang})
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := b.cloud.Snapshot(ctx, made.Ref())
		ended <- err
	}()
	b.until("the read has arrived", func() bool { return len(b.Requests()) > b.seen })
	start := time.Now()
	cancel()
	b.failed("cancelled read", <-ended, driver.KindCanceled)
	if took := time.Since(start); took > promptly {
		b.Errorf("it took %s to end", took)
	}
}

// until asks again and again. The end of the test's time ends it.
func (b *bench) until(what string, done func() bool) {
	b.Helper()
	for start := time.Now(); !done(); {
		if time.Since(start) > 10*time.Second {
			b.Fatalf("it never came to it that %s", what)
		}
	}
}

func cancelKeepsCreate(b *bench) {
	src := b.source(1)
	spec := b.spec(src)
	aim := b.createRequest(spec)
	b.warm(b.cloud, src)
	late := aim.with(DoDelay, 1, 1)
	late.Delay = 10 * time.Millisecond
	b.Fault(late)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	type result struct {
		made driver.Snapshot
		job  driver.Operation
		err  error
	}
	ended := make(chan result, 1)
	patient := b.reopenWith(b.Settings, cloud.Options{PollInterval: time.Millisecond})
	b.warm(patient, src)
	go func() {
		made, operation, err := patient.CreateSnapshot(ctx, spec)
		ended <- result{made, operation, err}
	}()
	b.until("the create has arrived", func() bool { return b.sent(aim) > 0 })
	cancel()
	got := <-ended
	if got.err != nil {
		b.Fatalf("the create was under way, and its answer was lost: %v", got.err)
	}
	ready, err := patient.WaitSnapshot(b.Context(), got.made, got.job, driver.ReadyWhen{})
	if err != nil || !slices.Contains(b.on(src), ready.ID) {
		b.Errorf("the snapshot that was under way: %+v %v; there is %v", ready, err, b.on(src))
	}

	b.mark()
	_, _, err = b.cloud.CreateSnapshot(ctx, spec)
	b.failed("create after the cancel", err, driver.KindCanceled)
	if n := len(b.changes()); n != 0 {
		b.Errorf("create after the cancel: %d changes were sent", n)
	}
}

func deadlineEndsWait(b *bench) {
	made, operation := b.started(b.cloud)
	for what, faults := range map[string][]Fault{"slow work": nil, "no answers": {{Do: DoHang}}, "failures": {Fault{}.answering(503, 0)}} {
		b.Fault(faults...)
		ctx, cancel := context.WithTimeout(b.Context(), 50*time.Millisecond)
		start := time.Now()
		left, err := b.cloud.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
		cancel()
		b.failed(what, err, driver.KindTimeout)
		if took := time.Since(start); took > promptly {
			b.Errorf("%s: it took %s to end", what, took)
		}
		if left.SourceID != made.SourceID || made.ID != "" && left.ID != made.ID {
			b.Errorf("%s: what is left is %+v, and it was %+v", what, left, made)
		}
	}
}

func waitSurvivesFailures(b *bench) {
	made, operation := b.started(b.cloud)
	b.Advance(slow + time.Minute)
	// More than the repetitions of one request can take.
	b.Fault(Fault{Method: "GET"}.answering(503, 12), Fault{Method: "GET"}.with(DoReset, 13, 20))
	ready, err := b.cloud.WaitSnapshot(b.Context(), made, operation, driver.ReadyWhen{})
	if err != nil || !b.cloud.IsReady(ready, driver.ReadyWhen{}) {
		b.Errorf("%+v %v", ready, err)
	}
}

// work takes a snapshot as the Terraform surface does: alone on its source, from the create to the end of the wait.
func (b *bench) work(ctx context.Context, spec driver.SnapshotSpec, held func()) error {
	release, err := b.cloud.LockSource(ctx, spec.Ref())
	if err != nil {
		return err
	}
	defer release()
	held()
	made, operation, err := b.cloud.CreateSnapshot(ctx, spec)
	if err != nil {
		return err
	}
	_, err = b.cloud.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
	held()
	return err
}

func oneAtATime(b *bench) {
	src := b.source(2)
	aim := b.createRequest(b.spec(src))
	b.warm(b.cloud, src)
	late := aim.with(DoDelay, 1, 0)
	late.Delay = 10 * time.Millisecond
	b.Fault(late)
	specs := []driver.SnapshotSpec{b.spec(src), b.spec(src)}
	var (
		mu    sync.Mutex
		turns []int
		wg    sync.WaitGroup
		errs  = make([]error, len(specs))
	)
	for i, spec := range specs {
		wg.Go(func() {
			errs[i] = b.work(b.Context(), spec, func() {
				mu.Lock()
				defer mu.Unlock()
				turns = append(turns, i)
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			b.Errorf("work: %v", err)
		}
	}
	// Each begins and ends: the first turn is over before the other begins.
	if len(turns) != 4 || turns[0] != turns[1] || turns[2] != turns[3] || b.sent(aim) != 2 {
		b.Errorf("the turns were %v, and %d creates were sent", turns, b.sent(aim))
	}
}

func sourcesAreIndependent(b *bench) {
	all := b.sources(1)
	if len(all) < 2 {
		b.Skip("the world has fewer than two sources to choose from")
	}
	one, two := b.spec(all[0]), b.spec(all[1])
	aim := b.createRequest(one)
	b.warm(b.cloud, all[0])
	b.Fault(aim.with(DoHang, 1, 1))
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- b.work(ctx, one, func() {}) }()
	b.until("the first create hangs", func() bool { return b.sent(aim) > 0 })

	if err := b.work(b.Context(), two, func() {}); err != nil {
		b.Errorf("work on the second source while the first hangs: %v", err)
	}
	select {
	case err := <-ended:
		b.Errorf("the first has ended: %v", err)
	default:
	}
	// A third that waits for its turn on the first source can be cancelled.
	waiting, stop := context.WithCancel(b.Context())
	stop()
	_, err := b.cloud.LockSource(waiting, one.Ref())
	b.failed("cancelled turn", err, driver.KindCanceled)
	cancel()
	b.failed("create without an answer", <-ended, driver.KindAmbiguous, driver.KindCanceled)
}

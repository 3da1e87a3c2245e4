package drivertest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// unreadable lists the faults where the cloud acts and the client gets no usable answer.
func unreadable() []string { return []string{DoLose, DoTruncate, DoGarbage} }

// answersAreObserved requires that the client passes the header of an answer to Settings.Observe. Otherwise the engine
// does not have the cloud's clock, by which it recognises the result of a lost create.
func answersAreObserved(e *env) {
	dates := 0
	settings := e.Settings
	settings.Observe = func(header http.Header) {
		if header.Get("Date") != "" {
			dates++
		}
	}
	client, err := e.harness.Driver.Open(settings)
	if err != nil {
		e.Fatalf("open: %v", err)
	}
	keeper, ok := client.(driver.Snapshotter)
	if !ok {
		e.Fatal("the client keeps no snapshots")
	}
	spec := e.spec(e.source(1))
	filter := driver.SnapshotFilter{SourceID: spec.SourceID, Location: spec.Location}
	if _, err := driver.Collect(keeper.Snapshots(e.Context(), filter)); err != nil {
		e.Fatalf("list: %v", err)
	}
	if dates == 0 {
		e.Error("no answer was observed")
	}
}

func lostCreateIsAdopted(e *env) {
	for _, do := range unreadable() {
		e.expectAdoption(do, e.source(1))
		e.Advance(time.Hour)
	}
}

func lostCreateBesideOlder(e *env) {
	src := e.source(2)
	// Another process created one, so this run does not track it.
	e.create(e.reopen(e.Settings), e.spec(src))
	e.Advance(10 * time.Minute)
	e.expectAdoption(DoLose, src)
}

// expectAdoption loses the answer of a create, expects exactly one new snapshot, and deletes it.
func (e *env) expectAdoption(do string, src Source) {
	e.Helper()
	before := e.snapshotsOf(src)
	spec := e.spec(src)
	target := e.createRequest(spec)
	e.warmUp(e.cloud, src)
	e.Fault(target.with(do, 1, 1))
	made, operation, err := e.cloud.CreateSnapshot(e.Context(), spec)
	if err != nil {
		e.Fatalf("%s: create: %v", do, err)
	}
	e.Fault()
	if n := e.sent(target); n != 1 {
		e.Errorf("%s: sent %d times", do, n)
	}
	ready, err := e.cloud.WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		e.Fatalf("%s: wait: %v", do, err)
	}
	fresh := slices.DeleteFunc(e.snapshotsOf(src), func(id string) bool { return slices.Contains(before, id) })
	if !slices.Equal(fresh, []string{ready.ID}) || ready.Name != spec.Name && e.Limits.Snapshot["name"].Settable() {
		e.Errorf("%s: adopted %+v, and new at the cloud is %v", do, ready, fresh)
	}
	if err := e.cloud.DeleteSnapshot(e.Context(), ready.Ref()); err != nil {
		e.Fatalf("%s: delete: %v", do, err)
	}
}

func failedCreateIsSentOnce(e *env) {
	src := e.source(2)
	spec := e.spec(src)
	target := e.createRequest(spec)
	// Another process created one just now, of the same source and with the same name.
	older := e.create(e.reopen(e.Settings), spec)
	before := e.snapshotsOf(src)
	e.warmUp(e.cloud, src)

	faults := map[string]Fault{"reset": target.with(DoReset, 1, 0)}
	for _, status := range []int{500, 502, 503, 504} {
		faults[fmt.Sprint("HTTP ", status)] = target.responding(status, 0)
	}
	for what, fault := range faults {
		e.startCounting()
		e.Fault(fault)
		made, _, err := e.cloud.CreateSnapshot(e.Context(), spec)
		if err == nil {
			e.Fatalf("%s: took %+v for the new snapshot; there was %+v before", what, made, older)
		}
		failure := e.wantError(what, err, driver.KindAmbiguous)
		if failure.Hint == "" {
			e.Errorf("%s: the error does not say what to do", what)
		}
		if n := e.sent(target); n != 1 {
			e.Errorf("%s: sent %d times", what, n)
		}
		e.Fault()
	}
	if diff := gocmp.Diff(before, e.snapshotsOf(src)); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

// emptyResponses lists bodies of successful responses that lack the requested object.
func emptyResponses() []string {
	return []string{"", "{}", "null", "[]", `""`, "<html><title>Sign in</title></html>"}
}

// respondingOnce returns a fault that responds once with 200 and a body, without acting.
func (f Fault) respondingOnce(body string) Fault {
	f.Do, f.Status, f.Body, f.From, f.To = DoStatus, http.StatusOK, body, 1, 1
	return f
}

// emptyResponsesDecideNothing: after a 200 without the requested object, no object is absent, no deletion is reported
// and no create succeeds.
func emptyResponsesDecideNothing(e *env) {
	src := e.source(2)
	spec := e.spec(src)
	deletion, creation := e.deleteRequest(spec), e.createRequest(spec)
	for _, body := range emptyResponses() {
		made := e.create(e.cloud, spec)
		e.Fault(Fault{Method: http.MethodGet, Path: "snapshot"}.respondingOnce(body))
		if got, err := e.cloud.Snapshot(e.Context(), made.Ref()); err != nil || got.ID != made.ID {
			e.Errorf("%q: read gives %+v, %v", body, got, err)
		}
		before := e.snapshotsOf(src)
		e.Fault(creation.respondingOnce(body))
		other, operation, err := e.cloud.CreateSnapshot(e.Context(), spec)
		if err == nil {
			e.Fatalf("%q: create succeeds with %+v, %+v", body, other, operation)
		}
		e.wantError(fmt.Sprintf("create answered with %q", body), err, driver.KindAmbiguous)
		if diff := gocmp.Diff(before, e.snapshotsOf(src)); diff != "" {
			e.Errorf("%q: create: what exists at the cloud: %s", body, diff)
		}
		e.Fault(deletion.respondingOnce(body))
		err = e.cloud.DeleteSnapshot(e.Context(), made.Ref())
		left := slices.Contains(e.snapshotsOf(src), made.ID)
		if (err == nil) == left {
			e.Errorf("%q: delete gives %v, and the snapshot is there: %t", body, err, left)
		}
		e.Fault()
		if err := e.cloud.DeleteSnapshot(e.Context(), made.Ref()); err != nil {
			e.Errorf("%q: delete: %v", body, err)
		}
	}
}

func limitedCreateIsSentAgain(e *env) {
	src := e.source(1)
	before := e.snapshotsOf(src)
	spec := e.spec(src)
	target := e.createRequest(spec)
	e.warmUp(e.cloud, src)
	e.Fault(target.responding(429, 2))
	ready := e.create(e.cloud, spec)
	if n := e.sent(target); n != 3 {
		e.Errorf("sent %d times, not three", n)
	}
	fresh := slices.DeleteFunc(e.snapshotsOf(src), func(id string) bool { return slices.Contains(before, id) })
	if !slices.Equal(fresh, []string{ready.ID}) {
		e.Errorf("made %q, and new at the cloud is %v", ready.ID, fresh)
	}
}

// rateLimitPausesClient checks that one answer 429 stops all requests of a client, in all locations, and none of
// another client. The pause outlasts each deadline here, so no test waits for it.
func rateLimitPausesClient(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	other := e.reopen(e.Settings)
	e.warmUp(e.cloud, src)
	fault := Fault{Method: http.MethodGet}.responding(http.StatusTooManyRequests, 1)
	fault.Header = map[string]string{"Retry-After": "3600"}
	e.Fault(fault)
	ctx, cancel := context.WithTimeout(e.Context(), 30*time.Minute)
	defer cancel()
	tries := map[string]func() error{
		"delete": func() error { return e.cloud.DeleteSnapshot(ctx, made.Ref()) },
		"create": func() error { _, _, err := e.cloud.CreateSnapshot(ctx, e.spec(src)); return err },
	}
	list := func(s Source) error {
		filter := driver.SnapshotFilter{SourceID: s.ID, Location: e.spec(s).Location}
		_, err := driver.Collect(e.cloud.ListSnapshots(ctx, filter))
		return err
	}
	for _, s := range e.Sources() {
		tries["list "+s.ID] = func() error { return list(s) }
	}
	e.wantError("limited listing", list(src), driver.KindRateLimited)
	e.startCounting()
	for what, try := range tries {
		if failure := e.wantError(what+" in the pause", try(), driver.KindRateLimited); failure.Status != fault.Status {
			e.Errorf("%s: the error has the HTTP status %d", what, failure.Status)
		}
	}
	if n := e.sent(Fault{}); n != 0 {
		e.Errorf("%d requests were sent in the pause", n)
	}
	if got, err := other.Snapshot(ctx, made.Ref()); err != nil || got.ID != made.ID {
		e.Errorf("another client: %+v %v", got, err)
	}
}

func readsAndDeletesAreRepeated(e *env) {
	src := e.source(1)
	before := e.snapshotsOf(src)
	target := e.deleteRequest(e.spec(src))
	made := e.create(e.cloud, e.spec(src))
	reads := Fault{Method: http.MethodGet}
	for what, fault := range map[string]Fault{
		"503": reads.responding(503, 2), "429": reads.responding(429, 2), "reset": reads.with(DoReset, 1, 2),
		"lost": reads.with(DoLose, 1, 1),
	} {
		e.startCounting()
		e.Fault(fault)
		if got, err := e.cloud.Snapshot(e.Context(), made.Ref()); err != nil || got.ID != made.ID {
			e.Errorf("read with %s: %+v %v", what, got, err)
		}
		if n := e.sent(reads); n < 2 {
			e.Errorf("read with %s: sent %d times", what, n)
		}
	}
	for what, fault := range map[string]Fault{
		"503": target.responding(503, 2), "429": target.responding(429, 2), "reset": target.with(DoReset, 1, 2),
		"lost": target.with(DoLose, 1, 1),
	} {
		e.Fault()
		if !slices.Contains(e.snapshotsOf(src), made.ID) {
			made = e.create(e.cloud, e.spec(src))
		}
		e.startCounting()
		e.Fault(fault)
		if err := e.cloud.DeleteSnapshot(e.Context(), made.Ref()); err != nil {
			e.Errorf("delete with %s: %v", what, err)
		}
		// The driver reads a single snapshot again before it repeats a delete. After a lost answer it is absent; a
		// snapshot that exists now may belong to somebody else.
		if n := e.sent(target); n < 2 && (!e.Limits.SingleSnapshot() || what != "lost") {
			e.Errorf("delete with %s: sent %d times", what, n)
		}
		if diff := gocmp.Diff(before, e.snapshotsOf(src)); diff != "" {
			e.Errorf("delete with %s: what exists at the cloud: %s", what, diff)
		}
	}
}

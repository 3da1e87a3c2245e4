package drivertest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// restoresSeveral is the condition that a cloud restores, and a source can have more than one snapshot.
func restoresSeveral(p probe) bool {
	return keepsSeveral(p) && has(driver.CapabilitySnapshotRestore)(p)
}

// FailedRestore is the content of testdata/failed_restore.json in a driver's folder: the answer of a cloud whose
// restore has failed. Path selects the requests, and Body is the answer. A text {source} in either is the ID of the
// source.
type FailedRestore struct {
	Path string `json:"path"`
	Body string `json:"body"`
	// Reason is a part of the error.
	Reason string `json:"reason"`
}

// Fault returns the fault that answers as the cloud does after a restore of a source that has failed.
func (f FailedRestore) Fault(sourceID string) Fault {
	fill := func(s string) string { return strings.ReplaceAll(s, "{source}", sourceID) }
	return Fault{
		Method: http.MethodGet, Path: fill(f.Path), Do: DoStatus, Status: http.StatusOK, Body: fill(f.Body),
	}
}

// restorable prepares a source for a restore: it gets the state that the cloud requires.
func (e *env) restorable(s Source) {
	e.Helper()
	if e.Limits.RestoreState != "" {
		e.SetSourceState(s.ID, e.Limits.RestoreState)
	}
}

// toRestore creates a snapshot of a source that is ready for a restore.
func (e *env) toRestore() (Source, driver.RestoreSpec) {
	e.Helper()
	src := e.source(1)
	return src, e.restoreOf(src, e.create(e.cloud, e.spec(src)))
}

// restoreOf returns the spec of a restore, and prepares the source.
func (e *env) restoreOf(src Source, snap driver.Snapshot) driver.RestoreSpec {
	e.Helper()
	e.restorable(src)
	return driver.RestoreSpec{SourceID: src.ID, Location: e.spec(src).Location, SnapshotID: snap.ID}
}

// restore restores and waits until the source is usable.
func (e *env) restore(c *cloud.Cloud, spec driver.RestoreSpec) cloud.RestoreEffect {
	e.Helper()
	effect, operation, err := c.StartRestore(e.Context(), spec)
	if err != nil {
		e.Fatalf("restore: %v", err)
	}
	if err := c.FinishRestore(e.Context(), spec.Ref(), operation); err != nil {
		e.Fatalf("wait: %v", err)
	}
	return effect
}

func restored(e *env) {
	src, spec := e.toRestore()
	before := e.snapshotsOf(src)
	planned, err := e.reopen(e.Settings).CheckRestore(e.Context(), spec)
	if err != nil {
		e.Fatalf("check: %v", err)
	}
	e.warmUp(e.cloud, src)
	effect := e.restore(e.cloud, spec)
	e.onlyChange()
	if diff := gocmp.Diff(planned, effect); diff != "" {
		e.Errorf("the check and the restore differ: %s", diff)
	}
	if effect.Snapshot.ID != spec.SnapshotID || effect.Source.ID != src.ID || effect.Source.Busy || len(effect.Newer) > 0 {
		e.Errorf("restored %+v", effect)
	}
	if diff := gocmp.Diff(before, e.snapshotsOf(src)); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
	// The same again is another restore.
	e.restore(e.cloud, spec)
	if n := len(e.changes()); n != 2 {
		e.Errorf("two restores sent %d changes", n)
	}
}

func restoreRefuses(e *env) {
	src, spec := e.toRestore()
	other := e.sources(1)[1]
	e.restorable(other)
	absent, foreign, nowhere := spec, spec, spec
	absent.SnapshotID = e.absentID(spec.SnapshotID, e.snapshotsOf(src))
	foreign.SourceID = other.ID
	nowhere.SourceID = e.absentSource(src)
	e.warmUp(e.cloud, src)
	for what, refused := range map[string]driver.RestoreSpec{
		"absent snapshot": absent, "snapshot of another source": foreign, "absent source": nowhere,
	} {
		if failure := e.expectRefusal(what, refused, driver.KindNotFound, driver.KindConflict); failure.Managed {
			e.Errorf("%s: %+v", what, failure)
		}
	}
	if e.Limits.RestoreState == "" {
		return
	}
	e.SetSourceState(src.ID, "running")
	failure := e.expectRefusal("source in another state", spec, driver.KindConflict)
	if !strings.Contains(failure.Message, e.Limits.RestoreState) || failure.Ref.ObjectID != "" {
		e.Errorf("source in another state: %+v", failure)
	}
}

// expectRefusal expects that neither the check nor the restore accepts a spec, and that no change is sent.
func (e *env) expectRefusal(what string, spec driver.RestoreSpec, kinds ...driver.Kind) *driver.Error {
	e.Helper()
	e.startCounting()
	_, err := e.cloud.CheckRestore(e.Context(), spec)
	e.wantError(what+", check", err, kinds...)
	_, _, err = e.cloud.StartRestore(e.Context(), spec)
	failure := e.wantError(what, err, kinds...)
	if n := len(e.changes()); n > 0 {
		e.Errorf("%s: %d changes were sent", what, n)
	}
	return failure
}

// restoreInTheMiddle requires that newer snapshots survive a restore, unless it is told to delete them.
func restoreInTheMiddle(e *env) {
	src := e.source(3)
	var made []driver.Snapshot
	for range 3 {
		e.Advance(time.Hour)
		made = append(made, e.create(e.cloud, e.spec(src)))
	}
	all := e.snapshotsOf(src)
	spec := e.restoreOf(src, made[1])
	if !e.Limits.RestoreDeletesNewer() {
		e.restore(e.cloud, spec)
		if diff := gocmp.Diff(all, e.snapshotsOf(src)); diff != "" {
			e.Errorf("the restore deleted snapshots: %s", diff)
		}
		return
	}
	failure := e.expectRefusal("newer snapshots", spec, driver.KindWouldDelete)
	if diff := gocmp.Diff(made[2:], failure.ExistingSnapshots); diff != "" || failure.Now.IsZero() {
		e.Errorf("the error shows at %v: %s", failure.Now, diff)
	}
	if diff := gocmp.Diff(all, e.snapshotsOf(src)); diff != "" {
		e.Errorf("a refused restore: %s", diff)
	}
	spec.DeleteNewer = true
	effect := e.restore(e.cloud, spec)
	if diff := gocmp.Diff(made[2:], effect.Newer); diff != "" {
		e.Errorf("the deleted snapshots: %s", diff)
	}
	left := slices.DeleteFunc(all, func(id string) bool { return id == made[2].ID })
	if diff := gocmp.Diff(left, e.snapshotsOf(src)); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
	_, err := e.cloud.Snapshot(e.Context(), made[2].Ref())
	gone := e.wantError("deleted by the restore", err, driver.KindNotFound)
	if !strings.Contains(gone.Message, "restore") {
		e.Errorf("the reason is %q", gone.Message)
	}
}

// restoreRequest returns the target of the request that a restore sends. It watches one in a dry run. IDs may differ
// between simulations, so the target has no ID of a snapshot.
func (e *env) restoreRequest() Fault {
	e.Helper()
	dry := e.dryRun()
	src, spec := dry.toRestore()
	dry.warmUp(dry.cloud, src)
	dry.restore(dry.cloud, spec)
	target := dry.onlyChange()
	target.Path = strings.ReplaceAll(target.Path, regexp.QuoteMeta(spec.SnapshotID), "[^/]+")
	return target
}

func lostRestoreIsSentOnce(e *env) {
	target := e.restoreRequest()
	client, err := e.harness.Driver.Open(e.Settings)
	if err != nil {
		e.Fatalf("open: %v", err)
	}
	_, finds := client.(driver.RestoreFinder)
	src, spec := e.toRestore()
	for _, do := range unreadable() {
		e.warmUp(e.cloud, src)
		e.Fault(target.with(do, 1, 1))
		_, operation, err := e.cloud.StartRestore(e.Context(), spec)
		e.Fault()
		if n := e.sent(target); n != 1 {
			e.Errorf("%s: sent %d times", do, n)
		}
		switch {
		case !finds:
			e.wantAmbiguous(do, err)
		case err != nil || !operation.Adopted:
			e.Errorf("%s: %+v %v", do, operation, err)
		default:
			if err := e.cloud.FinishRestore(e.Context(), spec.Ref(), operation); err != nil {
				e.Errorf("%s: wait: %v", do, err)
			}
		}
		e.Advance(time.Hour)
	}
	// Another restore ended just now: the failed one must not take it for its own.
	e.restore(e.reopen(e.Settings), spec)
	for _, status := range []int{500, 502, 503, 504} {
		e.warmUp(e.cloud, src)
		e.Fault(target.responding(status, 0))
		_, _, err := e.cloud.StartRestore(e.Context(), spec)
		e.Fault()
		e.wantAmbiguous(fmt.Sprint("HTTP ", status), err)
		if n := e.sent(target); n != 1 {
			e.Errorf("HTTP %d: sent %d times", status, n)
		}
	}
}

func (e *env) wantAmbiguous(what string, err error) {
	e.Helper()
	if failure := e.wantError(what, err, driver.KindAmbiguous); failure.Hint == "" {
		e.Errorf("%s: the error does not say what to do", what)
	}
}

// restoreWaits requires that a restore waits for other work on the source.
func restoreWaits(e *env) {
	_, spec := e.toRestoreSlow()
	others := e.reopen(e.Settings)
	_, operation, err := others.StartRestore(e.Context(), spec)
	if err != nil {
		e.Fatalf("restore by another process: %v", err)
	}
	before := e.acceptedChanges()
	// A plan does not wait, and is no error.
	if _, err := e.cloud.CheckRestore(e.Context(), spec); err != nil {
		e.Errorf("check while other work runs: %v", err)
	}
	ctx, cancel := context.WithTimeout(e.Context(), 50*time.Millisecond)
	defer cancel()
	_, _, err = e.cloud.StartRestore(ctx, spec)
	e.wantError("restore while other work runs", err, driver.KindBusy, driver.KindTimeout)
	if n := e.acceptedChanges() - before; n != 0 {
		e.Errorf("%d changes were accepted while other work runs", n)
	}
	e.Advance(slow + time.Minute)
	if err := others.FinishRestore(e.Context(), spec.Ref(), operation); err != nil {
		e.Errorf("wait: %v", err)
	}
	if _, _, err := e.cloud.StartRestore(e.Context(), spec); err != nil {
		e.Errorf("restore afterwards: %v", err)
	}
}

// acceptedChanges counts the changes that the cloud has accepted.
func (e *env) acceptedChanges() int {
	e.Helper()
	n := 0
	for _, r := range e.Requests() {
		if r.Method != http.MethodGet && r.Status >= 200 && r.Status <= 299 && !strings.HasSuffix(r.Path, "/token") {
			n++
		}
	}
	return n
}

// toRestoreSlow is toRestore at a cloud whose work takes time.
func (e *env) toRestoreSlow() (Source, driver.RestoreSpec) {
	e.Helper()
	src := e.source(1)
	made, operation, err := e.cloud.CreateSnapshot(e.Context(), e.spec(src))
	if err != nil {
		e.Fatalf("create: %v", err)
	}
	e.Advance(slow + time.Minute)
	ready, err := e.cloud.WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		e.Fatalf("wait: %v", err)
	}
	return src, e.restoreOf(src, ready)
}

// restoreEnds requires that a wait ends with its context, and that another process resumes it.
func restoreEnds(e *env) {
	_, spec := e.toRestoreSlow()
	_, operation, err := e.cloud.StartRestore(e.Context(), spec)
	if err != nil {
		e.Fatalf("restore: %v", err)
	}
	operation.Fresh = false
	for what, faults := range map[string][]Fault{
		"slow work": nil, "no answers": {{Do: DoHang}}, "failures": {Fault{}.responding(503, 0)},
	} {
		e.Fault(faults...)
		ctx, cancel := context.WithTimeout(e.Context(), 50*time.Millisecond)
		start := time.Now()
		err := e.cloud.FinishRestore(ctx, spec.Ref(), operation)
		cancel()
		e.wantError(what, err, driver.KindTimeout)
		if took := time.Since(start); took > promptLimit {
			e.Errorf("%s: it took %s to end", what, took)
		}
	}
	e.Fault()
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	e.recorder.onAnswer(func(*http.Request) { cancel() })
	err = e.cloud.FinishRestore(ctx, spec.Ref(), operation)
	e.recorder.onAnswer(nil)
	e.wantError("cancelled wait", err, driver.KindCanceled)
	e.startCounting()
	e.Advance(slow + time.Minute)
	if err := e.reopen(e.Settings).FinishRestore(e.Context(), spec.Ref(), operation); err != nil {
		e.Errorf("wait by another process: %v", err)
	}
	if n := e.acceptedChanges(); n != 2 {
		e.Errorf("%d changes were accepted, not a create and a restore", n)
	}
}

func failedRestore(e *env) {
	src, spec := e.toRestoreSlow()
	var planted FailedRestore
	ReadTestdata(e.T, e.harness.Driver, "failed_restore.json", &planted)
	_, operation, err := e.cloud.StartRestore(e.Context(), spec)
	if err != nil {
		e.Fatalf("restore: %v", err)
	}
	e.Fault(planted.Fault(src.ID))
	e.Advance(slow + time.Minute)
	err = e.cloud.FinishRestore(e.Context(), spec.Ref(), operation)
	failure := e.wantError("failed restore", err, driver.KindFailed)
	if !strings.Contains(failure.Message, planted.Reason) {
		e.Errorf("the error %q lacks the reason %q", failure.Message, planted.Reason)
	}
}

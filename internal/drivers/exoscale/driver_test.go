package exoscale_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const zone = "ch-gva-2"

// account is the simulator behind a server, with its requests and faults.
type account struct {
	sim    *sim.Simulator
	config *simkit.Config
	url    string
	cloud  *cloud.Cloud
	// client is what the driver opened, for the interfaces that Cloud wraps no further.
	client driver.Client

	mu   sync.Mutex
	seen []string
	// intercept answers a request itself by returning true.
	intercept func(w http.ResponseWriter, r *http.Request, next http.Handler) bool
}

func start(t *testing.T, change ...func(values map[string]string)) *account {
	t.Helper()
	w := &account{config: &simkit.Config{Mount: "/exoscale", Clock: &simkit.Clock{}}}
	w.sim = sim.New(w.config)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.url = server.URL

	values := map[string]string{
		"api_key": sim.APIKey, "api_secret": sim.APISecret, "zone": zone,
		"endpoint": server.URL + "/exoscale/{zone}/v2",
	}
	for _, f := range change {
		f(values)
	}
	settings := driver.Settings{Values: values, UserAgent: "test", RetryWait: time.Millisecond}
	var err error
	if w.cloud, err = cloud.Open(
		exoscale.Driver{}, settings, cloud.Options{PollInterval: time.Millisecond, Grace: time.Second},
	); err != nil {
		t.Fatal(err)
	}
	if w.client, err = (exoscale.Driver{}).Open(settings); err != nil {
		t.Fatal(err)
	}
	return w
}

// ServeHTTP serves one request at a time, as the sandbox does, and keeps its method and path without the zone.
func (w *account) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, path, _ := strings.Cut(r.URL.EscapedPath(), "/v2")
	w.seen = append(w.seen, r.Method+" "+path)
	if w.intercept != nil && w.intercept(rw, r, w.sim) {
		return
	}
	w.sim.ServeHTTP(rw, r)
}

// calls returns the requests since the last question, with IDs cut off.
func (w *account) calls() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, c := range w.seen {
		for _, noun := range []string{"operation", "snapshot", "template"} {
			if before, after, ok := strings.Cut(c, "/"+noun+"/"); ok {
				_, verb, _ := strings.Cut(after, ":")
				c = strings.TrimSuffix(before+"/"+noun+"/*:"+verb, ":")
			}
		}
		out = append(out, c)
	}
	w.seen = nil
	return out
}

// advance moves the sandbox's clock, between two requests.
func (w *account) advance(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.config.Clock.Offset += by
}

func spec(source string) driver.SnapshotSpec {
	return driver.SnapshotSpec{SourceID: source, Location: zone}
}

// take creates a snapshot and waits for it.
func (w *account) take(t *testing.T, source string) driver.Snapshot {
	t.Helper()
	made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(source))
	if err != nil {
		t.Fatal(err)
	}
	snap, err := w.cloud.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func wantKind(t *testing.T, err error, want driver.Kind) *driver.Error {
	t.Helper()
	var e *driver.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("error = %v (kind %v), want kind %v", err, driver.KindOf(err), want)
	}
	return e
}

func TestSnapshot_life(t *testing.T) {
	w := start(t)
	made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaDB))
	if err != nil {
		t.Fatal(err)
	}
	if made.ID == "" || made.State != driver.StateCreating || made.Location != zone || made.SourceID != sim.GenevaDB ||
		operation.ID == "" ||
		operation.Location != zone {
		t.Errorf("made %+v with operation %+v, want an ID, creating, and an operation in the zone", made, operation)
	}
	snap, err := w.cloud.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		t.Fatal(err)
	}
	if snap.ID != made.ID || snap.State != driver.StateReady || snap.SizeGiB == nil ||
		*snap.SizeGiB != 50 || snap.ApplicationConsistent == nil ||
		!*snap.ApplicationConsistent ||
		!strings.HasPrefix(snap.Name, "db-1_") ||
		snap.CreatedAt.IsZero() {
		t.Errorf("ready snapshot = %+v", snap)
	}
	list, err := w.cloud.Snapshots(t.Context(), driver.SnapshotFilter{SourceID: sim.GenevaDB, Location: zone})
	if err != nil || len(list) != 2 || list[0].ID != snap.ID || list[1].ID != sim.GenevaOld {
		t.Errorf("list = %+v, %v; want the new one before the seeded one", list, err)
	}
	if err := w.cloud.DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
		t.Fatal(err)
	}
	_, err = w.cloud.Snapshot(t.Context(), snap.Ref())
	wantKind(t, err, driver.KindNotFound)
	if err := w.cloud.DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
}

func TestSnapshot_calls(t *testing.T) {
	w := start(t)
	snap := w.take(t, sim.GenevaWeb)
	want := []string{
		"GET /snapshot",
		"POST /instance/" + sim.GenevaWeb + ":create-snapshot",
		"GET /operation/*",
		"GET /snapshot/*",
	}
	if got := w.calls(); !slices.Equal(got, want) {
		t.Errorf("create sent %q, want %q", got, want)
	}
	if _, err := w.cloud.Snapshot(t.Context(), snap.Ref()); err != nil {
		t.Fatal(err)
	}
	if got := w.calls(); !slices.Equal(got, []string{"GET /snapshot/*"}) {
		t.Errorf("read sent %q", got)
	}
	if err := w.cloud.DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
		t.Fatal(err)
	}
	if got := w.calls(); !slices.Equal(got, []string{"DELETE /snapshot/*", "GET /operation/*"}) {
		t.Errorf("delete sent %q", got)
	}
}

// drop acts on the first request that matches and loses its answer.
func drop(suffix string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
	dropped := false
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if dropped || r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, suffix) {
			return false
		}
		dropped = true
		next.ServeHTTP(httptest.NewRecorder(), r)
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				_ = conn.Close()
			}
		}
		return true
	}
}

func TestCreateSnapshot_lostAnswerIsAdopted(t *testing.T) {
	w := start(t)
	w.intercept = drop(":create-snapshot")
	snap := w.take(t, sim.GenevaDB)
	lists := w.sim.Inventory().Snapshots
	if n := len(lists); n != 3 {
		t.Errorf("%d snapshots at the cloud, want the two seeded ones and one new", n)
	}
	if snap.ID == sim.GenevaOld || snap.State != driver.StateReady {
		t.Errorf("adopted %+v", snap)
	}
	if n := count(w.calls(), "POST "); n != 1 {
		t.Errorf("the create was sent %d times", n)
	}
}

func TestCreateSnapshot_unnamedAnswerIsAdopted(t *testing.T) {
	w := start(t)
	w.intercept = func(rw http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method != http.MethodPost {
			return false
		}
		next.ServeHTTP(httptest.NewRecorder(), r)
		simkit.JSON(rw, http.StatusOK, map[string]string{"state": "pending"})
		return true
	}
	if snap := w.take(t, sim.GenevaWeb); snap.SourceID != sim.GenevaWeb || snap.State != driver.StateReady {
		t.Errorf("adopted %+v", snap)
	}
}

func TestCreateSnapshot_serverErrorIsNotRepeated(t *testing.T) {
	w := start(t)
	w.intercept = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method == http.MethodPost {
			http.Error(rw, "upstream is away", http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	_, _, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
	e := wantKind(t, err, driver.KindAmbiguous)
	if e.Message != "upstream is away" || e.Status != http.StatusServiceUnavailable {
		t.Errorf("error = %+v, want the cloud's own text", e)
	}
	if n := count(w.calls(), "POST "); n != 1 {
		t.Errorf("the create was sent %d times", n)
	}
}

func TestCreateSnapshot_failedInFirstAnswer(t *testing.T) {
	w := start(t)
	w.intercept = answer(
		http.MethodPost,
		`{"id":"op-1","state":"failure","reason":"fault","message":"no space left","reference":{"id":"s-1"}}`,
	)
	_, _, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
	e := wantKind(t, err, driver.KindFailed)
	if e.OperationID != "op-1" || e.Code != "fault" || !strings.Contains(e.Message, `"fault"`) ||
		!strings.Contains(e.Message, "no space left") {
		t.Errorf("error = %+v, want reason, message and operation", e)
	}
}

func TestCreateSnapshot_busyInFirstAnswerIsWaitedOut(t *testing.T) {
	w := start(t)
	busy := answer(http.MethodPost, `{"id":"op-1","state":"failure","reason":"busy"}`)
	times := 0
	w.intercept = func(rw http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method == http.MethodPost {
			times++
		}
		return times < 3 && busy(rw, r, next)
	}
	if snap := w.take(t, sim.GenevaWeb); snap.State != driver.StateReady || times != 3 {
		t.Errorf("snapshot %+v after %d tries, want 3", snap, times)
	}
}

func TestCreateSnapshot_operationFails(t *testing.T) {
	for state, reason := range map[string]string{"failure": "interrupted", "timeout": ""} {
		t.Run(state, func(t *testing.T) {
			w := start(t)
			w.intercept = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if !strings.Contains(r.URL.Path, "/operation/") {
					return false
				}
				simkit.JSON(
					rw,
					http.StatusOK,
					map[string]string{
						"id":      path.Base(r.URL.Path),
						"state":   state,
						"reason":  reason,
						"message": "the hypervisor went away",
					},
				)
				return true
			}
			made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.cloud.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
			e := wantKind(t, err, driver.KindFailed)
			if e.OperationID != operation.ID || !strings.Contains(e.Message, state) ||
				!strings.Contains(e.Message, reason) ||
				!strings.Contains(e.Message, "the hypervisor went away") {
				t.Errorf("error = %+v", e)
			}
		})
	}
}

func TestCreateSnapshot_unknownOperationStateIsProgress(t *testing.T) {
	w := start(t)
	polls := 0
	w.intercept = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.Contains(r.URL.Path, "/operation/") {
			return false
		}
		polls++
		if polls > 2 {
			return false
		}
		simkit.JSON(rw, http.StatusOK, map[string]any{"id": "op", "state": "verifying", "added": []int{1}})
		return true
	}
	if snap := w.take(t, sim.GenevaWeb); snap.State != driver.StateReady || polls != 3 {
		t.Errorf("snapshot %+v after %d polls", snap, polls)
	}
}

func TestCreateSnapshot_errorStateAfterSuccessfulOperation(t *testing.T) {
	w := start(t)
	w.intercept = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if !strings.Contains(r.URL.Path, "/snapshot/") {
			return false
		}
		simkit.JSON(rw, http.StatusOK, map[string]string{"id": path.Base(r.URL.Path), "state": "error"})
		return true
	}
	made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.cloud.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	wantKind(t, err, driver.KindFailed)
}

func TestCreateSnapshot_lateReference(t *testing.T) {
	w := start(t)
	w.intercept = func(rw http.ResponseWriter, r *http.Request, next http.Handler) bool {
		if r.Method != http.MethodPost {
			return false
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		_, after, _ := strings.Cut(rec.Body.String(), `"id":"`)
		id, _, _ := strings.Cut(after, `"`)
		simkit.JSON(rw, http.StatusOK, map[string]string{"id": id, "state": "pending"})
		return true
	}
	made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
	if err != nil || made.ID != "" || operation.ID == "" {
		t.Fatalf("made %+v, operation %+v, %v", made, operation, err)
	}
	snap, err := w.cloud.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	if err != nil || snap.ID == "" || snap.State != driver.StateReady {
		t.Errorf("snapshot = %+v, %v; want the ID from the finished operation", snap, err)
	}
}

func TestCreateSnapshot_waitIsCanceled(t *testing.T) {
	w := start(t)
	w.config.Latency = time.Hour
	made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.intercept = func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if strings.Contains(r.URL.Path, "/operation/") {
			cancel()
		}
		return false
	}
	kept, err := w.cloud.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
	wantKind(t, err, driver.KindCanceled)
	if kept.ID != made.ID {
		t.Errorf("kept %+v, want the ID of %+v", kept, made)
	}
	w.advance(2 * time.Hour)
	snap, err := w.cloud.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	if err != nil || snap.State != driver.StateReady {
		t.Errorf("going on waiting: %+v, %v", snap, err)
	}
}

// answer gives a fixed body to all requests of a method.
func answer(method, body string) func(http.ResponseWriter, *http.Request, http.Handler) bool {
	return func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != method {
			return false
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = rw.Write([]byte(body))
		return true
	}
}

func count(calls []string, prefix string) int {
	n := 0
	for _, c := range calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

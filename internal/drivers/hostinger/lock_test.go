package hostinger_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
)

// discard takes an answer that never arrives.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

func TestCreateSnapshot_lockIsWaitedOut(t *testing.T) {
	a := start(t, time.Hour)
	if _, _, err := a.open().CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free}); err != nil {
		t.Fatal(err)
	}
	refused := 0
	a.meddle = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == machines+"/17923" {
			if refused++; refused == 3 {
				a.config.Clock.Offset += time.Hour
			}
		}
		return false
	}
	// Another resource on the same VM: when the lock is gone, the first one's snapshot is there to be replaced.
	_, operation, err := a.open().CreateSnapshot(
		t.Context(),
		driver.SnapshotSpec{SourceID: free, ReplaceExisting: true},
	)
	if err != nil || operation.ID != "555002" || refused != 3 {
		t.Errorf("after %d refusals: %+v, %v", refused, operation, err)
	}
}

func TestCreateSnapshot_lockLastsLongerThanTheContext(t *testing.T) {
	a := start(t, time.Hour)
	c := a.open()
	if _, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	refused := 0
	a.with(func() {
		a.meddle = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == machines+"/17923" {
				if refused++; refused == 2 {
					cancel()
				}
			}
			return false
		}
	})
	if _, _, err := c.CreateSnapshot(ctx, driver.SnapshotSpec{SourceID: free}); err == nil {
		t.Error("a locked VM accepted a second action")
	}
}

func TestMutation_refusalsAreSorted(t *testing.T) {
	for _, test := range []struct {
		name    string
		machine sim.Machine
		status  int
		want    driver.Kind
		posts   int
	}{
		{"422 of a suspended VM", sim.Machine{ID: 400, State: "suspended"}, 0, driver.KindInvalid, 2},
		{"422 of a broken VM", sim.Machine{ID: 400, State: "error"}, 0, driver.KindInvalid, 2},
		{"404 of no VM", sim.Machine{ID: 401, State: "running"}, 0, driver.KindInvalid, 0},
		{"403 of another account's", sim.Machine{ID: 400, Foreign: true}, 0, driver.KindPermission, 0},
		{"402", sim.Machine{ID: 400, State: "running"}, 402, driver.KindLimit, 1},
		{"400", sim.Machine{ID: 400, State: "running"}, 400, driver.KindInvalid, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, 0)
			a.put(test.machine)
			if test.status != 0 {
				a.meddle = onFirst(
					"POST",
					"/snapshot",
					say(test.status, `{"message":"[VPS:1] no","correlation_id":"c"}`),
				)
			}
			_, _, err := a.open().CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "400"})
			failed := isKind(t, "create", err, test.want)
			if failed.RequestID == "" || failed.Code == "" {
				t.Errorf("the error lacks what support needs: %+v", failed)
			}
			if got := posts(a.requests()); got != test.posts {
				t.Errorf("sent %d times, want %d", got, test.posts)
			}
		})
	}
}

func TestKindOf_lockByStatus(t *testing.T) {
	for _, status := range []int{http.StatusConflict, http.StatusLocked} {
		a := start(t, 0)
		a.meddle = onFirst("POST", "/snapshot", say(status, `{"message":"busy"}`))
		if snap := create(t, a.open(), driver.SnapshotSpec{SourceID: free}); snap.ID != "326" {
			t.Errorf("%d: made %+v", status, snap)
		}
	}
}

func TestCreateSnapshot_lockLiftedBeforeTheQuestion(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst("POST", "/snapshot", say(422, `{"message":"[VPS:2004] locked"}`))
	if snap := create(t, a.open(), driver.SnapshotSpec{SourceID: free}); snap.ID != "326" {
		t.Errorf("made %+v", snap)
	}
}

func TestWaitSnapshot_failedActionIsSaidWithItsNumber(t *testing.T) {
	a := start(t, 0)
	a.put(sim.Machine{ID: 500, State: "running", Fails: true})
	c := a.open()
	made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "500"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	failed := isKind(t, "wait", err, driver.KindFailed)
	if failed.OperationID != operation.ID || !strings.Contains(failed.Message, operation.ID) ||
		!strings.Contains(failed.Hint, "hPanel") {
		t.Errorf("got %+v", failed)
	}
	gone := second(c.SnapshotOf(t.Context(), made.Ref(), operation))
	isKind(t, "read afterwards", gone, driver.KindNotFound)
}

// An action of a restore fails as that of a create does: later, or in the first answer.
func TestRestoreSnapshot_failedAction(t *testing.T) {
	a := start(t, 0)
	old := sim.Snapshot{ID: 77, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}
	a.put(sim.Machine{ID: 500, State: "running", Fails: true, Snapshot: &old})
	c, spec := a.open(), driver.RestoreSpec{SourceID: "500", SnapshotID: "77"}
	_, operation, err := c.StartRestore(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	failed := isKind(t, "wait", c.FinishRestore(t.Context(), spec.Ref(), operation), driver.KindFailed)
	if failed.OperationID != operation.ID || !strings.Contains(failed.Hint, "hPanel") {
		t.Errorf("got %+v", failed)
	}
	a.with(func() {
		a.meddle = onFirst("POST", "/restore", say(200, `{"id":78,"name":"snapshot_restore","state":"error"}`))
	})
	_, _, err = c.StartRestore(t.Context(), spec)
	if failed = isKind(t, "restore", err, driver.KindFailed); failed.OperationID != "78" {
		t.Errorf("got %+v", failed)
	}
}

func TestCreateSnapshot_failedInTheFirstAnswer(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst(
		"POST",
		"/snapshot",
		say(200, `{"id":77,"name":"snapshot_create","state":"ERROR","correlation_id":"c-77"}`),
	)
	_, _, err := a.open().CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free})
	failed := isKind(t, "create", err, driver.KindFailed)
	if failed.OperationID != "77" || failed.RequestID != "c-77" {
		t.Errorf("got %+v", failed)
	}
}

func TestGetOperation_words(t *testing.T) {
	a := start(t, 0)
	poller, ok := a.client().(driver.OperationGetter)
	if !ok {
		t.Fatal("no OperationGetter")
	}
	for state, want := range map[string]driver.OperationStatus{
		"created": {Status: "created"}, "sent": {Status: "sent"}, "delayed": {Status: "delayed"},
		"Pondering": {Status: "pondering"}, "": {},
		"success": {Done: true, Status: "success"}, "SUCCESS": {Done: true, Status: "success"},
	} {
		a.with(func() { a.meddle = onFirst("GET", "/actions/5", say(200, `{"id":5,"state":"`+state+`"}`)) })
		if got, err := poller.GetOperation(t.Context(), driver.Operation{ID: "5", SourceID: free}); err != nil ||
			got != want {
			t.Errorf("%q: got %+v, %v", state, got, err)
		}
	}
	_, err := poller.GetOperation(t.Context(), driver.Operation{ID: "6", SourceID: free})
	if got := a.client().KindOf(err); got != driver.KindNotFound {
		t.Errorf("an unknown action is %d: %v", got, err)
	}
}

func TestDeleteSnapshot_lostReplyIsFollowedByALook(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst("DELETE", "/snapshot", a.lose)
	if err := a.open().DeleteSnapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(a.requests(), " "); strings.Count(got, "DELETE") != 1 || a.slot(full) != "" {
		t.Errorf("sent %s", got)
	}
}

func TestDeleteSnapshot_doesNotHitWhatCameInBetween(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst("DELETE", "/snapshot", func(w http.ResponseWriter, r *http.Request) {
		// The first try is acted on without an answer, and somebody else takes a snapshot at once.
		r.Method = http.MethodDelete
		a.sim.ServeHTTP(discard{}, r)
		made := r.Clone(r.Context())
		made.Method = http.MethodPost
		a.sim.ServeHTTP(discard{}, made)
		drop(t, w)
	})
	if err := a.open().DeleteSnapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"}); err != nil {
		t.Fatal(err)
	}
	if got := a.slot(full); got != "326" {
		t.Errorf("the slot holds %q, want the foreign snapshot", got)
	}
}

func TestDeleteSnapshot_survivesAFailureOfTheCloud(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst("DELETE", "/snapshot", say(503, ""))
	if err := a.open().DeleteSnapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"}); err != nil {
		t.Fatal(err)
	}
	a = start(t, 0)
	a.meddle = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete {
			say(500, `{"message":"Error message"}`)(w, r)
		}
		return r.Method == http.MethodDelete
	}
	isKind(
		t,
		"delete",
		a.open().DeleteSnapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"}),
		driver.KindUnavailable,
	)
}

func TestDeleteSnapshot_emptyAnswerWaitsForTheSnapshotToGo(t *testing.T) {
	a := start(t, time.Hour)
	a.meddle = onFirst("DELETE", "/snapshot", func(w http.ResponseWriter, r *http.Request) {
		a.sim.ServeHTTP(discard{}, r)
		w.WriteHeader(http.StatusNoContent)
		a.config.Clock.Offset += time.Hour
	})
	if err := a.open().DeleteSnapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"}); err != nil {
		t.Fatal(err)
	}
	if got := a.slot(full); got != "" {
		t.Errorf("the slot holds %q", got)
	}
}

package hostinger_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
)

// posts counts the requests that make a snapshot.
func posts(seen []string) (n int) {
	for _, s := range seen {
		if strings.HasPrefix(s, "POST ") {
			n++
		}
	}
	return n
}

func TestCreateSnapshot_occupiedIsRefusedBeforeThePost(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full})
	occupied := isKind(t, "create", err, driver.KindWouldOverwrite)
	if len(occupied.ExistingSnapshots) != 1 || occupied.ExistingSnapshots[0].ID != "325" || occupied.Now.IsZero() {
		t.Errorf("the refusal is %+v", occupied)
	}
	if posts(a.requests()) != 0 || a.slot(full) != "325" {
		t.Error("the existing snapshot was overwritten")
	}
}

func TestCreateSnapshot_beforeDestroyOnOneVMLeavesTheNewOne(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	old := create(t, c, driver.SnapshotSpec{SourceID: free})
	made := create(t, c, driver.SnapshotSpec{SourceID: free, ReplaceExisting: true})
	if made.ID == old.ID {
		t.Fatalf("both are %s", old.ID)
	}
	if err := c.DeleteSnapshot(t.Context(), old.Ref()); err != nil {
		t.Fatal(err)
	}
	if got := a.slot(free); got != made.ID {
		t.Errorf("the slot holds %q, want %s", got, made.ID)
	}
	if strings.Contains(strings.Join(a.requests(), " "), "DELETE") {
		t.Error("a delete was sent")
	}
}

func TestCreateSnapshot_whileTheOldOneIsStillShown(t *testing.T) {
	a := start(t, time.Hour)
	c := a.open()
	made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full, ReplaceExisting: true})
	if err != nil || operation.Supersedes != "325" || operation.SupersedesCreatedAt.IsZero() {
		t.Fatalf("accepted %+v, %v", operation, err)
	}
	// Another process resumes with what the state holds.
	again, err := a.open().SnapshotOf(t.Context(), made.Ref(), operation)
	if err != nil || again.ID != "" || again.State != driver.StateCreating || again.SourceID != full {
		t.Errorf("read during the wait: %+v, %v", again, err)
	}
	a.advance(time.Hour)
	done, err := a.open().SnapshotOf(t.Context(), made.Ref(), operation)
	if err != nil || done.ID != "326" || done.State != driver.StateReady {
		t.Errorf("read after it: %+v, %v", done, err)
	}
}

func TestWaitSnapshot_takesTheOldOneForNothingNew(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full, ReplaceExisting: true})
	if err != nil {
		t.Fatal(err)
	}
	// The action is over, and for a while the API still shows the old snapshot, and then none.
	old := `{"id":325,"created_at":"` + operation.SupersedesCreatedAt.Format(time.RFC3339) + `"}`
	shown := 0
	a.meddle = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/snapshot") {
			return false
		}
		switch shown++; shown {
		case 1, 2:
			say(200, old)(w, r)
		case 3:
			say(404, "{}")(w, r)
		default:
			return false
		}
		return true
	}
	if snap, err := c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{}); err != nil || snap.ID != "326" ||
		shown != 4 {
		t.Errorf("waited for %+v in %d looks, %v", snap, shown, err)
	}
}

func TestCreateSnapshot_lostReplyIsAdopted(t *testing.T) {
	for _, test := range []struct {
		name string
		spec driver.SnapshotSpec
		do   func(a *account) func(http.ResponseWriter, *http.Request)
	}{
		{
			"dropped",
			driver.SnapshotSpec{SourceID: free},
			func(a *account) func(http.ResponseWriter, *http.Request) { return a.lose },
		},
		{
			"dropped, replacing",
			driver.SnapshotSpec{SourceID: full, ReplaceExisting: true},
			func(a *account) func(http.ResponseWriter, *http.Request) { return a.lose },
		},
		{"500 after acting", driver.SnapshotSpec{
			SourceID: free,
		}, func(a *account) func(http.ResponseWriter, *http.Request) {
			return func(w http.ResponseWriter, r *http.Request) {
				a.sim.ServeHTTP(discard{}, r)
				say(500, `{"message":"Error message","correlation_id":"c"}`)(w, r)
			}
		}},
		{"not JSON", driver.SnapshotSpec{SourceID: free}, func(a *account) func(http.ResponseWriter, *http.Request) {
			return func(w http.ResponseWriter, r *http.Request) {
				a.sim.ServeHTTP(discard{}, r)
				say(200, `<html>`)(w, r)
			}
		}},
		{"empty answer", driver.SnapshotSpec{
			SourceID: free,
		}, func(a *account) func(http.ResponseWriter, *http.Request) {
			return func(w http.ResponseWriter, r *http.Request) {
				a.sim.ServeHTTP(discard{}, r)
				w.WriteHeader(http.StatusNoContent)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, 0)
			a.meddle = onFirst("POST", "/snapshot", test.do(a))
			if snap := create(t, a.open(), test.spec); snap.ID != "326" {
				t.Errorf("adopted %+v", snap)
			}
			if seen := a.requests(); posts(seen) != 1 {
				t.Errorf("sent %v", seen)
			}
		})
	}
}

func TestCreateSnapshot_lostRequestIsSaidToBeAmbiguous(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst("POST", "/snapshot", func(w http.ResponseWriter, _ *http.Request) { drop(t, w) })
	_, _, err := a.open().CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free})
	isKind(t, "create", err, driver.KindAmbiguous)
	if posts(a.requests()) != 1 {
		t.Error("the create was sent again")
	}
}

func TestCreateSnapshot_adoptsNothingOfAnotherResource(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	first := create(t, c, driver.SnapshotSpec{SourceID: free})
	a.with(func() {
		a.meddle = onFirst("POST", "/snapshot", func(w http.ResponseWriter, _ *http.Request) { drop(t, w) })
	})
	_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free, ReplaceExisting: true})
	isKind(t, "create", err, driver.KindAmbiguous)
	if got := a.slot(free); got != first.ID {
		t.Errorf("the slot holds %q", got)
	}
}

func TestCreateSnapshot_429IsWaitedOut(t *testing.T) {
	a := start(t, 0)
	a.meddle = onFirst("POST", "/snapshot", say(429, `{"message":"Too many requests","correlation_id":"c"}`))
	if snap := create(t, a.open(), driver.SnapshotSpec{SourceID: free}); snap.ID != "326" {
		t.Errorf("made %+v", snap)
	}
}

func TestCreatedSince_findsTheNewestOnly(t *testing.T) {
	a := start(t, 0)
	keeper, ok := a.client().(driver.SingleSnapshotter)
	if !ok {
		t.Fatal("no SingleSnapshotter")
	}
	now := a.config.Now().Truncate(time.Second)
	m := sim.Machine{ID: 300, State: "running"}
	m.Actions = append(m.Actions,
		&sim.Action{ID: 9, Name: "Create VM Snapshot", State: "delayed", CreatedAt: now.Add(time.Second)},
		&sim.Action{ID: 8, Name: "snapshot_delete", State: "success", CreatedAt: now},
		&sim.Action{ID: 7, Name: "snapshot_create", State: "error", CreatedAt: now},
		&sim.Action{ID: 6, Name: "snapshot_create", State: "success", CreatedAt: now},
		&sim.Action{ID: 5, Name: "snapshot_create", State: "success", CreatedAt: now.Add(-time.Second)})
	for i := range 40 {
		m.Actions = append(
			m.Actions,
			&sim.Action{ID: int64(100 + i), Name: "snapshot_create", State: "success", CreatedAt: now.Add(-time.Hour)},
		)
	}
	a.put(m)
	operations, err := keeper.CreatedSince(t.Context(), driver.Ref{SourceID: "300"}, now)
	if err != nil || len(operations) != 2 || operations[0].ID != "9" || operations[1].ID != "6" ||
		operations[0].SourceID != "300" ||
		!operations[0].PollObject {
		t.Errorf("found %+v, %v", operations, err)
	}
	if n := len(a.requests()); n != 1 {
		t.Errorf("read %d pages although the first reaches back far enough", n)
	}
	// The order is not documented: the oldest first must be found as well.
	for i, j := 0, len(m.Actions)-1; i < j; i, j = i+1, j-1 {
		m.Actions[i], m.Actions[j] = m.Actions[j], m.Actions[i]
	}
	a.put(m)
	if operations, err := keeper.CreatedSince(t.Context(), driver.Ref{SourceID: "300"}, now); err != nil ||
		len(operations) != 2 {
		t.Errorf("found %+v, %v", operations, err)
	}
	if n := len(a.requests()); n != 3 {
		t.Errorf("read %d pages, want 3", n)
	}
}

// How the API says that a VM has no snapshot is not documented, so one odd answer never decides: not to overwrite, not
// to forget, and not to report a deletion.
func TestSnapshot_oneOddAnswerDecidesNothing(t *testing.T) {
	for name, odd := range map[string]func(http.ResponseWriter, *http.Request){
		"404":    say(http.StatusNotFound, `{"message":"[VPS:2002] Route is not found","correlation_id":"c"}`),
		"empty":  say(http.StatusOK, ""),
		"null":   say(http.StatusOK, "null"),
		"object": say(http.StatusOK, "{}"),
		"list":   say(http.StatusOK, "[]"),
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, 0)
			c := a.open()
			once := func() { a.meddle = onFirst("GET", "/snapshot", odd) }

			once()
			read, err := c.Snapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"})
			if err != nil || read.ID != "325" {
				t.Errorf("the snapshot is forgotten: %+v, %v", read, err)
			}
			once()
			_, _, err = c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full})
			isKind(t, "create", err, driver.KindWouldOverwrite)
			once()
			err = c.DeleteSnapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"})
			if err != nil || a.slot(full) != "" {
				t.Errorf("the deletion is reported and not done: %v, the slot holds %q", err, a.slot(full))
			}
		})
	}
}

// The plan and the create right after it are five requests and the polls. None of them can be left out: the plan finds
// a snapshot and a missing VM, the listing is from before the create, and a second look confirms an empty slot.
func TestCreateSnapshot_callsWithItsPlan(t *testing.T) {
	a := start(t, 0)
	spec := driver.SnapshotSpec{SourceID: free}
	plan := []string{"GET /17923/snapshot", "GET /17923/actions"}
	if err := a.open().CheckExistingSnapshot(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan, a.requests()); diff != "" {
		t.Errorf("plan: %s", diff)
	}
	c := a.open()
	if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	create(t, c, spec)
	want := slices.Concat(plan, []string{
		"GET /17923/snapshot", "POST /17923/snapshot", "GET /17923/actions/555001", "GET /17923/snapshot",
	})
	if diff := cmp.Diff(want, a.requests()); diff != "" {
		t.Errorf("apply: %s", diff)
	}
}

// One odd answer to the plan overwrites nothing: the create looks again. It does not cost the old snapshot of a
// replacement either, which Terraform deletes before the create, and does not hide what is overwritten.
func TestCheckExistingSnapshot_oneOddAnswerLosesNothing(t *testing.T) {
	odd := say(http.StatusNotFound, `{"message":"[VPS:2002] Route is not found","correlation_id":"c"}`)
	spec := driver.SnapshotSpec{SourceID: full}
	t.Run("create", func(t *testing.T) {
		a := start(t, 0)
		a.meddle = onFirst("GET", "/snapshot", odd)
		c := a.open()
		if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
		_, _, err := c.CreateSnapshot(t.Context(), spec)
		isKind(t, "create", err, driver.KindWouldOverwrite)
		if posts(a.requests()) != 0 || a.slot(full) != "325" {
			t.Error("the existing snapshot was overwritten")
		}
	})
	t.Run("replacement", func(t *testing.T) {
		a := start(t, 0)
		c := a.open()
		create(t, c, driver.SnapshotSpec{SourceID: free})
		a.with(func() { a.meddle = onFirst("GET", "/snapshot", odd) })
		isKind(t, "plan", c.CheckExistingSnapshot(t.Context(), spec), driver.KindWouldOverwrite)
	})
	t.Run("replace_existing", func(t *testing.T) {
		a := start(t, 0)
		a.meddle = onFirst("GET", "/snapshot", odd)
		spec := driver.SnapshotSpec{SourceID: full, ReplaceExisting: true}
		if old, found, err := a.open().Overwrites(t.Context(), spec); err != nil || !found || old.ID != "325" {
			t.Errorf("the plan shows %+v, %t, %v", old, found, err)
		}
	})
}

// An empty slot of a VM that does not answer is no plan.
func TestCheckExistingSnapshot_needsAVMThatAnswers(t *testing.T) {
	for status, want := range map[int]driver.Kind{
		401: driver.KindAuth, 403: driver.KindPermission, 404: driver.KindInvalid, 500: driver.KindUnavailable,
	} {
		a := start(t, 0)
		a.meddle = func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/actions") {
				return false
			}
			say(status, `{"message":"[VPS:2000] y","correlation_id":"c-2"}`)(w, r)
			return true
		}
		failed := isKind(
			t, "plan", a.open().CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free}), want,
		)
		if failed.RequestID == "" || failed.Code == "" {
			t.Errorf("the error lacks what support needs: %+v", failed)
		}
	}
}

// The listing of a plan is from before the create: what it shows is not the result of a lost create.
func TestCreateSnapshot_lostAfterItsPlanAdoptsNothingOlder(t *testing.T) {
	for _, acts := range []bool{false, true} {
		a := start(t, 0)
		now := a.config.Now().Truncate(time.Second)
		m := sim.Machine{ID: 300, State: "running"}
		m.Actions = append(m.Actions, &sim.Action{ID: 9, Name: "snapshot_create", State: "success", CreatedAt: now})
		a.put(m)
		c, spec := a.open(), driver.SnapshotSpec{SourceID: "300"}
		if err := c.CheckExistingSnapshot(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
		a.with(func() {
			a.meddle = onFirst("POST", "/snapshot", func(w http.ResponseWriter, r *http.Request) {
				if acts {
					a.lose(w, r)
					return
				}
				drop(t, w)
			})
		})
		_, operation, err := c.CreateSnapshot(t.Context(), spec)
		switch {
		case acts && (err != nil || operation.ID == "9" || !operation.Adopted):
			t.Errorf("adopted %+v, %v", operation, err)
		case !acts:
			isKind(t, "create", err, driver.KindAmbiguous)
		}
		if seen := a.requests(); posts(seen) != 1 {
			t.Errorf("sent %v", seen)
		}
	}
}

// An empty form that stays is believed, if the VM itself answers.
func TestSnapshot_emptyFormsAreBelievedOfAVMThatAnswers(t *testing.T) {
	for _, body := range []string{"", "null", "{}", "[]"} {
		a := start(t, 0)
		c := a.open()
		a.meddle = func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/snapshot") {
				say(http.StatusOK, body)(w, r)
				return true
			}
			return false
		}
		_, err := c.Snapshot(t.Context(), driver.Ref{SourceID: free, ObjectID: "1"})
		isKind(t, "a VM that answers", err, driver.KindNotFound)
	}
}

// The order of the actions is not documented. A page that only begins later than it ends says nothing of the pages
// after it.
func TestCreatedSince_readsAllPagesOfAnUnorderedListing(t *testing.T) {
	a := start(t, 0)
	keeper, ok := a.client().(driver.SingleSnapshotter)
	if !ok {
		t.Fatal("no SingleSnapshotter")
	}
	now := a.config.Now().Truncate(time.Second)
	m := sim.Machine{ID: 300, State: "running"}
	for i := range 40 {
		// Neither ascending nor descending, and each page begins later than it ends.
		age := time.Duration(1+(i*7)%15+i/15) * time.Hour
		m.Actions = append(
			m.Actions,
			&sim.Action{ID: int64(100 + i), Name: "vm_start", State: "success", CreatedAt: now.Add(-age)},
		)
	}
	created := &sim.Action{ID: 9, Name: "snapshot_create", State: "sent", CreatedAt: now}
	m.Actions = append(
		m.Actions,
		created,
		&sim.Action{ID: 99, Name: "vm_stop", State: "success", CreatedAt: now.Add(-48 * time.Hour)},
	)
	a.put(m)
	operations, err := keeper.CreatedSince(t.Context(), driver.Ref{SourceID: "300"}, now)
	if err != nil || len(operations) != 1 || operations[0].ID != "9" {
		t.Errorf("found %+v, %v after %v", operations, err, a.requests())
	}

	// A page may show again what moved down from the page before it: that is one action.
	m.Actions = append(m.Actions, created)
	a.put(m)
	if operations, err = keeper.CreatedSince(t.Context(), driver.Ref{SourceID: "300"}, now); err != nil ||
		len(operations) != 1 {
		t.Errorf("found %+v, %v", operations, err)
	}
}

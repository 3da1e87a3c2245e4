package hostinger_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
)

const (
	free, full, foreignVM = "17923", "17924", "99999"
)

func asError(err error, out **driver.Error) bool { return errors.As(err, out) }

// create makes a snapshot and waits for it.
func create(t *testing.T, c *cloud.Cloud, spec driver.SnapshotSpec) driver.Snapshot {
	t.Helper()
	made, operation, err := c.CreateSnapshot(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if made.ID != "" || made.State != driver.StateCreating || made.SourceID != spec.SourceID || operation.ID == "" ||
		!operation.PollObject {
		t.Errorf("accepted: %+v, %+v", made, operation)
	}
	ready, err := c.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

func TestDriver_lifeOfASnapshotAndItsCalls(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	snap := create(t, c, driver.SnapshotSpec{SourceID: free})
	if snap.ID != "326" || snap.SourceID != free || snap.State != driver.StateReady || snap.RestoreTimeSeconds == nil ||
		snap.ExpiresAt.Sub(snap.CreatedAt) != 480*time.Hour {
		t.Errorf("made %+v", snap)
	}
	want := []string{
		"GET /17923/actions",
		"GET /17923/snapshot",
		"GET /17923",
		"GET /17923/snapshot",
		"POST /17923/snapshot",
		"GET /17923/actions/555001",
		"GET /17923/snapshot",
	}
	if diff := cmp.Diff(want, a.requests()); diff != "" {
		t.Errorf("create: %s", diff)
	}

	again, err := c.Snapshot(t.Context(), snap.Ref())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(snap, again); diff != "" {
		t.Errorf("read: %s", diff)
	}
	if diff := cmp.Diff([]string{"GET /17923/snapshot"}, a.requests()); diff != "" {
		t.Errorf("read: %s", diff)
	}

	if err := c.DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(
		[]string{"GET /17923/snapshot", "DELETE /17923/snapshot", "GET /17923/actions/555002"}, a.requests(),
	); diff != "" {
		t.Errorf("delete: %s", diff)
	}
	_, err = c.Snapshot(t.Context(), snap.Ref())
	isKind(t, "read what is gone", err, driver.KindNotFound)
	if diff := cmp.Diff(
		[]string{"GET /17923/snapshot", "GET /17923", "GET /17923/snapshot"}, a.requests(),
	); diff != "" {
		t.Errorf("read what is gone: %s", diff)
	}
	if err := c.DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
		t.Errorf("delete what is gone: %v", err)
	}
}

func TestDriver_pollsUntilTheActionIsOver(t *testing.T) {
	a := start(t, time.Hour)
	words := 0
	a.meddle = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/actions/") {
			words++
			a.config.Clock.Offset += 25 * time.Minute
		}
		return false
	}
	if snap := create(t, a.open(), driver.SnapshotSpec{SourceID: free}); snap.ID != "326" || words != 3 {
		t.Errorf("made %+v after %d polls", snap, words)
	}
}

func TestDriver_lists(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	create(t, c, driver.SnapshotSpec{SourceID: free})
	a.put(sim.Machine{ID: 17925, State: "stopped", Empty: "[]"})
	a.put(sim.Machine{ID: 17926, State: "stopped"})
	for source, want := range map[string]string{"": "326 325", free: "326", full: "325", "17925": "", "17926": ""} {
		list, err := c.Snapshots(t.Context(), driver.SnapshotFilter{SourceID: source})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, s := range list {
			ids = append(ids, s.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("snapshots of %q: %q, want %q", source, got, want)
		}
	}
	_, err := c.Snapshots(t.Context(), driver.SnapshotFilter{SourceID: "1"})
	isKind(t, "list of a VM that is not there", err, driver.KindInvalid)
	a.meddle = onFirst("GET", "/17924/snapshot", say(403, `{}`))
	_, err = c.Snapshots(t.Context(), driver.SnapshotFilter{})
	isKind(t, "list with a refusal", err, driver.KindPermission)
}

func TestSnapshot_noneInEveryForm(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	for i, form := range []string{"", "null", "{}", "[]", "-", `{"id":0}`} {
		id := 200 + i
		a.put(sim.Machine{ID: int64(id), State: "running", Empty: form})
		ref := driver.Ref{SourceID: fmt.Sprint(id)}
		_, err := c.Snapshot(t.Context(), ref)
		isKind(t, "read "+form, err, driver.KindNotFound)
		if err := c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: ref.SourceID}); err != nil {
			t.Errorf("%q counts as a snapshot: %v", form, err)
		}
		if snap := create(t, c, driver.SnapshotSpec{SourceID: ref.SourceID}); snap.SourceID != ref.SourceID {
			t.Errorf("made %+v", snap)
		}
	}
}

func TestSnapshot_absenceNeedsAVMThatAnswers(t *testing.T) {
	for _, test := range []struct {
		name     string
		snapshot int
		vm       int
		want     driver.Kind
	}{
		{"both gone", 404, 404, driver.KindNotFound},
		{"VM of somebody else", 404, 403, driver.KindPermission},
		{"token expired", 404, 401, driver.KindAuth},
		{"VM fails", 404, 500, driver.KindUnavailable},
		{"snapshot refused", 403, 200, driver.KindPermission},
		{"snapshot fails", 503, 200, driver.KindUnavailable},
		{"token expired at once", 401, 200, driver.KindAuth},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, 0)
			a.meddle = func(w http.ResponseWriter, r *http.Request) bool {
				switch {
				case strings.HasSuffix(r.URL.Path, "/snapshot"):
					say(test.snapshot, `{"message":"[VPS:2002] x","correlation_id":"c-1"}`)(w, r)
				case test.vm != 200:
					say(test.vm, `{"message":"[VPS:2000] y","correlation_id":"c-2"}`)(w, r)
				default:
					return false
				}
				return true
			}
			failed := isKind(
				t,
				"read",
				second(a.open().Snapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"})),
				test.want,
			)
			if failed.RequestID == "" || failed.Code == "" {
				t.Errorf("the error lacks what support needs: %+v", failed)
			}
		})
	}
}

func second(_ driver.Snapshot, err error) error { return err }

func TestSnapshot_ofSomebodyElseIsNotOurs(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	ref := driver.Ref{SourceID: full, ObjectID: "7"}
	_, err := c.Snapshot(t.Context(), ref)
	isKind(t, "read", err, driver.KindNotFound)
	if err := c.DeleteSnapshot(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.Join(a.requests(), " "), "DELETE") || a.slot(full) != "325" {
		t.Error("a foreign snapshot was deleted")
	}
}

func TestDeleteSnapshot_withoutAnIDDeletesNothing(t *testing.T) {
	a := start(t, 0)
	client, ok := a.client().(driver.Snapshotter)
	if !ok {
		t.Fatal("no Snapshotter")
	}
	_, err := client.DeleteSnapshot(t.Context(), driver.Ref{SourceID: full})
	isKind(t, "delete", err, driver.KindConflict)
	if a.slot(full) != "325" {
		t.Error("a snapshot was deleted, and the call names none")
	}
	_, err = client.DeleteSnapshot(t.Context(), driver.Ref{SourceID: free})
	isKind(t, "delete of nothing", err, driver.KindNotFound)
}

func TestSnapshot_expiredIsGoneByTheCloudsClock(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	if _, err := c.Snapshot(t.Context(), driver.Ref{SourceID: full}); err != nil {
		t.Fatal(err)
	}
	// Whoever still shows it, it is too late: the answer's Date is that of a clock far ahead.
	late := a.config.Now().Add(100 * 24 * time.Hour)
	expired := late.Add(-time.Hour).Format(time.RFC3339)
	body := `{"id":325,"created_at":"2026-01-01T00:00:00Z","expires_at":"` + expired + `"}`
	a.meddle = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Date", late.Format(http.TimeFormat))
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/snapshot") {
			say(200, body)(w, r)
			return true
		}
		return false
	}
	failed := isKind(
		t,
		"read",
		second(c.Snapshot(t.Context(), driver.Ref{SourceID: full, ObjectID: "325"})),
		driver.KindNotFound,
	)
	if !strings.Contains(failed.Message, "expired") {
		t.Errorf("the reason is %q", failed.Message)
	}
	if err := c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full}); err != nil {
		t.Errorf("what has expired occupies the slot: %v", err)
	}
	_, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full})
	if err != nil || operation.Supersedes != "325" {
		t.Errorf("create over what has expired: %+v, %v", operation, err)
	}
}

func TestCheckSlot_atPlan(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	occupied := isKind(
		t,
		"check",
		c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: full}),
		driver.KindWouldOverwrite,
	)
	if len(occupied.ExistingSnapshots) != 1 || occupied.ExistingSnapshots[0].ID != "325" ||
		!strings.Contains(occupied.Message, "3 days") {
		t.Errorf("the refusal is %+v", occupied)
	}
	if diff := cmp.Diff([]string{"GET /17924/snapshot"}, a.requests()); diff != "" {
		t.Error(diff)
	}
	if err := c.CheckExistingSnapshot(
		t.Context(), driver.SnapshotSpec{SourceID: full, ReplaceExisting: true},
	); err != nil {
		t.Errorf("with replace: %v", err)
	}
	if err := c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free}); err != nil {
		t.Errorf("free slot: %v", err)
	}
	isKind(
		t,
		"foreign VM",
		c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: foreignVM}),
		driver.KindPermission,
	)
	gone := isKind(
		t,
		"unknown VM",
		c.CheckExistingSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "1"}),
		driver.KindInvalid,
	)
	if gone.Status != 404 || gone.RequestID == "" {
		t.Errorf("the refusal is %+v", gone)
	}
}

func TestDriver_opensWithoutSettings(t *testing.T) {
	d := hostinger.Driver{}
	if _, err := d.Open(driver.Settings{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Open(driver.Settings{Values: map[string]string{"endpoint": "http://example.com"}}); err == nil {
		t.Error("plain http was accepted")
	}
	desc := d.Descriptor()
	if got := desc.IDShape(desc.Limits.SnapshotID); got != "hostinger/<vm_id>" {
		t.Errorf("the import ID is %q", got)
	}
	ref, err := desc.ParseID(desc.Limits.SnapshotID, "hostinger/17923")
	if err != nil || ref != (driver.Ref{SourceID: free}) {
		t.Errorf("parsed %+v, %v", ref, err)
	}
	for _, bad := range []string{"", "0", "017923", "-1", "abc", "17923/..", "99999999999999999999"} {
		if _, ok := rules.CheckSourceID(desc, rules.Text(bad)); ok {
			t.Errorf("the plan accepts VM %q", bad)
		}
	}
}

func TestDriver_badIDsAreAskedOfNobody(t *testing.T) {
	a := start(t, 0)
	c := a.open()
	for _, bad := range []string{"", "0", "017923", "17923/..", "abc"} {
		_, err := c.Snapshot(t.Context(), driver.Ref{SourceID: bad})
		isKind(t, bad, err, driver.KindInvalid)
		_, _, err = c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: bad})
		isKind(t, bad, err, driver.KindInvalid)
		isKind(t, bad, c.DeleteSnapshot(t.Context(), driver.Ref{SourceID: bad, ObjectID: "1"}), driver.KindInvalid)
	}
	if seen := a.requests(); len(seen) > 0 {
		t.Errorf("sent %v", seen)
	}
}

func TestWaitSnapshot_endsWithItsContext(t *testing.T) {
	a := start(t, time.Hour)
	c := a.open()
	made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: free})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	polls := 0
	a.with(func() {
		a.meddle = func(http.ResponseWriter, *http.Request) bool {
			if polls++; polls == 3 {
				cancel()
			}
			return false
		}
	})
	_, err = c.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{})
	isKind(t, "wait", err, driver.KindCanceled)
	a.advance(time.Hour)
	if snap, err := a.open().WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{}); err != nil ||
		snap.ID != "326" {
		t.Errorf("resumed: %+v, %v", snap, err)
	}
}

func TestDriver_wrongTokenIsSaid(t *testing.T) {
	a := start(t, 0)
	c := a.open(func(s *driver.Settings) { s.Values["token"] = "wrong" })
	failed := isKind(t, "read", second(c.Snapshot(t.Context(), driver.Ref{SourceID: full})), driver.KindAuth)
	if failed.Message != "Unauthenticated" || failed.RequestID == "" {
		t.Errorf("got %+v", failed)
	}
}

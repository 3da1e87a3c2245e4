package contabo_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const (
	web1     = "42001"
	db1      = "42002"
	storage1 = "42003"
	app1     = "42011"
)

// start runs a sandbox with Contabo in it, and a Cloud on it.
func start(t *testing.T, options ...sandboxtest.Option) (*sandboxtest.Sandbox, *cloud.Cloud) {
	t.Helper()
	box := sandboxtest.Start(t, []driver.Driver{contabo.Driver{}}, options...)
	return box, open(t, box, nil)
}

// open makes a Cloud on a sandbox, with some settings changed.
func open(t *testing.T, box *sandboxtest.Sandbox, change func(*driver.Settings)) *cloud.Cloud {
	t.Helper()
	settings := box.Settings(contabo.Driver{})
	if change != nil {
		change(&settings)
	}
	c, err := cloud.Open(
		contabo.Driver{},
		settings,
		cloud.Options{PollInterval: time.Millisecond, Grace: 10 * time.Millisecond},
	)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return c
}

// create takes a snapshot that must succeed.
func create(t *testing.T, c *cloud.Cloud, source, name string) driver.Snapshot {
	t.Helper()
	made, operation, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: source, Name: name})
	if err != nil {
		t.Fatalf("create %q: %v", name, err)
	}
	if !operation.Done() {
		t.Fatalf("create %q left an operation: %+v", name, operation)
	}
	return made
}

// calls are the requests since the journal was cleared, without those for tokens.
func calls(box *sandboxtest.Sandbox) []string {
	var out []string
	for _, e := range box.Journal() {
		if !strings.HasSuffix(e.Path, "/token") {
			out = append(out, e.Method+" "+e.Path)
		}
	}
	return out
}

func grants(box *sandboxtest.Sandbox) int {
	n := 0
	for _, e := range box.Journal() {
		if strings.HasSuffix(e.Path, "/token") {
			n++
		}
	}
	return n
}

func wantKind(t *testing.T, err error, kind driver.Kind) {
	t.Helper()
	if driver.KindOf(err) != kind {
		t.Fatalf("kind %d wanted, got %d: %v", kind, driver.KindOf(err), err)
	}
}

func TestSnapshot_lifeTakesOneCallEach(t *testing.T) {
	box, c := start(t)
	ctx := t.Context()

	made, operation, err := c.CreateSnapshot(
		ctx,
		driver.SnapshotSpec{SourceID: web1, Name: "before upgrade", Description: "all of it"},
	)
	if err != nil {
		t.Fatal(err)
	}
	if made, err = c.WaitSnapshot(ctx, made, operation, driver.ReadyWhen{}); err != nil {
		t.Fatal(err)
	}
	if made.ID == "" || made.SourceID != web1 || made.State != driver.StateReady || made.Name != "before upgrade" ||
		made.Description != "all of it" ||
		made.ImageName != "debian-12" ||
		!made.ExpiresAt.Equal(made.CreatedAt.Add(30*24*time.Hour)) {
		t.Errorf("unexpected snapshot: %+v", made)
	}
	read, err := c.Snapshot(ctx, made.Ref())
	if err != nil || read != made {
		t.Errorf("read %+v (%v), created %+v", read, err, made)
	}
	name, description := "after upgrade", "the rest"
	changed, err := c.UpdateSnapshot(ctx, made.Ref(), driver.SnapshotChange{Name: &name, Description: &description})
	if err != nil || changed.Name != name || changed.Description != description || changed.ID != made.ID {
		t.Errorf("updated to %+v (%v)", changed, err)
	}
	if err := c.DeleteSnapshot(ctx, made.Ref()); err != nil {
		t.Fatal(err)
	}
	snapshots := "/contabo/v1/compute/instances/42001/snapshots"
	want := []string{
		"GET " + snapshots,
		"POST " + snapshots,
		"GET " + snapshots + "/" + made.ID,
		"PATCH " + snapshots + "/" + made.ID,
		"DELETE " + snapshots + "/" + made.ID,
	}
	if got := calls(box); !slices.Equal(got, want) {
		t.Errorf("calls\n got %q\nwant %q", got, want)
	}
	if n := grants(box); n != 1 {
		t.Errorf("%d grants", n)
	}
	_, err = c.Snapshot(ctx, made.Ref())
	wantKind(t, err, driver.KindNotFound)
	if err := c.DeleteSnapshot(ctx, made.Ref()); err != nil {
		t.Errorf("delete of what is gone: %v", err)
	}
}

func TestSnapshots_ofOneInstanceAndOfAll(t *testing.T) {
	box, c := start(t)
	create(t, c, app1, "first")
	box.Advance(time.Second)
	create(t, c, app1, "second")
	box.ClearJournal()

	of, err := c.Snapshots(t.Context(), driver.SnapshotFilter{SourceID: app1, NameContains: "econ"})
	if err != nil || len(of) != 1 || of[0].Name != "second" {
		t.Errorf("filtered: %+v (%v)", of, err)
	}
	if n := len(calls(box)); n != 1 {
		t.Errorf("%d calls for one listing", n)
	}
	all, err := c.Snapshots(t.Context(), driver.SnapshotFilter{})
	if err != nil || len(all) != 3 || all[0].Name != "second" || all[2].Name != "made by hand" ||
		all[2].SourceID != web1 {
		t.Errorf("all: %+v (%v)", all, err)
	}
	if n := len(calls(box)); n != 1+1+9 {
		t.Errorf("%d calls for nine instances", n-1)
	}
}

func TestSnapshots_instanceGoneMeanwhile(t *testing.T) {
	box, c := start(t)
	absent := sandbox.Fault{
		Method: http.MethodGet, Path: "/instances/42002(/snapshots)?$", Do: sandbox.DoStatus, Status: http.StatusNotFound,
		Body: map[string]any{"statusCode": 404, "message": "Entry Instances not found by instanceId = 42002"},
	}
	box.Fault(absent)
	all, err := driver.Collect(c.ListSnapshots(t.Context(), driver.SnapshotFilter{}))
	if err != nil || len(all) != 1 {
		t.Errorf("%+v (%v)", all, err)
	}
	// The instance exists, so its snapshots would be missing.
	absent.Path = "/instances/42002/snapshots$"
	box.Fault(absent)
	_, err = driver.Collect(c.ListSnapshots(t.Context(), driver.SnapshotFilter{}))
	wantKind(t, err, driver.KindNotFound)
	box.Fault(sandbox.Fault{Path: "/instances/42002/snapshots$", Do: sandbox.DoStatus, Status: http.StatusForbidden})
	_, err = driver.Collect(c.ListSnapshots(t.Context(), driver.SnapshotFilter{}))
	wantKind(t, err, driver.KindPermission)
}

func TestSnapshot_slotsUsedUp(t *testing.T) {
	_, c := start(t)
	create(t, c, db1, "only one")
	for source, text := range map[string]string{
		db1:      "Total snapshots exceed the total max limit of 1 snapshots",
		storage1: "Total snapshots exceed the total max limit of 0 snapshots",
	} {
		_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: source, Name: "one more"})
		wantKind(t, err, driver.KindLimit)
		e := asError(t, err)
		if e.Message != text || e.Status != http.StatusPaymentRequired || e.RequestID == "" {
			t.Errorf("%+v", e)
		}
		if source == db1 && (len(e.ExistingSnapshots) != 1 || e.ExistingSnapshots[0].Name != "only one") {
			t.Errorf("existing snapshots: %+v", e.ExistingSnapshots)
		}
	}
}

func TestSnapshot_expires(t *testing.T) {
	box, c := start(t)
	made := create(t, c, web1, "short-lived")
	box.Advance(30*24*time.Hour - time.Minute)
	if _, err := c.Snapshot(t.Context(), made.Ref()); err != nil {
		t.Errorf("a minute before the end: %v", err)
	}
	box.Advance(2 * time.Minute)
	_, err := c.Snapshot(t.Context(), made.Ref())
	wantKind(t, err, driver.KindNotFound)
}

func TestSnapshot_lostAnswerIsAdopted(t *testing.T) {
	for _, do := range []string{sandbox.DoLose, sandbox.DoTruncate, sandbox.DoGarbage} {
		t.Run(do, func(t *testing.T) {
			box, c := start(t)
			box.Fault(sandbox.Fault{Method: http.MethodPost, Path: "/snapshots$", Do: do})
			made := create(t, c, app1, "nightly")
			if list := box.Inventory()["contabo"].Snapshots; len(list) != 2 || list[1].SnapshotID != made.ID {
				t.Errorf("made %+v, there is %+v", made, list)
			}
		})
	}
}

func TestSnapshot_successWithoutAnObjectIsAdopted(t *testing.T) {
	for name, body := range map[string]any{
		"empty": "", "no data": map[string]any{"data": []any{}},
		"no ID": map[string]any{"data": []any{map[string]any{}}},
	} {
		t.Run(name, func(t *testing.T) {
			box, c := start(t)
			box.Fault(
				sandbox.Fault{
					Method: http.MethodPost,
					Path:   "/snapshots$",
					Do:     sandbox.DoStatus,
					Status: http.StatusCreated,
					Body:   body,
				},
			)
			_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: app1, Name: "nightly"})
			wantKind(t, err, driver.KindAmbiguous)
		})
	}
}

func TestSnapshot_gatewayFailureIsNotSentTwice(t *testing.T) {
	box, c := start(t)
	box.Fault(
		sandbox.Fault{
			Method: http.MethodPost,
			Path:   "/snapshots$",
			Do:     sandbox.DoStatus,
			Status: http.StatusServiceUnavailable,
			Body:   "<html><title>busy</title></html>",
		},
	)
	_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: app1, Name: "nightly"})
	wantKind(t, err, driver.KindAmbiguous)
	got := calls(box)
	if len(got) < 3 || !strings.HasPrefix(got[1], "POST") ||
		slices.ContainsFunc(got[2:], func(call string) bool { return !strings.HasPrefix(call, "GET") }) {
		t.Errorf("calls: %q", got)
	}
}

func TestSnapshot_errorsKeepTheirKind(t *testing.T) {
	nest := func(status int) map[string]any { return map[string]any{"statusCode": status, "message": "so it is"} }
	page := "<html><head><title>404 Not Found</title></head></html>"
	for name, c := range map[string]struct {
		status int
		body   any
		kind   driver.Kind
	}{
		"unauthorized":     {401, nest(401), driver.KindAuth},
		"payment":          {402, nest(402), driver.KindLimit},
		"forbidden":        {403, nest(403), driver.KindPermission},
		"gone":             {404, nest(404), driver.KindNotFound},
		"some other page":  {404, page, driver.KindUnavailable},
		"conflict":         {409, nest(409), driver.KindConflict},
		"media type":       {415, nest(415), driver.KindInvalid},
		"server":           {500, nest(500), driver.KindUnavailable},
		"nothing to parse": {502, "", driver.KindUnavailable},
		"no object":        {200, map[string]any{"data": []any{}}, driver.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			box, contabo := start(t)
			box.Fault(sandbox.Fault{Path: "/snapshots/", Do: sandbox.DoStatus, Status: c.status, Body: c.body})
			_, err := contabo.Snapshot(t.Context(), driver.Ref{SourceID: web1, ObjectID: "snap1"})
			wantKind(t, err, c.kind)
		})
	}
}

func TestSnapshot_foreignInstance(t *testing.T) {
	_, c := start(t)
	_, _, err := c.CreateSnapshot(t.Context(), driver.SnapshotSpec{SourceID: "99999", Name: "not mine"})
	wantKind(t, err, driver.KindNotFound)
	if e := asError(t, err); e.Message != "Entry Instances not found by instanceId = 99999" {
		t.Errorf("message %q", e.Message)
	}
	_, err = c.Snapshot(t.Context(), driver.Ref{SourceID: "../users", ObjectID: "snap1"})
	wantKind(t, err, driver.KindInvalid)
}

func TestSnapshot_canceled(t *testing.T) {
	box, c := start(t)
	box.Fault(sandbox.Fault{Method: http.MethodGet, Path: "/snapshots/", Do: sandbox.DoHang})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Snapshot(ctx, driver.Ref{SourceID: web1, ObjectID: "snap1"}); err == nil {
		t.Error("no error")
	}
}

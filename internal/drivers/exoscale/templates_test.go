package exoscale_test

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
)

// as finds one of the interfaces of the client.
func as[T any](t *testing.T, w *account) T {
	t.Helper()
	c, ok := w.client.(T)
	if !ok {
		t.Fatalf("%T lacks an interface", w.client)
	}
	return c
}

// finish polls an operation until it is over, as Cloud does, and returns its last answer.
func (w *account) finish(t *testing.T, operation driver.Operation) (driver.OperationStatus, error) {
	t.Helper()
	poller := as[driver.OperationGetter](t, w)
	for range 10 {
		status, err := poller.GetOperation(t.Context(), operation)
		if err != nil || status.Done {
			return status, err
		}
	}
	t.Fatalf("operation %+v does not end", operation)
	return driver.OperationStatus{}, nil
}

func (w *account) mustFinish(t *testing.T, operation driver.Operation) driver.OperationStatus {
	t.Helper()
	status, err := w.finish(t, operation)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func imageSpec() driver.ImageSpec {
	return driver.ImageSpec{
		Location: zone, Name: "golden", Description: "mail server",
		URL: "https://img.example.net/golden.qcow2", Version: "3",
		Checksum: "9e107d9d372bb6826bd81d3542a419d6", DefaultUser: "debian", BootMode: "uefi", SSHKeyEnabled: true,
	}
}

func TestImage_life(t *testing.T) {
	w := start(t)
	keeper, lister := as[driver.ImageKeeper](t, w), as[driver.ImageLister](t, w)
	made, operation, err := keeper.CreateImage(t.Context(), imageSpec())
	if err != nil || made.ID == "" || made.State != driver.StateCreating || made.Location != zone ||
		!operation.PollObject ||
		operation.ID == "" {
		t.Fatalf("made %+v with operation %+v, %v", made, operation, err)
	}
	if status := w.mustFinish(t, operation); status.ObjectID != made.ID {
		t.Errorf("the operation made %q, want %q", status.ObjectID, made.ID)
	}
	got, err := keeper.Image(t.Context(), made.Ref())
	if err != nil {
		t.Fatal(err)
	}
	want := imageSpec()
	if got.Name != want.Name || got.Description != want.Description || got.URL != want.URL ||
		got.Checksum != want.Checksum || got.Version != want.Version ||
		got.DefaultUser != want.DefaultUser || got.BootMode != want.BootMode ||
		!*got.SSHKeyEnabled || *got.PasswordEnabled || got.State != driver.StateReady ||
		got.Visibility != "private" || got.Standard || got.SizeBytes == nil ||
		!slices.Equal(got.Zones, []string{zone}) ||
		got.CreatedAt.IsZero() {
		t.Errorf("image = %+v", got)
	}
	if calls := w.calls(); !slices.Equal(calls, []string{"POST /template", "GET /operation/*", "GET /template/*"}) {
		t.Errorf("create sent %q", calls)
	}

	name, none := "platinum", ""
	if operation, err = keeper.UpdateImage(
		t.Context(), made.Ref(), driver.ImageChange{Name: &name, Description: &none},
	); err != nil {
		t.Fatal(err)
	}
	w.mustFinish(t, operation)
	if got, err = keeper.Image(t.Context(), made.Ref()); err != nil || got.Name != name || got.Description != "" {
		t.Errorf("updated image = %+v, %v", got, err)
	}
	w.calls()
	private, err := driver.Collect(lister.Images(t.Context(), driver.ImageFilter{Location: zone}))
	if err != nil || len(private) != 1 || private[0].ID != made.ID {
		t.Errorf("private images = %+v, %v", private, err)
	}
	public, err := driver.Collect(lister.Images(
		t.Context(),
		driver.ImageFilter{Location: zone, Visibility: "public", Family: "Linux Debian 13 (Trixie) 64-bit"},
	))
	if err != nil || len(public) != 1 || public[0].ID != sim.GenevaDebian || !public[0].Standard {
		t.Errorf("public Debian images = %+v, %v", public, err)
	}

	if operation, err = keeper.DeleteImage(t.Context(), made.Ref()); err != nil || operation.PollObject {
		t.Fatalf("operation %+v, %v", operation, err)
	}
	w.mustFinish(t, operation)
	_, err = keeper.Image(t.Context(), made.Ref())
	if w.client.KindOf(err) != driver.KindNotFound {
		t.Errorf("reading what is gone: %v", err)
	}
	if _, err = keeper.DeleteImage(t.Context(), made.Ref()); w.client.KindOf(err) != driver.KindNotFound {
		t.Errorf("deleting what is gone: %v", err)
	}
}

func TestImage_throughTheCore(t *testing.T) {
	w := start(t)
	w.intercept = drop("/template")
	made, operation, err := w.cloud.CreateImage(t.Context(), imageSpec())
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.cloud.WaitImage(t.Context(), made, operation)
	if err != nil || got.State != driver.StateReady || len(w.sim.Inventory().Templates) != 1 {
		t.Fatalf("the one whose answer was lost: %+v, %v", got, err)
	}
	w.calls()
	name := "renamed"
	if got, err = w.cloud.UpdateImage(t.Context(), got.Ref(), driver.ImageChange{Name: &name}); err != nil ||
		got.Name != name {
		t.Errorf("updated %+v, %v", got, err)
	}
	if calls := w.calls(); !slices.Equal(calls, []string{"PUT /template/*", "GET /operation/*", "GET /template/*"}) {
		t.Errorf("update sent %q", calls)
	}
	if err := w.cloud.DeleteImage(t.Context(), got.Ref()); err != nil {
		t.Fatal(err)
	}
	if calls := w.calls(); !slices.Equal(calls, []string{"DELETE /template/*", "GET /operation/*"}) {
		t.Errorf("delete sent %q", calls)
	}
}

func TestImage_unfetchableFileFails(t *testing.T) {
	w := start(t)
	spec := imageSpec()
	spec.URL = "https://broken.example.net/x.qcow2"
	_, operation, err := as[driver.ImageKeeper](t, w).CreateImage(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.finish(t, operation)
	if e := wantKind(t, err, driver.KindFailed); e.Code != "fault" || e.OperationID != operation.ID ||
		!strings.Contains(e.Message, "could not be fetched") {
		t.Errorf("error = %+v", e)
	}
	if left := w.sim.Inventory().Templates; len(left) > 0 {
		t.Errorf("left behind: %+v", left)
	}
}

func TestImage_vendorsComplaintsArrive(t *testing.T) {
	w := start(t)
	_, _, err := as[driver.ImageKeeper](
		t,
		w,
	).CreateImage(
		t.Context(),
		driver.ImageSpec{Location: zone, URL: "x", BootMode: "floppy"},
	)
	if w.client.KindOf(err) != driver.KindInvalid {
		t.Fatalf("error = %v", err)
	}
	var reply driver.Reply
	if !errors.As(err, &reply) {
		t.Fatalf("error is a %T", err)
	}
	var names []string
	for _, f := range reply.InvalidFields() {
		names = append(names, f.Name)
	}
	if want := []string{"name", "checksum", "boot-mode", "url"}; !slices.Equal(names, want) {
		t.Errorf("fields = %v, want %v", names, want)
	}
}

func TestPromoteSnapshot_makesATemplate(t *testing.T) {
	w := start(t)
	made, operation, err := as[driver.Promoter](t, w).PromoteSnapshot(t.Context(), driver.PromoteSpec{
		Snapshot: driver.Ref{
			Location: zone,
			ObjectID: sim.GenevaOld,
		}, Name: "db", DefaultUser: "root", SSHKeyEnabled: false, PasswordEnabled: true,
	})
	if err != nil || made.ID == "" || made.ID == sim.GenevaOld || made.Location != zone {
		t.Fatalf("made %+v, %v", made, err)
	}
	w.mustFinish(t, operation)
	got, err := as[driver.ImageKeeper](t, w).Image(t.Context(), made.Ref())
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "db" || got.Family != "other (64-bit)" || got.Visibility != "private" ||
		*got.SSHKeyEnabled || !*got.PasswordEnabled ||
		*got.SizeBytes != 50<<30 ||
		got.BootMode != "uefi" ||
		got.DefaultUser != "root" {
		t.Errorf("template = %+v", got)
	}
	if calls := w.calls(); !slices.Equal(
		calls,
		[]string{"POST /snapshot/*:promote", "GET /operation/*", "GET /template/*"},
	) {
		t.Errorf("sent %q", calls)
	}
}

// A reference to the snapshot must not be taken for the template: deleting the template later would delete the
// snapshot's namesake.
func TestPromoteSnapshot_referenceToTheSnapshotIsNoTemplate(t *testing.T) {
	w := start(t)
	w.intercept = answer(http.MethodPost, `{"id":"op-1","state":"pending","reference":{"id":"`+sim.GenevaOld+`"}}`)
	made, operation, err := as[driver.Promoter](
		t,
		w,
	).PromoteSnapshot(
		t.Context(),
		driver.PromoteSpec{Snapshot: driver.Ref{Location: zone, ObjectID: sim.GenevaOld}, Name: "db"},
	)
	if err != nil || made.ID != "" || operation.ID != "op-1" {
		t.Errorf("made %+v with operation %+v, %v", made, operation, err)
	}
}

func TestExport_fileAndChecksum(t *testing.T) {
	w := start(t)
	exporter := as[driver.Exporter](t, w)
	ref := driver.Ref{Location: zone, ObjectID: sim.GenevaOld}
	if _, err := exporter.Export(t.Context(), ref); w.client.KindOf(err) != driver.KindNotFound {
		t.Errorf("before the export: %v", err)
	}
	w.calls()
	operation, err := exporter.ExportSnapshot(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	w.mustFinish(t, operation)
	got, err := exporter.Export(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if calls := w.calls(); !slices.Equal(
		calls,
		[]string{"POST /snapshot/*:export", "GET /operation/*", "GET /snapshot/*"},
	) {
		t.Errorf("sent %q", calls)
	}
	snap, err := w.cloud.Snapshot(t.Context(), ref)
	if err != nil || snap.State != driver.StateExported {
		t.Errorf("snapshot = %+v, %v", snap, err)
	}
	status, file := fetch(t, http.MethodGet, got.URL)
	sum := md5.Sum(file)
	if status != http.StatusOK || hex.EncodeToString(sum[:]) != got.MD5 || !strings.HasPrefix(string(file), "QFI\xfb") {
		t.Errorf("status %d, %d bytes, MD5 %x, want %s", status, len(file), sum, got.MD5)
	}
	if status, file = fetch(t, http.MethodHead, got.URL); status != http.StatusOK || len(file) > 0 {
		t.Errorf("HEAD: status %d, %d bytes", status, len(file))
	}
	for name, url := range map[string]string{
		"altered signature": got.URL[:len(got.URL)-1] + "x",
		"longer life":       strings.Replace(got.URL, "Expires=3600", "Expires=999999", 1),
		"no query":          got.URL[:strings.Index(got.URL, "?")],
		"other object":      strings.Replace(got.URL, sim.GenevaOld, sim.FrankfurtOld, 1),
	} {
		if status, _ := fetch(t, http.MethodGet, url); status != http.StatusForbidden {
			t.Errorf("%s: status %d", name, status)
		}
	}
	w.advance(2 * time.Hour)
	if status, _ := fetch(t, http.MethodGet, got.URL); status != http.StatusForbidden {
		t.Errorf("after its life: status %d", status)
	}
	if operation, err = exporter.ExportSnapshot(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	w.mustFinish(t, operation)
	again, err := exporter.Export(t.Context(), ref)
	if err != nil || again.URL == got.URL || again.MD5 != got.MD5 {
		t.Errorf("exporting again: %+v, %v", again, err)
	}
	if status, _ := fetch(t, http.MethodGet, again.URL); status != http.StatusOK {
		t.Errorf("the new URL: status %d", status)
	}
}

func fetch(t *testing.T, method, url string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, content
}

func TestLocation_missingOrWrong(t *testing.T) {
	w := start(t)
	for _, location := range []string{"", "Geneva!", "a/b"} {
		_, err := w.cloud.Snapshot(t.Context(), driver.Ref{Location: location, ObjectID: sim.GenevaOld})
		if e := wantKind(t, err, driver.KindInvalid); !strings.Contains(e.Hint, "location") {
			t.Errorf("location %q: hint %q", location, e.Hint)
		}
		_, _, err = w.cloud.CreateSnapshot(
			t.Context(),
			driver.SnapshotSpec{SourceID: sim.GenevaWeb, Location: location},
		)
		wantKind(t, err, driver.KindInvalid)
		_, err = w.cloud.Snapshots(t.Context(), driver.SnapshotFilter{Location: location})
		wantKind(t, err, driver.KindInvalid)
	}
	if calls := w.calls(); len(calls) > 0 {
		t.Errorf("sent %q", calls)
	}
	// An empty ID would address the listing.
	_, err := as[driver.Snapshotter](t, w).DeleteSnapshot(t.Context(), driver.Ref{Location: zone})
	wantKind(t, err, driver.KindInvalid)
	if calls := w.calls(); len(calls) > 0 {
		t.Errorf("sent %q", calls)
	}
}

func TestLocation_eachZoneHasItsOwnObjects(t *testing.T) {
	w := start(t)
	snap, err := w.cloud.Snapshot(t.Context(), driver.Ref{Location: "de-fra-1", ObjectID: sim.FrankfurtOld})
	if err != nil || snap.Location != "de-fra-1" || snap.SourceID != sim.FrankfurtDB {
		t.Errorf("snapshot = %+v, %v", snap, err)
	}
	_, err = w.cloud.Snapshot(t.Context(), driver.Ref{Location: zone, ObjectID: sim.FrankfurtOld})
	wantKind(t, err, driver.KindNotFound)
	made, operation, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
	if err != nil {
		t.Fatal(err)
	}
	operation.Location = "de-fra-1"
	if _, err := w.finish(t, operation); w.client.KindOf(err) != driver.KindNotFound {
		t.Errorf("the operation of %s asked for elsewhere: %v", made.ID, err)
	}
}

func TestCredentials_wrong(t *testing.T) {
	for _, field := range []string{"api_key", "api_secret"} {
		w := start(t, func(values map[string]string) { values[field] = "canary-0815" })
		_, _, err := w.cloud.CreateSnapshot(t.Context(), spec(sim.GenevaWeb))
		e := wantKind(t, err, driver.KindAuth)
		if e.Status != http.StatusForbidden || strings.Contains(err.Error(), "canary-0815") {
			t.Errorf("%s: %+v", field, e)
		}
	}
}

func TestDescriptor_abilities(t *testing.T) {
	d := exoscale.Driver{}
	lacks := []driver.Capability{driver.CapabilityImageStats, driver.CapabilitySnapshotVolume}
	for _, a := range driver.AllCapabilities() {
		if got, want := driver.Supports(d, a), !slices.Contains(lacks, a); got != want {
			t.Errorf("%s: %v", a, got)
		}
	}
	about := d.Descriptor()
	fine := rules.Config{"source_id": rules.Text(sim.GenevaWeb)}
	if p := rules.Check(about, "snapshot", about.Limits.Snapshot, fine); len(p) > 0 {
		t.Errorf("violations = %+v", p)
	}
	for attribute, value := range map[string]rules.Value{
		"name": rules.Text("mine"), "description": rules.Text("mine"), "source_id": rules.Text("web-1"),
	} {
		config := rules.Config{"source_id": fine["source_id"], attribute: value}
		if p := rules.Check(about, "snapshot", about.Limits.Snapshot, config); len(p) != 1 ||
			p[0].Attribute != attribute {
			t.Errorf("%s: violations = %+v", attribute, p)
		}
	}
	if _, ok := rules.CheckLocation(about, rules.Value{}); ok {
		t.Error("no zone is accepted")
	}
	if v, ok := rules.CheckLocation(about, rules.Text(zone)); !ok {
		t.Errorf("violation = %+v", v)
	}
	ref := driver.Ref{Location: zone, ObjectID: sim.GenevaOld}
	if id := about.FormatID(about.Limits.SnapshotID, ref); id != "exoscale/ch-gva-2/"+sim.GenevaOld {
		t.Errorf("ID = %q", id)
	}
}

package drivertest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/rules"
)

// volumeSpec returns the spec of a volume from a snapshot.
func (e *env) volumeSpec(snap driver.Snapshot) driver.VolumeSpec {
	e.names++
	spec := driver.VolumeSpec{SnapshotID: snap.ID, Name: fmt.Sprintf("conformance volume %d", e.names)}
	if e.Limits.Location.Settable() {
		spec.Location = snap.Location
	}
	return spec
}

// createVolume creates a volume.
func (e *env) createVolume(spec driver.VolumeSpec) driver.Volume {
	e.Helper()
	made, _, err := e.cloud.CreateVolume(e.Context(), spec)
	if err != nil {
		e.Fatalf("create volume: %v", err)
	}
	return made
}

// volumes lists the IDs of the sources that exist. A volume that was created from a snapshot is one.
func (e *env) volumes() []string {
	var out []string
	for _, s := range e.Sources() {
		out = append(out, s.ID)
	}
	slices.Sort(out)
	return out
}

// volumeCreateRead requires that a new volume has what its spec and its snapshot state, that it is the same in a read
// by its address and by its import ID, and that it is a source of snapshots.
func volumeCreateRead(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	before := e.volumes()
	spec := e.volumeSpec(snap)
	made := e.createVolume(spec)
	want := driver.Volume{
		ID: made.ID, Location: snap.Location, Name: spec.Name, SnapshotID: snap.ID, State: made.State,
		CreatedAt: made.CreatedAt, SizeGiB: snap.SizeGiB,
	}
	if diff := gocmp.Diff(want, made); diff != "" || made.ID == "" || made.State == "" {
		e.Errorf("made %+v: %s", made, diff)
	}
	if made.CreatedAt.Location() != time.UTC || time.Since(made.CreatedAt).Abs() > time.Minute {
		e.Errorf("created_at is %v", made.CreatedAt)
	}
	if now := e.volumes(); len(now) != len(before)+1 || !slices.Contains(now, made.ID) {
		e.Errorf("what exists at the cloud: %v, and it was %v", now, before)
	}
	imported, err := e.ParseID(e.Limits.VolumeID, e.FormatID(e.Limits.VolumeID, made.Ref()))
	if err != nil {
		e.Fatal(err)
	}
	for what, ref := range map[string]driver.Ref{"its address": made.Ref(), "its import ID": imported} {
		read, err := e.reopen(e.Settings).Volume(e.Context(), ref)
		if diff := gocmp.Diff(made, read); err != nil || diff != "" {
			e.Errorf("read by %s: %v %s", what, err, diff)
		}
	}
	e.create(e.cloud, e.spec(Source{ID: made.ID, Location: made.Location}))
}

// volumeWaitsForSnapshot requires that no volume is created before the cloud can create one from the snapshot.
func volumeWaitsForSnapshot(e *env) {
	snap, _ := e.startCreate(e.cloud)
	spec := e.volumeSpec(snap)
	e.startCounting()
	ctx, cancel := context.WithTimeout(e.Context(), 50*time.Millisecond)
	defer cancel()
	_, _, err := e.cloud.CreateVolume(ctx, spec)
	e.wantError("volume from a snapshot that is not ready", err, driver.KindTimeout)
	if n := len(e.changes()); n != 0 {
		e.Errorf("%d changes were sent before the snapshot was ready", n)
	}
	e.Advance(4 * slow)
	e.createVolume(spec)
	if n := len(e.changes()); n != 1 {
		e.Errorf("%d changes were sent, not the create alone", n)
	}
}

func volumeOfAbsentSnapshot(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	var taken []string
	for _, s := range e.Snapshots() {
		taken = append(taken, s.ID)
	}
	spec := e.volumeSpec(snap)
	spec.SnapshotID = e.absentID(snap.ID, taken)
	e.startCounting()
	e.wantError("check at plan time", e.cloud.CheckVolume(e.Context(), spec), driver.KindNotFound)
	_, _, err := e.cloud.CreateVolume(e.Context(), spec)
	e.wantError("create", err, driver.KindNotFound)
	_, err = e.cloud.Volume(e.Context(), driver.Ref{Location: snap.Location, ObjectID: spec.SnapshotID})
	e.wantError("read of an unknown volume", err, driver.KindNotFound)
	if n := len(e.changes()); n != 0 {
		e.Errorf("%d changes were sent", n)
	}
}

// volumeNamesAreChecked requires that the cloud refuses a name exactly where the checks at plan time do.
func volumeNamesAreChecked(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	row := e.Limits.Volume["name"]
	names := []string{"ab", "UPPER lower 123", "under_score.dash-ed", "ümlaut 📸", strings.Repeat("a", max(row.Min, 1))}
	if row.Min > 1 {
		names = append(names, strings.Repeat("b", row.Min-1))
	}
	if row.Max > 0 {
		names = append(names, strings.Repeat("ü", row.Max), strings.Repeat("d", row.Max+1))
	}
	for _, name := range names {
		spec := e.volumeSpec(snap)
		spec.Name = name
		config := rules.Config{"name": rules.Text(name)}
		refused := slices.ContainsFunc(
			rules.Check(e.Descriptor, "volume", e.Limits.Volume, config),
			func(v rules.Violation) bool { return v.Attribute == "name" },
		)
		made, _, err := e.cloud.CreateVolume(e.Context(), spec)
		switch {
		case refused && err == nil:
			e.Errorf("the checks refuse the name %q, which the cloud takes", name)
		case refused:
			e.wantError("the name "+name, err, driver.KindInvalid)
		case err != nil || made.Name != name:
			e.Errorf("the name %q gives %+v, %v", name, made, err)
		}
	}
}

// volumeRefusalsAreNotAbsence requires that no failure of a read or a delete means that a volume is absent, unless the
// cloud itself reports it.
func volumeRefusalsAreNotAbsence(e *env) {
	made := e.createVolume(e.volumeSpec(e.create(e.cloud, e.spec(e.source(1)))))
	answers := failureStatuses()
	answers[http.StatusNotFound] = []driver.Kind{driver.KindUnavailable}
	for status, kinds := range answers {
		f := Fault{}.responding(status, 0)
		f.Body = failureBodies()["a page"]
		e.Fault(f)
		what := fmt.Sprintf("with a %d and a page", status)
		_, err := e.cloud.Volume(e.Context(), made.Ref())
		e.wantError("read "+what, err, kinds...)
		e.wantError("delete "+what, e.cloud.DeleteVolume(e.Context(), made.Ref()), kinds...)
	}
	e.Fault()
	if read, err := e.cloud.Volume(e.Context(), made.Ref()); err != nil || read.ID != made.ID {
		e.Errorf("read afterwards: %+v %v", read, err)
	}
}

func volumeEditedAndDeleted(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	before := e.volumes()
	want := e.createVolume(e.volumeSpec(snap))
	want.Name = "renamed volume"
	got, err := e.cloud.UpdateVolume(e.Context(), want.Ref(), driver.VolumeChange{Name: &want.Name})
	if diff := gocmp.Diff(want, got); err != nil || diff != "" {
		e.Errorf("renamed: %v %s", err, diff)
	}
	got, err = e.cloud.UpdateVolume(e.Context(), want.Ref(), driver.VolumeChange{})
	if diff := gocmp.Diff(want, got); err != nil || diff != "" {
		e.Errorf("not changed: %v %s", err, diff)
	}
	// The volume does not need its snapshot.
	if err := e.cloud.DeleteSnapshot(e.Context(), snap.Ref()); err != nil {
		e.Fatalf("delete the snapshot: %v", err)
	}
	if _, err := e.cloud.Volume(e.Context(), want.Ref()); err != nil {
		e.Errorf("read without the snapshot: %v", err)
	}
	for _, what := range []string{"delete", "delete again"} {
		if err := e.cloud.DeleteVolume(e.Context(), want.Ref()); err != nil {
			e.Errorf("%s: %v", what, err)
		}
	}
	_, err = e.cloud.Volume(e.Context(), want.Ref())
	e.wantError("read of what is deleted", err, driver.KindNotFound)
	if diff := gocmp.Diff(before, e.volumes()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

// volumeDeletionTakesTime requires that a volume is absent from the beginning of its deletion, and that a delete waits
// for the end of it.
func volumeDeletionTakesTime(e *env) {
	snap, _ := e.startCreate(e.cloud)
	e.Advance(4 * slow)
	made := e.createVolume(e.volumeSpec(snap))
	// The wait for the end is cancelled once the cloud has answered, however long that takes.
	ctx, cancel := context.WithCancel(e.Context())
	defer cancel()
	e.recorder.onAnswer(func(req *http.Request) {
		if req.Method == http.MethodDelete {
			cancel()
		}
	})
	err := e.cloud.DeleteVolume(ctx, made.Ref())
	if e.recorder.onAnswer(nil); err == nil {
		return // The cloud deletes at once.
	}
	_, err = e.cloud.Volume(e.Context(), made.Ref())
	e.wantError("read during the deletion", err, driver.KindNotFound)
	client, err := e.harness.Driver.Open(e.Settings)
	if err != nil {
		e.Fatal(err)
	}
	keeper, _ := client.(driver.VolumeKeeper)
	list, err := driver.Collect(keeper.Volumes(e.Context(), made.Location))
	if err != nil || slices.ContainsFunc(list, func(v driver.Volume) bool { return v.ID == made.ID }) {
		e.Errorf("listed during the deletion: %+v %v", list, err)
	}
	e.Advance(4 * slow)
	if err := e.cloud.DeleteVolume(e.Context(), made.Ref()); err != nil {
		e.Errorf("delete again: %v", err)
	}
}

// volumeRequest returns the target of the request that creates a volume. It watches one in a dry run.
func (e *env) volumeRequest() Fault {
	e.Helper()
	dry := e.dryRun()
	snap := dry.create(dry.cloud, dry.spec(dry.source(1)))
	dry.startCounting()
	dry.createVolume(dry.volumeSpec(snap))
	return dry.onlyChange()
}

func lostVolumeIsAdopted(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	// Another process created one of the same snapshot.
	spec := e.volumeSpec(snap)
	if _, _, err := e.reopen(e.Settings).CreateVolume(e.Context(), spec); err != nil {
		e.Fatal(err)
	}
	before := e.volumes()
	target := e.volumeRequest()
	for _, do := range unreadable() {
		e.startCounting()
		e.Fault(target.with(do, 1, 1))
		made, operation, err := e.cloud.CreateVolume(e.Context(), spec)
		e.Fault()
		if err != nil {
			e.Fatalf("%s: %v", do, err)
		}
		if n := e.sent(target); n != 1 || !operation.Adopted {
			e.Errorf("%s: sent %d times, adopted %t", do, n, operation.Adopted)
		}
		if now := e.volumes(); len(now) != len(before)+1 || !slices.Contains(now, made.ID) ||
			slices.Contains(before, made.ID) {
			e.Errorf("%s: adopted %q, and there is %v", do, made.ID, now)
		}
		if err := e.cloud.DeleteVolume(e.Context(), made.Ref()); err != nil {
			e.Fatalf("%s: delete: %v", do, err)
		}
		e.Advance(time.Hour)
	}
}

func failedVolumeIsSentOnce(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	spec := e.volumeSpec(snap)
	target := e.volumeRequest()
	if _, _, err := e.reopen(e.Settings).CreateVolume(e.Context(), spec); err != nil {
		e.Fatal(err)
	}
	before := e.volumes()
	for what, fault := range map[string]Fault{
		"reset": target.with(DoReset, 1, 0), "HTTP 503": target.responding(http.StatusServiceUnavailable, 0),
		"nothing": target.respondingOnce("{}"),
	} {
		e.startCounting()
		e.Fault(fault)
		_, _, err := e.cloud.CreateVolume(e.Context(), spec)
		e.Fault()
		e.wantError(what, err, driver.KindAmbiguous)
		if n := e.sent(target); n != 1 {
			e.Errorf("%s: sent %d times", what, n)
		}
	}
	if diff := gocmp.Diff(before, e.volumes()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

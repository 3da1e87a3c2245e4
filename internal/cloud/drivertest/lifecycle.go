package drivertest

import (
	"cmp"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func createWaitRead(e *env) {
	src := e.source(1)
	before := e.snapshotsOf(src)
	spec := e.spec(src)
	ready := e.create(e.cloud, spec)

	switch {
	case ready.ID == "":
		e.Error("the snapshot has no ID")
	case ready.SourceID != src.ID:
		e.Errorf("source_id is %q, not %q", ready.SourceID, src.ID)
	case !e.cloud.IsReady(ready, driver.ReadyWhen{}):
		e.Errorf("state is %q after the wait", ready.State)
	case e.Limits.Snapshot["name"].Settable() && ready.Name != spec.Name:
		e.Errorf("name is %q, not %q", ready.Name, spec.Name)
	case ready.Description != spec.Description:
		e.Errorf("description is %q, not %q", ready.Description, spec.Description)
	case ready.CreatedAt.Location() != time.UTC || time.Since(ready.CreatedAt).Abs() > time.Minute:
		e.Errorf("created_at is %v", ready.CreatedAt)
	case !ready.ExpiresAt.IsZero() && ready.ExpiresAt.Before(ready.CreatedAt):
		e.Errorf("it expires at %v and was made at %v", ready.ExpiresAt, ready.CreatedAt)
	}
	if want := map[bool]string{true: src.Location}[e.Limits.Location.Supported()]; ready.Location != want {
		e.Errorf("location is %q, not %q", ready.Location, want)
	}
	now := append(slices.Clone(before), ready.ID)
	slices.Sort(now)
	if diff := gocmp.Diff(now, e.snapshotsOf(src)); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}

	id := e.FormatID(e.Limits.SnapshotID, ready.Ref())
	imported, err := e.ParseID(e.Limits.SnapshotID, id)
	if err != nil {
		e.Fatalf("the ID %q: %v", id, err)
	}
	// Another process has the state, or after an import only the ID.
	for what, ref := range map[string]driver.Ref{"its address": ready.Ref(), "its import ID": imported} {
		read, err := e.reopen(e.Settings).Snapshot(e.Context(), ref)
		if err != nil {
			e.Fatalf("read by %s: %v", what, err)
		}
		if diff := gocmp.Diff(ready, read); diff != "" {
			e.Errorf("read by %s: %s", what, diff)
		}
	}
	if diff := gocmp.Diff([]driver.Snapshot{ready}, e.list(e.cloud, src)[:1]); diff != "" {
		e.Errorf("first in the listing of its source: %s", diff)
	}
}

// startCreate creates a snapshot that is not ready yet.
func (e *env) startCreate(c *cloud.Cloud) (driver.Snapshot, driver.Operation) {
	e.Helper()
	made, operation, err := c.CreateSnapshot(e.Context(), e.spec(e.source(1)))
	if err != nil {
		e.Fatalf("create: %v", err)
	}
	if operation.Done() && c.IsReady(made, driver.ReadyWhen{}) {
		e.Fatal("the snapshot is ready at once: there is nothing to wait for")
	}
	return made, operation
}

func slowWork(e *env) {
	made, operation := e.startCreate(e.cloud)
	if made.State != driver.StateCreating {
		e.Errorf("state is %q when the cloud has just accepted", made.State)
	}
	if made.ID == "" && operation.ID == "" {
		e.Error("there is neither an ID nor an operation to find it by")
	}
	// A refresh by another process while the cloud works.
	seen, err := e.reopen(e.Settings).SnapshotOf(e.Context(), made.Ref(), operation)
	if err != nil || seen.State != driver.StateCreating {
		e.Errorf("state is %q before the latency has passed (%v)", seen.State, err)
	}
	e.Advance(slow + time.Minute)
	// Another process continues the wait.
	ready, err := e.reopen(e.Settings).WaitSnapshot(e.Context(), made, operation, driver.ReadyWhen{})
	if err != nil || !e.cloud.IsReady(ready, driver.ReadyWhen{}) || ready.ID == "" {
		e.Errorf("after the latency has passed: %+v %v", ready, err)
	}
	if made.ID != "" && made.ID != ready.ID {
		e.Errorf("the ID was %q and is %q", made.ID, ready.ID)
	}
}

func listedNewestFirst(e *env) {
	src := e.source(3)
	var want []string
	for range 3 {
		e.Advance(time.Hour)
		want = append([]string{e.create(e.cloud, e.spec(src)).ID}, want...)
	}
	list := e.list(e.cloud, src)
	var got []string
	for _, s := range list {
		got = append(got, s.ID)
	}
	if diff := gocmp.Diff(want, got[:3]); diff != "" {
		e.Error(diff)
	}
	sorted := slices.IsSortedFunc(list, func(x, y driver.Snapshot) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	if !sorted {
		e.Errorf("not newest first, ties by ID: %+v", list)
	}
}

func filtersNarrow(e *env) {
	first, second := e.twoSources()
	all := []Source{first, second}
	one, two := e.create(e.cloud, e.spec(all[0])), e.create(e.cloud, e.spec(all[1]))
	for i, own := range []driver.Snapshot{one, two} {
		for _, s := range e.list(e.cloud, all[i]) {
			if s.SourceID != all[i].ID {
				e.Errorf("the listing of %s has a snapshot of %s", all[i].ID, s.SourceID)
			}
		}
		whole, err := e.cloud.Snapshots(e.Context(), driver.SnapshotFilter{Location: e.spec(all[i]).Location})
		if err != nil ||
			!slices.ContainsFunc(
				whole,
				func(s driver.Snapshot) bool { return s.ID == own.ID && s.SourceID == own.SourceID },
			) {
			e.Errorf("the listing of the account lacks %+v: %+v %v", own, whole, err)
		}
	}
	named, err := e.cloud.Snapshots(
		e.Context(),
		driver.SnapshotFilter{SourceID: one.SourceID, Location: e.spec(all[0]).Location, NameContains: "no such name"},
	)
	if err != nil || len(named) != 0 {
		e.Errorf("with a name that nothing has: %+v %v", named, err)
	}
	if one.Name == "" {
		return
	}
	named, err = e.cloud.Snapshots(
		e.Context(),
		driver.SnapshotFilter{SourceID: one.SourceID, Location: e.spec(all[0]).Location, NameContains: one.Name[1:]},
	)
	if err != nil || len(named) != 1 || named[0].ID != one.ID {
		e.Errorf("with a part of its name: %+v %v", named, err)
	}
}

func deletedIsGone(e *env) {
	src := e.source(1)
	before := e.snapshotsOf(src)
	made := e.create(e.cloud, e.spec(src))
	if err := e.cloud.DeleteSnapshot(e.Context(), made.Ref()); err != nil {
		e.Fatalf("delete: %v", err)
	}
	if diff := gocmp.Diff(before, e.snapshotsOf(src)); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
	_, err := e.cloud.Snapshot(e.Context(), made.Ref())
	e.wantError("read of what is deleted", err, driver.KindNotFound)
	if err := e.reopen(e.Settings).DeleteSnapshot(e.Context(), made.Ref()); err != nil {
		e.Errorf("delete again: %v", err)
	}
}

func absentIsNotFound(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	other := made.Ref()
	other.ObjectID = e.absentID(made.ID, e.snapshotsOf(src))
	_, err := e.cloud.Snapshot(e.Context(), other)
	e.wantError("read of an absent ID", err, driver.KindNotFound)
	if err := e.cloud.DeleteSnapshot(e.Context(), other); err != nil {
		e.Errorf("delete of an absent ID: %v", err)
	}
	if !slices.Contains(e.snapshotsOf(src), made.ID) {
		e.Errorf("deleting %q deleted %q", other.ObjectID, made.ID)
	}
}

func editedInPlace(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	e.startCounting()
	name, text := "renamed in place", "Described in place."
	change := driver.SnapshotChange{Name: &name}
	got, err := e.cloud.UpdateSnapshot(e.Context(), made.Ref(), change)
	if driver.KindOf(err) == driver.KindUnsupported {
		if n := len(e.Requests()) - e.counted; n > 0 {
			e.Errorf("%d requests were sent for a change that the cloud does not support", n)
		}
		return
	}
	want := made
	want.Name = name
	e.expectUpdate("renamed", want, got, err)
	if !e.Limits.Snapshot["description"].Settable() {
		return
	}
	e.startCounting()
	got, err = e.cloud.UpdateSnapshot(e.Context(), made.Ref(), driver.SnapshotChange{Description: &text})
	want.Description = text
	e.expectUpdate("described", want, got, err)
}

// expectUpdate checks that a change took one request, that its answer is right, and that the cloud kept it.
func (e *env) expectUpdate(what string, want, got driver.Snapshot, err error) {
	e.Helper()
	if err != nil {
		e.Fatalf("%s: %v", what, err)
	}
	e.onlyChange()
	read, err := e.cloud.Snapshot(e.Context(), want.Ref())
	if err != nil {
		e.Fatalf("read: %v", err)
	}
	for from, s := range map[string]driver.Snapshot{"the answer": got, "a read": read} {
		if diff := gocmp.Diff(want, s); diff != "" {
			e.Errorf("%s, by %s: %s", what, from, diff)
		}
	}
}

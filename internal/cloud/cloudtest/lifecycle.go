package cloudtest

import (
	"cmp"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func createWaitRead(b *bench) {
	src := b.source(1)
	before := b.on(src)
	spec := b.spec(src)
	ready := b.create(b.cloud, spec)

	switch {
	case ready.ID == "":
		b.Error("the snapshot has no ID")
	case ready.SourceID != src.ID:
		b.Errorf("source_id is %q, not %q", ready.SourceID, src.ID)
	case !b.cloud.IsReady(ready, driver.ReadyWhen{}):
		b.Errorf("state is %q after the wait", ready.State)
	case b.Limits.Name.Settable && ready.Name != spec.Name:
		b.Errorf("name is %q, not %q", ready.Name, spec.Name)
	case ready.Description != spec.Description:
		b.Errorf("description is %q, not %q", ready.Description, spec.Description)
	case ready.CreatedAt.Location() != time.UTC || time.Since(ready.CreatedAt).Abs() > time.Minute:
		b.Errorf("created_at is %v", ready.CreatedAt)
	case !ready.ExpiresAt.IsZero() && ready.ExpiresAt.Before(ready.CreatedAt):
		b.Errorf("it expires at %v and was made at %v", ready.ExpiresAt, ready.CreatedAt)
	}
	if want := map[bool]string{true: src.Location}[b.Limits.Location != driver.LocationNone]; ready.Location != want {
		b.Errorf("location is %q, not %q", ready.Location, want)
	}
	now := append(slices.Clone(before), ready.ID)
	slices.Sort(now)
	if diff := gocmp.Diff(now, b.on(src)); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}

	id := b.FormatID(b.Limits.SnapshotID, ready.Ref())
	imported, err := b.ParseID(b.Limits.SnapshotID, id)
	if err != nil {
		b.Fatalf("the ID %q: %v", id, err)
	}
	// Another process knows what is in state, or after an import only the ID.
	for what, ref := range map[string]driver.Ref{"its address": ready.Ref(), "its import ID": imported} {
		read, err := b.reopen(b.Settings).Snapshot(b.Context(), ref)
		if err != nil {
			b.Fatalf("read by %s: %v", what, err)
		}
		if diff := gocmp.Diff(ready, read); diff != "" {
			b.Errorf("read by %s: %s", what, diff)
		}
	}
	if diff := gocmp.Diff([]driver.Snapshot{ready}, b.list(b.cloud, src)[:1]); diff != "" {
		b.Errorf("first in the listing of its source: %s", diff)
	}
}

// started makes a snapshot that is not ready yet, or skips where there is no such thing.
func (b *bench) started(c *cloud.Cloud) (driver.Snapshot, driver.Operation) {
	b.Helper()
	made, operation, err := c.CreateSnapshot(b.Context(), b.spec(b.source(1)))
	if err != nil {
		b.Fatalf("create: %v", err)
	}
	if operation.Done() && c.IsReady(made, driver.ReadyWhen{}) {
		b.Skip("snapshots of this cloud are ready at once: there is nothing to wait for")
	}
	return made, operation
}

func slowWork(b *bench) {
	made, operation := b.started(b.cloud)
	if made.State != driver.StateCreating {
		b.Errorf("state is %q when the cloud has just accepted", made.State)
	}
	if made.ID == "" && operation.ID == "" {
		b.Error("there is neither an ID nor a job to find it by")
	}
	// A refresh by another process while the cloud works.
	seen, err := b.reopen(b.Settings).SnapshotOf(b.Context(), made.Ref(), operation)
	if err != nil || seen.State != driver.StateCreating {
		b.Errorf("state is %q before the pace has passed (%v)", seen.State, err)
	}
	b.Advance(slow + time.Minute)
	// The wait goes on in another process too.
	ready, err := b.reopen(b.Settings).WaitSnapshot(b.Context(), made, operation, driver.ReadyWhen{})
	if err != nil || !b.cloud.IsReady(ready, driver.ReadyWhen{}) || ready.ID == "" {
		b.Errorf("after the pace has passed: %+v %v", ready, err)
	}
	if made.ID != "" && made.ID != ready.ID {
		b.Errorf("the ID was %q and is %q", made.ID, ready.ID)
	}
}

func listedNewestFirst(b *bench) {
	if b.Limits.SingleSlot {
		b.Skip("this cloud keeps one snapshot per source")
	}
	src := b.source(3)
	var want []string
	for range 3 {
		b.Advance(time.Hour)
		want = append([]string{b.create(b.cloud, b.spec(src)).ID}, want...)
	}
	list := b.list(b.cloud, src)
	var got []string
	for _, s := range list {
		got = append(got, s.ID)
	}
	if diff := gocmp.Diff(want, got[:3]); diff != "" {
		b.Error(diff)
	}
	sorted := slices.IsSortedFunc(list, func(x, y driver.Snapshot) int {
		return cmp.Or(y.CreatedAt.Compare(x.CreatedAt), cmp.Compare(x.ID, y.ID))
	})
	if !sorted {
		b.Errorf("not newest first, ties by ID: %+v", list)
	}
}

func filtersNarrow(b *bench) {
	all := b.sources(1)
	if len(all) < 2 {
		b.Skip("the world has fewer than two sources to choose from")
	}
	one, two := b.create(b.cloud, b.spec(all[0])), b.create(b.cloud, b.spec(all[1]))
	for i, own := range []driver.Snapshot{one, two} {
		for _, s := range b.list(b.cloud, all[i]) {
			if s.SourceID != all[i].ID {
				b.Errorf("the listing of %s has a snapshot of %s", all[i].ID, s.SourceID)
			}
		}
		whole, err := b.cloud.Snapshots(b.Context(), driver.SnapshotFilter{Location: b.spec(all[i]).Location})
		if err != nil || !slices.ContainsFunc(whole, func(s driver.Snapshot) bool { return s.ID == own.ID && s.SourceID == own.SourceID }) {
			b.Errorf("the listing of the account lacks %+v: %+v %v", own, whole, err)
		}
	}
	named, err := b.cloud.Snapshots(b.Context(), driver.SnapshotFilter{SourceID: one.SourceID, Location: b.spec(all[0]).Location, NameContains: "no such name"})
	if err != nil || len(named) != 0 {
		b.Errorf("with a name that nothing has: %+v %v", named, err)
	}
	if one.Name == "" {
		return
	}
	named, err = b.cloud.Snapshots(b.Context(), driver.SnapshotFilter{SourceID: one.SourceID, Location: b.spec(all[0]).Location, NameContains: one.Name[1:]})
	if err != nil || len(named) != 1 || named[0].ID != one.ID {
		b.Errorf("with a part of its name: %+v %v", named, err)
	}
}

func deletedIsGone(b *bench) {
	src := b.source(1)
	before := b.on(src)
	made := b.create(b.cloud, b.spec(src))
	if err := b.cloud.DeleteSnapshot(b.Context(), made.Ref()); err != nil {
		b.Fatalf("delete: %v", err)
	}
	if diff := gocmp.Diff(before, b.on(src)); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
	_, err := b.cloud.Snapshot(b.Context(), made.Ref())
	b.failed("read of what is deleted", err, driver.KindNotFound)
	if err := b.reopen(b.Settings).DeleteSnapshot(b.Context(), made.Ref()); err != nil {
		b.Errorf("delete again: %v", err)
	}
}

func absentIsNotFound(b *bench) {
	src := b.source(1)
	made := b.create(b.cloud, b.spec(src))
	other := made.Ref()
	other.ObjectID = b.absent(made.ID, b.on(src))
	_, err := b.cloud.Snapshot(b.Context(), other)
	b.failed("read of an absent ID", err, driver.KindNotFound)
	if err := b.cloud.DeleteSnapshot(b.Context(), other); err != nil {
		b.Errorf("delete of an absent ID: %v", err)
	}
	if !slices.Contains(b.on(src), made.ID) {
		b.Errorf("deleting %q deleted %q", other.ObjectID, made.ID)
	}
}

func editedInPlace(b *bench) {
	src := b.source(1)
	made := b.create(b.cloud, b.spec(src))
	b.mark()
	name, text := "renamed in place", "Described in place."
	change := driver.SnapshotChange{Name: &name}
	got, err := b.cloud.UpdateSnapshot(b.Context(), made.Ref(), change)
	if driver.KindOf(err) == driver.KindUnsupported {
		if n := len(b.Requests()) - b.seen; n > 0 {
			b.Errorf("it took %d requests to find out that the cloud cannot", n)
		}
		b.Skip("snapshots of this cloud cannot be changed")
	}
	want := made
	want.Name = name
	b.edited("renamed", want, got, err)
	if b.Limits.MaxDescription == 0 {
		return
	}
	b.mark()
	got, err = b.cloud.UpdateSnapshot(b.Context(), made.Ref(), driver.SnapshotChange{Description: &text})
	want.Description = text
	b.edited("described", want, got, err)
}

// edited checks the answer of a change, that it was one request, and that the cloud has kept it.
func (b *bench) edited(what string, want, got driver.Snapshot, err error) {
	b.Helper()
	if err != nil {
		b.Fatalf("%s: %v", what, err)
	}
	b.only()
	read, err := b.cloud.Snapshot(b.Context(), want.Ref())
	if err != nil {
		b.Fatalf("read: %v", err)
	}
	for from, s := range map[string]driver.Snapshot{"the answer": got, "a read": read} {
		if diff := gocmp.Diff(want, s); diff != "" {
			b.Errorf("%s, by %s: %s", what, from, diff)
		}
	}
}

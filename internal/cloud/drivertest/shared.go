package drivertest

import (
	"context"
	"sync"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// tries is how often two reads may begin too far apart to share a listing, on a machine that is busy.
const tries = 10

// readTogether reads objects at once with a client of its own. It returns the results and the number of requests.
func readTogether[T any](
	e *env, refs []driver.Ref, read func(c *cloud.Cloud, ctx context.Context, ref driver.Ref) (T, error),
) (objects []T, errs []error, requests int) {
	e.Helper()
	c := e.reopen(e.Settings)
	e.warmUp(c, e.Sources()[0])
	objects, errs = make([]T, len(refs)), make([]error, len(refs))
	var group sync.WaitGroup
	for i, ref := range refs {
		group.Go(func() { objects[i], errs[i] = read(c, e.Context(), ref) })
	}
	group.Wait()
	return objects, errs, e.lists()
}

// readsShare requires that two reads that happen together are one request, which returns what a read of its own does,
// and that an object that does not exist is read by itself.
func readsShare[T any](
	e *env, one, two, absent driver.Ref, read func(c *cloud.Cloud, ctx context.Context, ref driver.Ref) (T, error),
) {
	e.Helper()
	var alone []T
	for _, ref := range []driver.Ref{one, two} {
		objects, errs, requests := readTogether(e, []driver.Ref{ref}, read)
		if errs[0] != nil || requests != 1 {
			e.Fatalf("a read that is alone: %d requests, %v", requests, errs[0])
		}
		alone = append(alone, objects...)
	}
	together, errs, requests := readTogether(e, []driver.Ref{one, two}, read)
	for n := 1; n < tries && requests > 1; n++ {
		together, errs, requests = readTogether(e, []driver.Ref{one, two}, read)
	}
	if diff := gocmp.Diff(alone, together); diff != "" || errs[0] != nil || errs[1] != nil {
		e.Errorf("read alone and together: %v %s", errs, diff)
	}
	if requests != 1 {
		e.Errorf("two reads sent %d requests", requests)
	}
	some, errs, requests := readTogether(e, []driver.Ref{one, absent}, read)
	e.wantError("what does not exist", errs[1], driver.KindNotFound)
	if diff := gocmp.Diff(alone[0], some[0]); diff != "" || errs[0] != nil || requests != 2 {
		e.Errorf("beside what does not exist: %d requests, %v %s", requests, errs[0], diff)
	}
}

func snapshotReadsShare(e *env) {
	src := e.source(2)
	one, two := e.create(e.cloud, e.spec(src)).Ref(), e.create(e.cloud, e.spec(src)).Ref()
	absent := one
	absent.ObjectID = e.absentID(one.ObjectID, e.snapshotsOf(src))
	readsShare(e, one, two, absent, (*cloud.Cloud).Snapshot)
}

// sourceReadsShare requires that the checks of two creates are one request, and that both find the source.
func sourceReadsShare(e *env) {
	one, two := e.twoSources()
	check := func(c *cloud.Cloud, ctx context.Context, ref driver.Ref) (struct{}, error) {
		return struct{}{}, c.CheckSource(ctx, driver.SnapshotSpec{SourceID: ref.SourceID, Location: ref.Location})
	}
	ref := func(s Source) driver.Ref { return driver.Ref{SourceID: s.ID, Location: e.spec(s).Location} }
	if _, errs, requests := readTogether(e, []driver.Ref{ref(one)}, check); errs[0] != nil || requests != 1 {
		e.Errorf("a check that is alone: %d requests, %v", requests, errs[0])
	}
	_, errs, requests := readTogether(e, []driver.Ref{ref(one), ref(two)}, check)
	for n := 1; n < tries && requests > 1; n++ {
		_, errs, requests = readTogether(e, []driver.Ref{ref(one), ref(two)}, check)
	}
	if errs[0] != nil || errs[1] != nil || requests != 1 {
		e.Errorf("two checks: %d requests, %v", requests, errs)
	}
	absent := ref(one)
	absent.SourceID = e.absentSource(one)
	_, errs, requests = readTogether(e, []driver.Ref{ref(one), absent}, check)
	if errs[0] != nil || errs[1] == nil || requests != 2 {
		e.Errorf("a check beside that of an absent source: %d requests, %v", requests, errs)
	}
}

func imageReadsShare(e *env) {
	one, two := e.createImage(e.imageSpec()).Ref(), e.createImage(e.imageSpec()).Ref()
	absent := one
	absent.ObjectID = e.absentID(one.ObjectID, e.Images())
	readsShare(e, one, two, absent, (*cloud.Cloud).Image)
}

func volumeReadsShare(e *env) {
	snap := e.create(e.cloud, e.spec(e.source(1)))
	one, two := e.createVolume(e.volumeSpec(snap)).Ref(), e.createVolume(e.volumeSpec(snap)).Ref()
	absent := one
	absent.ObjectID = e.absentID(one.ObjectID, e.volumes())
	readsShare(e, one, two, absent, (*cloud.Cloud).Volume)
}

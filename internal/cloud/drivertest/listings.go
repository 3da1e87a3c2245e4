package drivertest

import (
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// fullPage is more snapshots than a page of any cloud has.
const fullPage = 101

// listing returns a loop over the snapshots of the account, or of a zone, by a client of its own that has its token.
func (e *env) listing() iter.Seq2[[]driver.Snapshot, error] {
	c := e.reopen(e.Settings)
	e.warmUp(c, e.Sources()[0])
	return c.ListSnapshots(e.Context(), driver.SnapshotFilter{Location: e.location()})
}

// lists returns how many requests were counted.
func (e *env) lists() int { return len(e.Requests()) - e.counted }

// idsOf returns the IDs that a listing yields before an error, and the error.
func idsOf(list iter.Seq2[[]driver.Snapshot, error]) (ids []string, last error) {
	for page, err := range list {
		if err != nil {
			return ids, err
		}
		for _, s := range page {
			ids = append(ids, s.SourceID+"/"+s.ID)
		}
	}
	return ids, nil
}

// listingsWait requires that a listing sends its requests in the loop over it, and again in another loop.
func listingsWait(e *env) {
	e.create(e.cloud, e.spec(e.source(1)))
	list := e.listing()
	if n := e.lists(); n != 0 {
		e.Errorf("%d requests before the loop", n)
	}
	first, err := idsOf(list)
	if err != nil || len(first) == 0 {
		e.Fatalf("list: %v, %v", first, err)
	}
	needed := e.lists()
	again, err := idsOf(list)
	if diff := gocmp.Diff(first, again); err != nil || diff != "" || e.lists() != 2*needed {
		e.Errorf("the second loop differs after %d and %d requests: %v %s", needed, e.lists()-needed, err, diff)
	}
}

// pagesAreLazy requires that a loop that ends early sends no further page request, and that an error on page two comes
// after page one.
func pagesAreLazy(e *env) {
	source := e.unlimitedSources()[0]
	for n := range fullPage {
		spec := e.spec(source)
		spec.Name = fmt.Sprintf("page-%03d", n)
		if _, _, err := e.cloud.CreateSnapshot(e.Context(), spec); err != nil {
			e.Fatalf("create: %v", err)
		}
	}
	list := e.listing()
	all, err := idsOf(list)
	pages := e.lists()
	if err != nil || pages < 2 || len(all) < fullPage {
		e.Fatalf("%d snapshots in %d pages, %v", len(all), pages, err)
	}
	e.startCounting()
	for range list {
		break
	}
	if n := e.lists(); n != 1 {
		e.Errorf("%d page requests for one snapshot", n)
	}
	request := e.Requests()[len(e.Requests())-1]
	pagesOf := Fault{Method: request.Method, Path: "^" + regexp.QuoteMeta(request.Path) + "$"}
	refused := pagesOf.responding(http.StatusForbidden, 0)
	refused.From = 2
	e.Fault(refused)
	some, err := idsOf(list)
	e.wantError("error on page two", err, driver.KindPermission)
	if len(some) == 0 || len(some) >= len(all) || !slices.Equal(some, all[:len(some)]) {
		e.Errorf("%d of %d snapshots before the error on page two", len(some), len(all))
	}
}

// walkIsBounded requires of a cloud whose listings cover one source that a listing of all has the order of the sources,
// that few requests are under way at a time, that a loop that ends early sends no further request, that the first error
// ends the listing after what comes before it, and that a source that was deleted meanwhile has no snapshots.
func walkIsBounded(e *env) {
	for _, s := range e.sources(1) {
		e.create(e.cloud, e.spec(s))
	}
	list := e.listing()
	e.recorder.resetPeak()
	all, err := idsOf(list)
	if err != nil || len(all) < 2 || e.lists() < 3 {
		e.Fatalf("%v in %d requests, %v", all, e.lists(), err)
	}
	if again, err := idsOf(list); err != nil || !slices.Equal(again, all) {
		e.Errorf("another order: %v and %v, %v", all, again, err)
	}
	if n := e.recorder.resetPeak(); n > driver.WalkRequests {
		e.Errorf("%d requests under way, want at most %d", n, driver.WalkRequests)
	}
	e.startCounting()
	for range list {
		break
	}
	if n := e.lists(); n > 1+driver.WalkRequests {
		e.Errorf("%d requests for the first snapshot of %d", n, len(all))
	}
	for _, id := range all {
		source, _, _ := strings.Cut(id, "/")
		of := func(id string) bool { return strings.HasPrefix(id, source+"/") }
		answer := Fault{Method: http.MethodGet, Path: "/" + source + "/"}
		e.Fault(answer.responding(http.StatusForbidden, 0))
		some, err := idsOf(list)
		e.wantError("a source that refuses", err, driver.KindPermission)
		if want := all[:slices.IndexFunc(all, of)]; !slices.Equal(some, want) {
			e.Errorf("%v before the error of %s, want %v", some, source, want)
		}
		answer.Path = "/" + source + "(/|$)" // The source itself is absent too.
		e.Fault(answer.responding(http.StatusNotFound, 0))
		others, err := idsOf(list)
		if want := slices.DeleteFunc(slices.Clone(all), of); err != nil || !slices.Equal(others, want) {
			e.Errorf("%v without %s, want %v: %v", others, source, want, err)
		}
	}
}

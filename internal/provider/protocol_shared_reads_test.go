package provider_test

import (
	"net/http"
	"regexp"
	"sync"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// refreshTogether reads resources at once, each by a provider. It returns the requests without those for tokens.
func refreshTogether(
	t *testing.T, s *acctest.Sandbox, c acctest.Case, of map[*prototest.Resource]*prototest.Provider,
) []sandbox.Entry {
	t.Helper()
	s.ClearJournal()
	var group sync.WaitGroup
	for r, p := range of {
		r.MoveTo(p)
		group.Go(func() { r.Refresh(t).MustSucceed(t) })
	}
	group.Wait()
	var reads []sandbox.Entry
	for _, e := range s.Requests(c.Name) {
		if e.Method == http.MethodGet {
			reads = append(reads, e)
		}
	}
	return reads
}

// Two resources of one source are read with one listing. If the cloud refuses the listing, they are read one by one,
// and none is gone. Two configurations of the cloud, such as aliases, share nothing. What somebody else changes is in
// the next plan.
func TestProtocol_readsShareAListing(t *testing.T) {
	t.Parallel()
	several := acctest.WhereLimits(func(l driver.Limits) bool { return !l.SingleSnapshot() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, several, func(
		t *testing.T, s *acctest.Sandbox, c acctest.Case,
	) {
		t.Helper()
		start := func() *prototest.Provider { return prototest.Start(t, s, nil) }
		first := start()
		one, two := first.Resource(t, snapshotType), first.Resource(t, snapshotType)
		for _, r := range []*prototest.Resource{one, two} {
			r.Apply(t, r.Plan(t, snapshotConfig(t, s, c))).MustSucceed(t)
		}
		both := func(want int) (reads []sandbox.Entry) {
			t.Helper()
			// On a machine that is busy, the two reads may begin too far apart to share a listing.
			for range 10 {
				p := start()
				reads = refreshTogether(t, s, c, map[*prototest.Resource]*prototest.Provider{one: p, two: p})
				if len(reads) == want {
					break
				}
			}
			if len(reads) != want || !one.Exists() || !two.Exists() {
				t.Fatalf("two reads sent %+v, want %d: %t, %t", reads, want, one.Exists(), two.Exists())
			}
			return reads
		}
		reads := both(1)
		listing := sandbox.Fault{Method: http.MethodGet, Path: "^" + regexp.QuoteMeta(reads[0].Path) + "$"}
		for _, status := range []int{http.StatusForbidden, http.StatusNotFound} {
			listing.Do, listing.Status = sandbox.DoStatus, status
			s.Fault(listing)
			both(3)
		}
		s.Fault()
		reads = refreshTogether(t, s, c, map[*prototest.Resource]*prototest.Provider{one: start(), two: start()})
		if len(reads) != 2 || reads[0].Path == reads[1].Path {
			t.Errorf("two configurations sent %+v, want a read each", reads)
		}
		cl := s.Cloud(t, c.Name)
		gone, err := cl.ParseID(cl.Limits.SnapshotID, one.Values(t)["id"].(string)) //nolint:forcetypeassert // A test.
		if err == nil {
			err = cl.DeleteSnapshot(t.Context(), gone)
		}
		if err != nil {
			t.Fatal(err)
		}
		p := start()
		refreshTogether(t, s, c, map[*prototest.Resource]*prototest.Provider{one: p, two: p})
		if one.Exists() || !two.Exists() {
			t.Errorf("one was deleted by somebody else: %t, %t", one.Exists(), two.Exists())
		}
	})
}

package bench_test

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/bench"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
)

// parallelism is how many calls Terraform has under way unless -parallelism sets another number.
const parallelism = 10

// tries is how often a refresh may take more requests than wanted.
const tries = 10

// refresh reads all resources as a plan does: several at a time, in no order. It returns the requests of each cloud.
func refresh(t *testing.T, fleet *bench.Fleet, resources []*prototest.Resource) map[string]int {
	t.Helper()
	rand.Shuffle(len(resources), func(i, j int) { resources[i], resources[j] = resources[j], resources[i] })
	fleet.ClearJournal()
	queue := make(chan *prototest.Resource)
	var group sync.WaitGroup
	for range parallelism {
		group.Go(func() {
			for r := range queue {
				r.Refresh(t).MustSucceed(t)
			}
		})
	}
	for _, r := range resources {
		queue <- r
	}
	close(queue)
	group.Wait()
	requests := map[string]int{}
	for _, e := range fleet.Journal() {
		if e.Method == http.MethodGet {
			requests[e.Cloud]++
		}
	}
	return requests
}

// A refresh of a fleet takes one request for each Contabo instance, Exoscale zone and Koyeb organization, and for each
// Hostinger VM.
func TestFleet_refresh(t *testing.T) {
	for name, tc := range map[string]struct {
		fleet map[string]bench.Count
		want  map[string]int
	}{
		"mix": {
			map[string]bench.Count{
				"contabo": {Sources: 10, Snapshots: 50}, "exoscale": {Sources: 12, Snapshots: 50},
				"koyeb": {Sources: 6, Snapshots: 20}, "hostinger": {Sources: 5, Snapshots: 5},
			},
			map[string]int{"contabo": 10, "exoscale": 2, "koyeb": 1, "hostinger": 5},
		},
		// Few enough for a cloud that allows 60 requests a minute.
		"200 snapshots": {
			map[string]bench.Count{"contabo": {Sources: 20, Snapshots: 200}}, map[string]int{"contabo": 20},
		},
	} {
		t.Run(name, func(t *testing.T) {
			fleet := bench.NewMix(t, tc.fleet)
			p := prototest.Start(t, fleet.Sandbox, nil)
			var resources []*prototest.Resource
			for _, id := range fleet.IDs {
				r := p.Resource(t, "cloudsnap_snapshot")
				r.Import(t, id, nil).MustSucceed(t)
				resources = append(resources, r)
			}
			// On a machine that is busy, a read may begin too far from the others.
			for try := 1; ; try++ {
				// A plan is a process of its own, so it shares no listing with another one.
				plan := prototest.Start(t, fleet.Sandbox, nil)
				for _, r := range resources {
					r.MoveTo(plan)
				}
				requests := refresh(t, fleet, resources)
				t.Logf("%d reads took %v", len(resources), requests)
				if maps.Equal(requests, tc.want) {
					break
				}
				if try == tries {
					t.Fatalf("%d reads took %v, want %v", len(resources), requests, tc.want)
				}
			}
		})
	}
}

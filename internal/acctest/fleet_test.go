package acctest_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// fleetLatency is how long a snapshot of the fleet takes: much longer than a slow machine needs between two requests.
const fleetLatency = 3 * time.Second

// At least twenty snapshots at all clouds in one apply, several of them on the same source: none gets in another's way.
func TestTFFleet_twentyAcrossTheClouds(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, sandboxtest.WithLatency(fleetLatency))
	// Polling at the usual 1 ms would run into Koyeb's limit of 400 requests a minute.
	config, total, before := "provider \"cloudsnap\" {\n  poll_interval = \"200ms\"\n}\n", 0, map[string]int{}
	add := func(c acctest.Case, n int) {
		extra := []string{}
		if c.Limits.SingleSnapshot() {
			extra = append(extra, "replace_existing = true")
		}
		for i := range n {
			// With more snapshots than sources, the first source gets two.
			config += c.HCL(fmt.Sprintf("%s-%d", c.Name, i), c.Sources[max(i-1, 0)%len(c.Sources)], extra...)
		}
		total += n
	}
	drivers := acctest.Drivers()
	for i, d := range drivers {
		c := s.Case(t, d.Descriptor().Name)
		before[c.Name] = len(s.SnapshotIDs(c.Name))
		switch {
		case c.Limits.SingleSnapshot():
			for j := range c.Sources {
				config += c.HCL(fmt.Sprintf("%s-%d", c.Name, j), c.Sources[j], "replace_existing = true")
				total++
			}
		case i == 0:
			add(c, 8)
		default:
			add(c, 5)
		}
	}
	if total < 20 {
		t.Fatalf("the story has %d snapshots, want at least 20", total)
	}
	cli := acctest.NewCLI(t, s, config)
	s.ClearJournal()
	cli.Apply(t, "-parallelism=20").MustSucceed(t).MustSay(t, fmt.Sprintf("%d added, 0 changed, 0 destroyed", total))
	for _, e := range s.Journal() {
		if e.Status >= 400 && e.Method != http.MethodGet {
			t.Errorf("a request was refused: %+v", e)
		}
	}
	for _, d := range drivers {
		expectOverlap(t, s, d.Descriptor().Name)
	}
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	cli.Destroy(t, "-parallelism=20").MustSucceed(t).MustSay(t, fmt.Sprintf("%d destroyed", total))
	for name, n := range before {
		if s.Case(t, name).Limits.SingleSnapshot() {
			n = 0
		}
		if left := len(s.SnapshotIDs(name)); left != n {
			t.Errorf("%s has %d snapshots after the destruction, want %d", name, left, n)
		}
	}
}

// expectOverlap fails when a cloud's creates waited for one another although their sources differ: then all polls of
// the first would come before the second create.
func expectOverlap(t *testing.T, s *acctest.Sandbox, name string) {
	t.Helper()
	requests := s.Requests(name)
	create := func(e sandbox.Entry) bool { return e.Method == http.MethodPost }
	first := slices.IndexFunc(requests, create)
	second := first + 1 + slices.IndexFunc(requests[first+1:], create)
	if gap := requests[second].Time.Sub(requests[first].Time); gap >= fleetLatency {
		t.Errorf("%s: the second create came %s after the first, as if it had waited for it", name, gap)
	}
}

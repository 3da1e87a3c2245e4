package bench_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/bench"
)

// bound is what one call may cost at most.
type bound struct {
	// allocs are the allocations, ratio those in relation to the twin's, calls the requests to the cloud.
	allocs, ratio float64
	calls         int64
}

// The bounds have a little room above what was measured. How to measure is in internal/docs/performance.md.
func TestAllocations_perCall(t *testing.T) {
	bounds := map[bench.Step]bound{
		"UpgradeResourceState":   {1290, 1.02, 0},
		"ReadResource":           {3470, 1.14, 1},
		"ValidateResourceConfig": {1020, 1.10, 0},
		"PlanResourceChange":     {7980, 1.09, 0},
		bench.All:                {13730, 1.10, 1},
	}
	const runs = 20
	for _, name := range clouds() {
		// The read of a snapshot that is alone is never shared.
		plan := bench.NewPlan(t, name, 1)
		for _, step := range bench.Steps() {
			want := bounds[step]
			before, i := plan.Calls(), 0
			got := testing.AllocsPerRun(runs-1, func() {
				plan.Provider(t, step, i)
				i++
			})
			calls := plan.Calls() - before
			idle := testing.AllocsPerRun(runs-1, func() {
				plan.Twin(t, step, i)
				i++
			})
			t.Logf("%s %s: %.0f allocations, %.2f times the twin's, %d requests in %d calls",
				name, step, got, got/idle, calls, runs)
			if got > want.allocs || got/idle > want.ratio || calls != want.calls*runs {
				t.Errorf("%s %s has %.0f allocations, %.2f times the twin's, and %d requests in %d calls; want at most %+v",
					name, step, got, got/idle, calls, runs, want)
			}
		}
	}
}

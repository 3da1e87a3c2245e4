package rotation_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// advanceTo moves the clock to the next time of day, in hours and minutes of UTC.
func advanceTo(s *acctest.Sandbox, hour, minute int) {
	now := s.Advance(0).UTC()
	next := time.Date(now.Year(), now.Month(), now.Day(), hour, minute, 0, 0, time.UTC)
	if !next.After(now) {
		next = next.Add(day)
	}
	s.Advance(next.Sub(now))
}

// A plan of the evening may be applied after midnight. The new snapshot then belongs to another day. A snapshot that
// the rules keep because of that stays, although the plan lists it as deleted.
func TestProtocol_midnightBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			source := c.Sources[0]
			version := func(v string) prototest.Values {
				return config(source, c, prototest.Values{
					"interval": nil, "triggers": prototest.Values{"version": v}, "keep_daily": 2,
				})
			}
			r := prototest.Start(t, s, nil).Resource(t, rotationType)
			advanceTo(s, 12, 0)
			run(t, r, version("1"), prototest.Create)
			advanceTo(s, 12, 0)
			run(t, r, version("2"), prototest.Update)
			before := owned(t, r)

			advanceTo(s, 23, 50)
			r.Refresh(t).MustSucceed(t)
			plan := r.Plan(t, version("3"))
			kept := itemIDs(plan.Values["snapshots"])
			if deleted := without(before, kept); len(before) != 2 || len(deleted) != 1 {
				t.Fatalf("the plan keeps %v of %v", kept, before)
			}
			noon := without(before, kept)[0]
			advanceTo(s, 0, 10)
			r.Apply(t, plan).MustSucceed(t)
			got := owned(t, r)
			if len(got) != 3 || !slices.Contains(got, noon) || !slices.Equal(atCloud(s, c, source), got) {
				t.Errorf("the state has %v, want %v and a new one", got, before)
			}

			// What the rules do not keep now goes with the next plan, which takes none.
			if plan = run(t, r, version("3"), prototest.Update); takes(plan) || !slices.Contains(owned(t, r), noon) {
				t.Errorf("the plan has %v", plan.Values["snapshots"])
			}
			run(t, r, version("3"), prototest.NoOp)
		})
}

// A snapshot that becomes due between a plan of something else and its apply does not change that plan. The next one
// takes it.
func TestProtocol_dueBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		run(t, r, config(source, c, nil), prototest.Create)
		before := owned(t, r)
		s.Advance(22 * time.Hour)
		r.Refresh(t).MustSucceed(t)
		changed := config(source, c, prototest.Values{"interval": "23h30m"})
		plan := r.Plan(t, changed)
		if plan.Action != prototest.Update || takes(plan) {
			t.Fatalf("the plan is %s: %v", plan.Action, plan.Values)
		}
		s.Advance(2 * time.Hour)
		r.Apply(t, plan).MustSucceed(t)
		if got := owned(t, r); !slices.Equal(got, before) {
			t.Errorf("the state has %v after %v", got, before)
		}
		if plan = run(t, r, changed, prototest.Update); !takes(plan) {
			t.Errorf("the next plan has %v", plan.Values["snapshots"])
		}
	})
}

// A plan without a refresh takes what is due by the clock.
func TestProtocol_dueWithoutRefresh(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		r, other := p.Resource(t, rotationType), p.Resource(t, rotationType)
		nightly, extra := config(c.Sources[0], c, nil), prototest.Values{}
		if c.Limits.SingleSnapshot() {
			extra["replace_existing"] = true
		}
		run(t, r, nightly, prototest.Create)
		run(t, other, config(c.Sources[1], c, extra), prototest.Create)
		before := owned(t, r)
		s.Advance(day)
		// An answer of the cloud has its time.
		other.Refresh(t).MustSucceed(t)
		plan := r.Plan(t, nightly)
		if plan.MustSucceed(t); !takes(plan) {
			t.Fatalf("the plan is %s: %v", plan.Action, plan.Values["snapshots"])
		}
		r.Apply(t, plan).MustSucceed(t)
		if after := owned(t, r); len(after) != 1 || after[0] == before[0] {
			t.Errorf("the state has %v after %v", after, before)
		}
	})
}

// A value that is known after apply decides at apply.
func TestProtocol_unknownSettings(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		run(t, r, config(source, c, nil), prototest.Create)
		before := owned(t, r)
		r.Refresh(t).MustSucceed(t)
		plan := r.Plan(t, config(source, c, prototest.Values{"interval": prototest.Unknown}))
		plan.MustSucceed(t)
		if plan.Values["snapshots"] != prototest.Unknown || plan.Values["next_due_at"] != prototest.Unknown {
			t.Errorf("the plan has %v", plan.Values)
		}
		run(t, r, config(source, c, prototest.Values{"interval": "48h"}), prototest.Update)
		if got := owned(t, r); !slices.Equal(got, before) {
			t.Errorf("the state has %v after %v", got, before)
		}
	})
}

// Two snapshots of the same second have an order that does not change: the plan after a run is empty.
func TestProtocol_twoInOneSecond(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			r := prototest.Start(t, s, nil).Resource(t, rotationType)
			version := func(i int) prototest.Values {
				return config(c.Sources[0], c, prototest.Values{"keep_last": 2, "triggers": prototest.Values{"v": fmt.Sprint(i)}})
			}
			for i := range 6 {
				r.Refresh(t).MustSucceed(t)
				r.Apply(t, r.Plan(t, version(i))).MustSucceed(t)
				run(t, r, version(i), prototest.NoOp)
			}
		})
}

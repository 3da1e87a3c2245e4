package rotation_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// A rotation takes a snapshot at once, and the next one when it is due. The plan is empty in between, shows what is
// taken and deleted, and leaves the snapshots of others alone.
func TestProtocol_life(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source, single := c.Sources[0], c.Limits.SingleSnapshot()
		foreign := atCloud(s, c, source)
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		nightly := config(source, c, nil)
		plan := r.Plan(t, nightly)
		if plan.MustSucceed(t); plan.Action != prototest.Create || plan.Values["id"] == prototest.Unknown {
			t.Fatalf("the first plan is %s: %v", plan.Action, plan.Values)
		}
		r.Apply(t, plan).MustSucceed(t)
		first := owned(t, r)
		if len(first) != 1 || !slices.Equal(without(atCloud(s, c, source), foreign), first) {
			t.Fatalf("the state has %v, the cloud %v", first, atCloud(s, c, source))
		}
		checkLatest(t, r, first[0])

		run(t, r, nightly, prototest.NoOp)
		s.Advance(22 * time.Hour)
		run(t, r, nightly, prototest.NoOp)
		s.Advance(61 * time.Minute)
		s.ClearJournal()
		plan = run(t, r, nightly, prototest.Update)
		if deleted := methodAt(s, c, http.MethodDelete); !single && deleted < methodAt(s, c, http.MethodPost) {
			t.Errorf("a delete comes before the new snapshot: %+v", s.Requests(c.Name))
		}
		second := owned(t, r)
		if !takes(plan) || len(itemIDs(plan.Values["snapshots"])) != 0 || len(second) != 1 || second[0] == first[0] {
			t.Fatalf("the plan has %v, the state %v after %v", plan.Values["snapshots"], second, first)
		}
		if got := atCloud(s, c, source); !single && !slices.Equal(without(got, foreign), second) {
			t.Errorf("the cloud has %v, want %v beside %v", got, second, foreign)
		}
		checkLatest(t, r, second[0])
		run(t, r, nightly, prototest.NoOp)

		r.Destroy(t).MustSucceed(t)
		if got := atCloud(s, c, source); r.Exists() || (!single && !slices.Equal(got, foreign)) || (single && len(got) > 0) {
			t.Errorf("after the destroy the cloud has %v, want %v", got, foreign)
		}
	})
}

// methodAt is the position of the first request of a method in the journal, -1 if there is none.
func methodAt(s *acctest.Sandbox, c acctest.Case, method string) int {
	return slices.IndexFunc(s.Requests(c.Name), func(e sandbox.Entry) bool { return e.Method == method })
}

// checkLatest checks what follows from the newest snapshot.
func checkLatest(t *testing.T, r *prototest.Resource, id string) {
	t.Helper()
	got := r.Values(t)
	at, _ := time.Parse(time.RFC3339, fmt.Sprint(got["latest_created_at"]))
	due, _ := time.Parse(time.RFC3339, fmt.Sprint(got["next_due_at"]))
	if got["latest_snapshot_id"] != id || due.Sub(at) != 23*time.Hour {
		t.Errorf("the newest is %v of %s, and the next is due at %s", got["latest_snapshot_id"], at, due)
	}
}

// A change of the keep rules alone plans only deletes, and the plan is exact.
func TestProtocol_keepRules(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			source := c.Sources[0]
			r := prototest.Start(t, s, nil).Resource(t, rotationType)
			three := config(source, c, prototest.Values{"keep_last": 3})
			run(t, r, three, prototest.Create)
			for range 2 {
				s.Advance(day)
				run(t, r, three, prototest.Update)
			}
			before, latest := owned(t, r), r.Values(t)["latest_snapshot_id"]
			s.ClearJournal()
			plan := run(t, r, config(source, c, prototest.Values{"keep_last": 1, "name_prefix": nil}), prototest.Update)
			after := owned(t, r)
			if takes(plan) || len(before) != 3 || !slices.Equal(after, []string{fmt.Sprint(latest)}) ||
				!slices.Equal(itemIDs(plan.Values["snapshots"]), after) || !slices.Equal(atCloud(s, c, source), after) {
				t.Errorf("the plan has %v, the state %v after %v", plan.Values["snapshots"], after, before)
			}
			if n := s.Mutations(c.Name); n != 2 {
				t.Errorf("%d changes were sent, want 2 deletes", n)
			}
		})
}

// A changed trigger makes a snapshot due, whatever its age. Nothing else does without an interval.
func TestProtocol_triggers(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		version := func(v string) prototest.Values {
			return config(source, c, prototest.Values{"interval": nil, "triggers": prototest.Values{"version": v}})
		}
		run(t, r, version("1"), prototest.Create)
		first := owned(t, r)
		s.Advance(3 * day)
		run(t, r, version("1"), prototest.NoOp)
		if r.Values(t)["next_due_at"] != nil {
			t.Errorf("without an interval, the next is due at %v", r.Values(t)["next_due_at"])
		}
		if plan := run(t, r, version("2"), prototest.Update); !takes(plan) {
			t.Errorf("the plan has %v", plan.Values)
		}
		if second := owned(t, r); len(second) != 1 || second[0] == first[0] {
			t.Errorf("the state has %v after %v", second, first)
		}
		run(t, r, version("2"), prototest.NoOp)
		// Triggers that are added to or removed from an interval are a change as well.
		run(t, r, config(source, c, nil), prototest.Update)
		run(t, r, config(source, c, nil), prototest.NoOp)
	})
}

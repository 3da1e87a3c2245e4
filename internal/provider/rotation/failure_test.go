package rotation_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// onCreate and onDelete are the target of the create and the deletes of snapshots at every cloud.
func onCreate(do string) sandbox.Fault {
	return sandbox.Fault{Method: http.MethodPost, Path: "snapshot", Do: do}
}

func onDelete(do string) sandbox.Fault {
	return sandbox.Fault{Method: http.MethodDelete, Path: "snapshot", Do: do}
}

// count counts the requests of one method whose path has a part.
func count(s *acctest.Sandbox, c acctest.Case, method, part string) int {
	n := 0
	for _, e := range s.Requests(c.Name) {
		if e.Method == method && strings.Contains(e.Path, part) {
			n++
		}
	}
	return n
}

// polled reports whether the cloud was read since a create was answered.
func polled(s *acctest.Sandbox, c acctest.Case) bool {
	requests := s.Requests(c.Name)
	at := slices.IndexFunc(requests, func(e sandbox.Entry) bool { return e.Method == http.MethodPost })
	return at >= 0 && len(requests) > at+3
}

// started is a rotation that has taken its first snapshot, a day ago.
func started(t *testing.T, s *acctest.Sandbox, c acctest.Case, config prototest.Values) *prototest.Resource {
	t.Helper()
	r := prototest.Start(t, s, nil).Resource(t, rotationType)
	plan := r.Plan(t, config)
	s.ClearJournal()
	done := r.Begin(t, plan)
	acctest.Eventually(t, "the snapshot is under way", func() bool { return polled(s, c) || len(done) > 0 })
	s.Advance(day)
	(<-done).MustSucceed(t)
	s.ClearJournal()
	return r
}

// A take that fails deletes nothing, keeps the settings of the state, and is planned again.
func TestProtocol_failedTakeDeletesNothing(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		version := func(v string) prototest.Values {
			return config(source, c, prototest.Values{"triggers": prototest.Values{"version": v}})
		}
		r := started(t, s, c, version("1"))
		before := owned(t, r)
		refused := onCreate(sandbox.DoStatus)
		refused.Status = http.StatusBadRequest
		s.Fault(refused)
		r.Refresh(t).MustSucceed(t)
		r.Apply(t, r.Plan(t, version("2"))).MustFail(t, "Unable to create snapshot", "No snapshot was deleted")
		triggers, _ := r.Values(t)["triggers"].(prototest.Values)
		if got := owned(t, r); !slices.Equal(got, before) || triggers["version"] != "1" || r.Tainted {
			t.Errorf("the state has %v with %v, tainted %t; before it had %v", got, triggers, r.Tainted, before)
		}
		if n := count(s, c, http.MethodDelete, ""); n != 0 {
			t.Errorf("%d deletes were sent", n)
		}
		s.Fault()
		if plan := run(t, r, version("2"), prototest.Update); !takes(plan) {
			t.Errorf("the next plan has %v", plan.Values["snapshots"])
		}
		if got := owned(t, r); len(got) != 1 || got[0] == before[0] {
			t.Errorf("in the end the state has %v after %v", got, before)
		}
	})
}

// If the answer of the create is lost, the new snapshot is adopted with a warning, and not taken twice.
func TestProtocol_lostTakeIsAdopted(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		nightly := config(source, c, nil)
		for _, first := range []bool{true, false} {
			r, before := prototest.Start(t, s, nil).Resource(t, rotationType), []string(nil)
			if !first {
				r = started(t, s, c, nightly)
				before = owned(t, r)
			}
			s.ClearJournal()
			lost := onCreate(sandbox.DoLose)
			lost.To = 1
			s.Fault(lost)
			r.Refresh(t).MustSucceed(t)
			diags := r.Apply(t, r.Plan(t, nightly))
			got, named := owned(t, r), c.Name+"/"+source.SourceID
			if !c.Limits.SingleSnapshot() && len(got) > 0 {
				named = "/" + got[0] + ". "
			}
			diags.MustWarn(t, "Adopted after a lost answer", named)
			if n := count(s, c, http.MethodPost, "snapshot"); n != 1 || len(got) != 1 || slices.Equal(got, before) {
				t.Errorf("%d creates, and the state has %v after %v", n, got, before)
			}
			run(t, r, nightly, prototest.NoOp)
			r.Destroy(t).MustSucceed(t)
		}
	})
}

// A delete whose answer is lost is repeated. A delete that fails leaves the new snapshot in the state, and is planned
// again without another take.
func TestProtocol_failedDeleteIsPlannedAgain(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			source := c.Sources[0]
			nightly := config(source, c, nil)
			r := started(t, s, c, nightly)
			before := owned(t, r)
			refused := onDelete(sandbox.DoStatus)
			refused.Status = http.StatusForbidden
			s.Fault(refused)
			r.Refresh(t).MustSucceed(t)
			r.Apply(t, r.Plan(t, nightly)).MustFail(t, "Unable to delete snapshot", "The new snapshot is ready", "apply again")
			if got := owned(t, r); len(got) != 2 || !slices.Contains(got, before[0]) || r.Tainted {
				t.Errorf("the state has %v after %v, tainted %t", got, before, r.Tainted)
			}
			lost := onDelete(sandbox.DoLose)
			lost.To = 1
			s.Fault(lost)
			s.ClearJournal()
			plan := run(t, r, nightly, prototest.Update)
			got := owned(t, r)
			if takes(plan) || len(got) != 1 || got[0] == before[0] || !slices.Equal(atCloud(s, c, source), got) {
				t.Errorf("in the end the state has %v, the cloud %v", got, atCloud(s, c, source))
			}
			if n := count(s, c, http.MethodPost, "snapshot"); n != 0 {
				t.Errorf("%d more creates were sent", n)
			}
			run(t, r, nightly, prototest.NoOp)
		})
}

// An interrupted wait keeps the new snapshot and every old one. The next run resumes, and deletes after that.
func TestProtocol_interruptedTakeIsResumed(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		version := func(v string) prototest.Values {
			return config(source, c, prototest.Values{"triggers": prototest.Values{"version": v}})
		}
		r := started(t, s, c, version("1"))
		before := owned(t, r)
		r.Refresh(t).MustSucceed(t)
		plan := r.Plan(t, version("2"))
		diags := r.Interrupt(t, plan, func() bool { return polled(s, c) })
		if !diags.HasError() {
			return // The cloud takes no time for a snapshot.
		}
		diags.MustFail(t, "Interrupted while waiting", "Nothing is lost", "Apply again to resume")
		items, _ := r.Values(t)["snapshots"].([]any)
		if len(items) != 2 || !slices.Contains(owned(t, r), before[0]) || r.Tainted || r.Private(t, "job") == "" {
			t.Fatalf("the state has %v, tainted %t, with the operation %q", items, r.Tainted, r.Private(t, "job"))
		}

		s.ClearJournal()
		r.Refresh(t).MustSucceed(t)
		plan = r.Plan(t, version("2"))
		if plan.MustSucceed(t); !takes(plan) || plan.Action != prototest.Update {
			t.Fatalf("the next plan is %s: %v", plan.Action, plan.Values["snapshots"])
		}
		done := r.Begin(t, plan)
		acctest.Eventually(t, "the wait is resumed", func() bool { return len(s.Requests(c.Name)) > 5 || len(done) > 0 })
		s.Advance(2 * time.Hour)
		acctest.Eventually(t, "a delete is sent or not needed", func() bool {
			return count(s, c, http.MethodDelete, "") > 0 || len(done) > 0
		})
		s.Advance(2 * time.Hour)
		(<-done).MustSucceed(t)
		if n := count(s, c, http.MethodPost, "snapshot"); n != 0 {
			t.Errorf("%d more creates were sent", n)
		}
		triggers, _ := r.Values(t)["triggers"].(prototest.Values)
		if got := owned(t, r); len(got) != 1 || got[0] == before[0] || triggers["version"] != "2" {
			t.Errorf("in the end the state has %v with %v", got, triggers)
		}
		if left := r.Private(t, "job"); left != "" {
			t.Errorf("in the end the operation %q is saved", left)
		}
		run(t, r, version("2"), prototest.NoOp)
	}, sandboxtest.WithLatency(time.Hour))
}

// A plan is stale if one of its snapshots is gone by then. Nothing is changed.
func TestProtocol_stalePlanIsRefused(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		nightly := config(source, c, nil)
		r := started(t, s, c, nightly)
		r.Refresh(t).MustSucceed(t)
		plan := r.Plan(t, nightly)
		ref := source
		ref.ObjectID = owned(t, r)[0]
		if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		s.ClearJournal()
		r.Apply(t, plan).MustFail(t, "Unable to rotate snapshots", "the plan is out of date", ref.ObjectID,
			"Nothing was changed. Make a new plan.")
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent", n)
		}
		r.Refresh(t).MustWarn(t, "Snapshot is gone", c.FormatID(c.Limits.SnapshotID, ref),
			"takes a new snapshot when one is due")
		if plan := run(t, r, nightly, prototest.Update); !takes(plan) {
			t.Errorf("the next plan has %v", plan.Values["snapshots"])
		}
	})
}

// An expired snapshot leaves the rotation with a warning. The rotation itself stays.
func TestProtocol_expiredSnapshotsLeave(t *testing.T) {
	t.Parallel()
	expires := acctest.WhereLimits(func(l driver.Limits) bool { return l.Snapshot["expires_at"].Supported() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, expires,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			nightly := config(c.Sources[0], c, prototest.Values{"interval": nil, "triggers": prototest.Values{"v": "1"}})
			r := started(t, s, c, nightly)
			s.Advance(40 * day)
			r.Refresh(t).MustWarn(t, "Snapshot is gone", "It expired at", "takes a new snapshot when one is due")
			if got := owned(t, r); len(got) != 0 || !r.Exists() || r.Values(t)["latest_snapshot_id"] != nil {
				t.Fatalf("the state has %v", r.Values(t))
			}
			if plan := run(t, r, nightly, prototest.Update); !takes(plan) || len(owned(t, r)) != 1 {
				t.Errorf("the plan has %v", plan.Values["snapshots"])
			}
		})
}

package rotation_test

import (
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

// What a cloud does not accept is an error of the plan, at the attribute, and nothing is sent.
func TestProtocol_refusedConfigurations(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		refused := func(extra prototest.Values, parts ...string) {
			t.Helper()
			p.Resource(t, rotationType).Plan(t, config(c.Sources[0], c, extra)).MustFail(t, parts...)
		}
		refused(prototest.Values{"interval": nil}, "Without interval and triggers, no snapshot is ever due")
		refused(prototest.Values{"interval": "24"}, "must be a duration of at least 1m0s")
		refused(prototest.Values{"interval": "30s"}, "must be a duration of at least 1m0s")
		refused(prototest.Values{"keep_last": 0}, "keep_last", "at least 1")
		name := c.Limits.Snapshot["name"]
		switch {
		case !name.Settable():
			refused(prototest.Values{"name_prefix": "nightly"}, "does not support name_prefix for a rotation")
		case name.Max > 0:
			refused(prototest.Values{"name_prefix": strings.Repeat("x", name.Max-13)}, "which is 1 too many")
			plan := p.Resource(t, rotationType).Plan(t, config(c.Sources[0], c, prototest.Values{
				"name_prefix": strings.Repeat("x", name.Max-14),
			}))
			plan.MustSucceed(t)
			refused(prototest.Values{"name_prefix": "a/b"}, "name_prefix")
		}
		if c.Limits.SingleSnapshot() {
			refused(prototest.Values{"keep_last": 2}, `must be 1, not "2"`)
			for _, name := range []string{"keep_daily", "keep_weekly", "keep_monthly"} {
				refused(prototest.Values{name: 2}, "does not support "+name)
			}
			refused(prototest.Values{"delete_oldest_first": true}, "does not support delete_oldest_first")
		} else {
			refused(prototest.Values{"replace_existing": true}, "does not support replace_existing")
		}
		if !c.Limits.Snapshot["description"].Settable() {
			refused(prototest.Values{"description": "nightly"}, "does not support description")
		}
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent", n)
		}
	})
}

// A source that does not exist is an error of the plan.
func TestProtocol_unknownSource(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		source.SourceID = source.SourceID[:len(source.SourceID)-4] + "9999"
		p := prototest.Start(t, s, nil)
		plan := p.Resource(t, rotationType).Plan(t, config(source, c, nil))
		plan.MustFail(t, "Unable to", source.SourceID)
	})
}

// Two rotations of one source take turns, and each keeps its own.
func TestProtocol_twoRotationsOfOneSource(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			p, source := prototest.Start(t, s, nil), c.Sources[0]
			configs := []prototest.Values{config(source, c, nil), config(source, c, prototest.Values{"interval": "12h"})}
			if named(c.Driver) {
				configs[1]["name_prefix"] = "half-day"
			}
			var rotations []*prototest.Resource
			for range configs {
				rotations = append(rotations, p.Resource(t, rotationType))
			}
			// Both at the same time, as in one apply.
			both := func(want prototest.Action) {
				t.Helper()
				var running []<-chan prototest.Diagnostics
				for i, r := range rotations {
					r.Refresh(t).MustSucceed(t)
					plan := r.Plan(t, configs[i])
					if plan.MustSucceed(t); plan.Action != want {
						t.Fatalf("plan %d is %s", i, plan.Action)
					}
					running = append(running, r.Begin(t, plan))
				}
				for _, done := range running {
					(<-done).MustSucceed(t)
				}
			}
			both(prototest.Create)
			s.Advance(day)
			both(prototest.Update)
			one, two := owned(t, rotations[0]), owned(t, rotations[1])
			all := append(slices.Clone(one), two...)
			slices.Sort(all)
			if len(one) != 1 || len(two) != 1 || one[0] == two[0] || !slices.Equal(atCloud(s, c, source), all) {
				t.Errorf("they have %v and %v, the cloud %v", one, two, atCloud(s, c, source))
			}
			rotations[0].Destroy(t).MustSucceed(t)
			if got := atCloud(s, c, source); !slices.Equal(got, two) {
				t.Errorf("after the destroy of one the cloud has %v, want %v", got, two)
			}
		})
}

// Another source replaces the rotation. The plan warns that the old snapshots go first.
func TestProtocol_anotherSource(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		run(t, r, config(c.Sources[0], c, nil), prototest.Create)
		extra := prototest.Values{}
		if c.Limits.SingleSnapshot() {
			extra["replace_existing"] = true
		}
		plan := r.Plan(t, config(c.Sources[1], c, extra))
		plan.MustWarn(t, "Snapshots are deleted before the first new one", c.Sources[0].SourceID)
		if plan.Action != prototest.Replace {
			t.Fatalf("the plan is %s", plan.Action)
		}
		r.Apply(t, plan).MustSucceed(t)
		if got := owned(t, r); len(got) != 1 || !slices.Contains(atCloud(s, c, c.Sources[1]), got[0]) {
			t.Errorf("the state has %v, the cloud %v", got, atCloud(s, c, c.Sources[1]))
		}
	})
}

// With deletion_policy = "retain" a destroy leaves all snapshots, and warns with the import ID.
func TestProtocol_retainedDestroy(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		run(t, r, config(c.Sources[0], c, prototest.Values{"deletion_policy": "retain"}), prototest.Create)
		want, id := owned(t, r), importID(t, c, r)
		s.ClearJournal()
		r.Destroy(t).MustWarn(t, "Rotation stays at the cloud", "Rotation was kept at the cloud", id)
		got := atCloud(s, c, c.Sources[0])
		if r.Exists() || s.Mutations(c.Name) != 0 || !slices.Contains(got, want[0]) {
			t.Errorf("the cloud has %v, want %v", got, want)
		}
	})
}

// A destroy that fails halfway keeps in the state what remains.
func TestProtocol_destroyFailsHalfway(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			two := config(c.Sources[0], c, prototest.Values{"keep_last": 2})
			r := started(t, s, c, two)
			run(t, r, two, prototest.Update)
			latest := r.Values(t)["latest_snapshot_id"]
			refused := onDelete(sandbox.DoStatus)
			refused.Status, refused.From = 403, 2
			s.Fault(refused)
			r.Destroy(t).MustFail(t, "Unable to delete snapshot")
			if got := owned(t, r); len(got) != 1 || got[0] != latest || !slices.Equal(atCloud(s, c, c.Sources[0]), got) {
				t.Errorf("the state has %v, the cloud %v", got, atCloud(s, c, c.Sources[0]))
			}
			s.Fault()
			r.Destroy(t).MustSucceed(t)
			if got := atCloud(s, c, c.Sources[0]); len(got) != 0 {
				t.Errorf("the cloud still has %v", got)
			}
		})
}

// A first run that fails creates nothing, or keeps what exists as tainted.
func TestProtocol_firstRunFails(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		refused := onCreate(sandbox.DoStatus)
		refused.Status = 400
		s.Fault(refused)
		r := p.Resource(t, rotationType)
		r.Apply(t, r.Plan(t, config(c.Sources[0], c, nil))).MustFail(t, "Unable to create snapshot")
		if r.Exists() {
			t.Errorf("the state has %v", r.Values(t))
		}
		s.Fault()
		const limit = 20 * time.Second
		short := config(c.Sources[0], c, prototest.Values{"timeouts": prototest.Values{"create": limit.String()}})
		plan, began := r.Plan(t, short), time.Now()
		diags := r.Apply(t, plan)
		if !diags.HasError() && time.Since(began) < limit {
			return // The cloud takes no time for a snapshot.
		}
		diags.MustFail(t, "timed out", "terraform untaint")
		if items, _ := r.Values(t)["snapshots"].([]any); len(items) != 1 || !r.Tainted {
			t.Fatalf("the state has %v, tainted %t", r.Values(t), r.Tainted)
		}
		// Untainted, the next run resumes.
		r.Tainted = false
		s.ClearJournal()
		r.Refresh(t).MustSucceed(t)
		done := r.Begin(t, r.Plan(t, config(c.Sources[0], c, nil)))
		acctest.Eventually(t, "the wait is resumed", func() bool { return len(s.Requests(c.Name)) > 5 || len(done) > 0 })
		s.Advance(2 * time.Hour)
		(<-done).MustSucceed(t)
		if got := owned(t, r); len(got) != 1 || got[0] == "" || s.Mutations(c.Name) != 0 {
			t.Errorf("the state has %v after %d changes", got, s.Mutations(c.Name))
		}
	}, sandboxtest.WithLatency(time.Hour))
}

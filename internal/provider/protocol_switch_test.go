package provider_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// What means nothing to a cloud is null in plan and state unless it is set, and so in a generated configuration. A
// state that has it as false from before stays as it is.
func TestProtocol_switchesAreNullWhereTheyMeanNothing(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		off := func(means bool) any {
			if means {
				return false
			}
			return nil
		}
		want := map[string]prototest.Values{
			snapshotType: {"replace_existing": off(c.Limits.SingleSnapshot()), "wait_for_remote": off(c.Limits.MovesToRemote())},
			imageType:    {"detect_content_changes": nil},
		}[o.typeName]
		check := func(what string, got prototest.Values) {
			t.Helper()
			for name, value := range want {
				if got[name] != value {
					t.Errorf("%s has %s = %v, want %v", what, name, got[name], value)
				}
			}
		}
		p := prototest.Start(t, s, nil)
		config := o.config(t, s, c)
		r := p.Resource(t, o.typeName)
		plan := r.Plan(t, config)
		check("the plan", plan.Values)
		r.Apply(t, plan).MustSucceed(t)
		check("the state", r.Values(t))
		imported := p.Resource(t, o.typeName)
		imported.Import(t, fmt.Sprint(r.Values(t)["id"]), nil).MustSucceed(t)
		check("the import", imported.Values(t))

		// The value that is the default elsewhere may be written down, and taken out again without a change.
		for name := range want {
			config[name] = false
		}
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		for name := range want {
			if r.Values(t)[name] != false {
				t.Errorf("%s = %v was asked to be false", name, r.Values(t)[name])
			}
			delete(config, name)
		}
		r.Refresh(t).MustSucceed(t)
		if plan := r.Plan(t, config); plan.Action != prototest.NoOp {
			t.Errorf("a state from before plans: %s %v", plan.Action, cmp.Diff(r.Values(t), plan.Values))
		}
	})
}

// A switch that was on and is taken out of the configuration is off again.
func TestProtocol_switchGoesOff(t *testing.T) {
	t.Parallel()
	for _, on := range []string{driver.ReplaceExisting, driver.WaitForRemote} {
		t.Run(on, func(t *testing.T) {
			t.Parallel()
			has := acctest.WhereLimits(func(l driver.Limits) bool { return l.Snapshot[on].Settable() })
			acctest.EachCloudWhere(t, driver.CapabilitySnapshot, has, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
				t.Helper()
				config := snapshotConfig(t, s, c)
				config[on] = true
				r := prototest.Start(t, s, nil).Resource(t, snapshotType)
				r.Apply(t, r.Plan(t, config)).MustSucceed(t)
				delete(config, on)
				plan := r.Plan(t, config)
				r.Apply(t, plan).MustSucceed(t)
				if plan.Action != prototest.Update || r.Values(t)[on] != false {
					t.Errorf("%s ends as %v", plan.Action, r.Values(t)[on])
				}
			})
		})
	}
}

// Whoever turns wait_for_remote on waits for the move alone: nothing else of the snapshot is planned to change.
func TestProtocol_waitingForRemotePlansTheMoveAlone(t *testing.T) {
	t.Parallel()
	moves := acctest.WhereLimits(func(l driver.Limits) bool { return l.MovesToRemote() })
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, moves, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		config := snapshotConfig(t, s, c)
		r := prototest.Start(t, s, nil).Resource(t, snapshotType)
		create := r.Plan(t, config)
		done := make(chan prototest.Diagnostics, 1)
		go func() { done <- r.Apply(t, create) }()
		acctest.Eventually(t, "the snapshot is under way", func() bool { return s.Mutations(c.Name) > 0 })
		s.Advance(2 * time.Second)
		(<-done).MustSucceed(t)
		before := r.Values(t)
		if before["storage_type"] == driver.StorageRemote {
			t.Fatal("the snapshot has moved already")
		}
		config["wait_for_remote"] = true
		plan := r.Plan(t, config)
		var changed []string
		for name, value := range plan.Values {
			if !cmp.Equal(value, before[name]) {
				changed = append(changed, name)
			}
		}
		slices.Sort(changed)
		if want := []string{
			"state",
			"storage_type",
			"wait_for_remote",
		}; !slices.Equal(changed, want) ||
			plan.Action != prototest.Update {
			t.Errorf("%s plans %v, want %v", plan.Action, changed, want)
		}
		s.Advance(time.Hour)
		r.Apply(t, plan).MustSucceed(t)
		if got := r.Values(t); got["storage_type"] != driver.StorageRemote || got["created_at"] != before["created_at"] {
			t.Errorf("%v became %v", before, got)
		}
	}, sandboxtest.WithLatency(time.Second))
}

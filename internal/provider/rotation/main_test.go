package rotation_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func TestMain(m *testing.M) { os.Exit(acctest.TestMain(m)) }

const (
	rotationType = "cloudsnap_snapshot_rotation"
	day          = 24 * time.Hour
)

// config is a nightly rotation of a source, with extra attributes.
func config(source driver.Ref, c acctest.Case, extra prototest.Values) prototest.Values {
	out := prototest.Values{"cloud": c.Name, "source_id": source.SourceID, "interval": "24h"}
	if source.Location != "" {
		out["location"] = source.Location
	}
	for name, v := range extra {
		out[name] = v
	}
	return out
}

// several is a condition of acctest.EachCloudWhere: the cloud keeps several snapshots per source.
var several = acctest.WhereLimits(func(l driver.Limits) bool { return !l.SingleSnapshot() })

// run refreshes a rotation and applies a configuration. Every action but the wanted one fails the test.
func run(t *testing.T, r *prototest.Resource, config prototest.Values, want prototest.Action) *prototest.Plan {
	t.Helper()
	r.Refresh(t).MustSucceed(t)
	plan := r.Plan(t, config)
	plan.MustSucceed(t)
	if plan.Action != want {
		t.Fatalf("the plan is %s, want %s: %v", plan.Action, want, plan.Values)
	}
	r.Apply(t, plan).MustSucceed(t)
	return plan
}

// owned are the IDs of the snapshots in the state, sorted.
func owned(t *testing.T, r *prototest.Resource) []string {
	t.Helper()
	return itemIDs(r.Values(t)["snapshots"])
}

// itemIDs are the known IDs of a set of snapshots, sorted.
func itemIDs(set any) []string {
	ids := []string{}
	items, _ := set.([]any)
	for _, one := range items {
		if values, ok := one.(prototest.Values); ok {
			id, _ := values["snapshot_id"].(string)
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// takes reports whether a plan has a snapshot that is known after apply.
func takes(plan *prototest.Plan) bool {
	items, _ := plan.Values["snapshots"].([]any)
	return plan.Values["snapshots"] == prototest.Unknown || slices.Contains(items, any(prototest.Unknown))
}

// atCloud are the IDs of the snapshots of a source at the cloud, sorted.
func atCloud(s *acctest.Sandbox, c acctest.Case, source driver.Ref) []string {
	ids := []string{}
	for _, snap := range s.Inventory()[c.Name].Snapshots {
		if snap.SourceID == source.SourceID {
			ids = append(ids, snap.SnapshotID)
		}
	}
	slices.Sort(ids)
	return ids
}

// without removes strings from a sorted list.
func without(list, removed []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(removed, s) })
}

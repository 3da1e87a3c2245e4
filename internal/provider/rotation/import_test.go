package rotation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// named is a condition of acctest.EachCloudWhere: a configuration sets the names of snapshots.
var named = acctest.WhereLimits(func(l driver.Limits) bool { return l.Snapshot["name"].Settable() })

// importID is the ID that adopts the snapshots of a rotation.
func importID(t *testing.T, c acctest.Case, r *prototest.Resource) string {
	t.Helper()
	id, _ := r.Values(t)["id"].(string)
	if !c.Limits.Snapshot["name"].Settable() && !c.Limits.SingleSnapshot() {
		id += "/" + strings.Join(owned(t, r), ",")
	}
	return id
}

// A rotation that was removed from the state is imported with its snapshots, and no others. The first apply after that
// stores the settings, and takes nothing.
func TestProtocol_importAdoptsItsOwn(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		extra := prototest.Values{"triggers": prototest.Values{"version": "1"}}
		if !c.Limits.SingleSnapshot() {
			extra["keep_last"] = 2
		}
		settings := config(source, c, extra)
		p := prototest.Start(t, s, nil)
		r := p.Resource(t, rotationType)
		run(t, r, settings, prototest.Create)
		if s.Advance(day); !c.Limits.SingleSnapshot() {
			run(t, r, settings, prototest.Update)
		} else {
			s.Advance(-day)
		}
		want := owned(t, r)

		again := p.Resource(t, rotationType)
		again.Import(t, importID(t, c, r), nil).MustSucceed(t)
		if got := owned(t, again); !slices.Equal(got, want) {
			t.Fatalf("the import adopts %v, want %v", got, want)
		}
		s.ClearJournal()
		plan := run(t, again, settings, prototest.Update)
		if takes(plan) || len(itemIDs(plan.Values["snapshots"])) != len(want) {
			t.Errorf("the plan after the import has %v", plan.Values["snapshots"])
		}
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent", n)
		}
		run(t, again, settings, prototest.NoOp)
		again.Destroy(t).MustSucceed(t)
		if got := atCloud(s, c, source); slices.ContainsFunc(want, func(id string) bool { return slices.Contains(got, id) }) {
			t.Errorf("the cloud still has %v of %v", got, want)
		}
	})
}

// An import by a prefix adopts only names of the form that a rotation gives, of the same source.
func TestProtocol_importByPrefix(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, named,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			take := func(source driver.Ref, name string) {
				spec := driver.SnapshotSpec{SourceID: source.SourceID, Name: name}
				if _, _, err := s.Cloud(t, c.Name).CreateSnapshot(t.Context(), spec); err != nil {
					t.Fatal(err)
				}
			}
			take(c.Sources[0], "rotation-manual")
			take(c.Sources[1], "rotation-20260101-0000")
			p := prototest.Start(t, s, nil)
			r := p.Resource(t, rotationType)
			run(t, r, config(c.Sources[0], c, nil), prototest.Create)
			again := p.Resource(t, rotationType)
			id := importID(t, c, r)
			again.Import(t, id, nil).MustSucceed(t)
			if got := owned(t, again); !slices.Equal(got, owned(t, r)) {
				t.Errorf("%s adopts %v, want %v", id, got, owned(t, r))
			}
			// By identity as well.
			byIdentity := p.Resource(t, rotationType)
			byIdentity.Import(t, "", r.Identity(t)).MustSucceed(t)
			if got := owned(t, byIdentity); !slices.Equal(got, owned(t, r)) {
				t.Errorf("the identity adopts %v, want %v", got, owned(t, r))
			}
			// A prefix without snapshots is nothing to import.
			none := p.Resource(t, rotationType)
			none.Import(t, strings.TrimSuffix(id, "rotation")+"nothing", nil).MustSucceed(t)
			if none.Exists() {
				t.Errorf("the import of an unknown prefix has %v", none.Values(t))
			}
		})
}

// Where a cloud sets the names, an import lists the snapshots. One that does not exist ends it.
func TestProtocol_importByIDs(t *testing.T) {
	t.Parallel()
	byIDs := acctest.WhereLimits(func(l driver.Limits) bool {
		return !l.Snapshot["name"].Settable() && !l.SingleSnapshot()
	})
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, byIDs,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			p := prototest.Start(t, s, nil)
			r := p.Resource(t, rotationType)
			run(t, r, config(c.Sources[0], c, nil), prototest.Create)
			id := importID(t, c, r)
			last := id[strings.LastIndex(id, "/")+1:]
			absent := strings.Replace(id, last, last+",00000000-0000-4000-8000-000000000000", 1)
			none := p.Resource(t, rotationType)
			none.Import(t, absent, nil).MustSucceed(t)
			if none.Exists() {
				t.Errorf("the import of an absent snapshot has %v", none.Values(t))
			}
			p.Resource(t, rotationType).Import(t, id+",", nil).MustFail(t, "snapshot_id")
			short, _ := r.Values(t)["id"].(string)
			p.Resource(t, rotationType).Import(t, short, nil).MustFail(t, "must list those that belong to the rotation")
		})
}

// An import ID that does not fit names the parts.
func TestProtocol_importIDThatDoesNotFit(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	p := prototest.Start(t, s, nil)
	for id, want := range map[string]string{
		"contabo/42001":     "contabo/<instance_id>/<name_prefix>",
		"koyeb/x":           "koyeb/<volume_id>/<name_prefix>",
		"hostinger/17923/x": "hostinger/<vm_id>",
		"exoscale/ch-gva-2": "exoscale/<zone>/<instance_id>",
		"42001":             "contabo/42001/<name_prefix>",
	} {
		p.Resource(t, rotationType).Import(t, id, nil).MustFail(t, "Invalid import ID", want)
	}
}

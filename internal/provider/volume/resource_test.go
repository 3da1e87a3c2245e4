package volume_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// A volume is where its snapshot is, has its size, and is a source of snapshots itself. After an import, nothing is to
// be done.
func TestVolume_takesAfterItsSnapshot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		r := created(t, s, values(c, snapshotID))
		snap, err := s.Cloud(t, c.Name).Snapshot(t.Context(), driver.Ref{ObjectID: snapshotID})
		if err != nil {
			t.Fatal(err)
		}
		got := r.Values(t)
		if got["location"] != snap.Location || got["size_gib"] != float64(*snap.SizeGiB) ||
			got["snapshot_id"] != snapshotID || got["id"] != c.Name+"/"+text(t, r, "volume_id") {
			t.Errorf("%v was created from %+v", got, snap)
		}
		imported := prototest.Start(t, s, nil).Resource(t, typeName)
		imported.Import(t, text(t, r, "id"), nil).MustSucceed(t)
		if plan := imported.Plan(t, values(c, snapshotID)); plan.Action != prototest.NoOp {
			t.Errorf("the plan after an import is %s: %v", plan.Action, plan.Values)
		}
		taken := prototest.Start(t, s, nil).Resource(t, "cloudsnap_snapshot")
		taken.Apply(t, taken.Plan(t, prototest.Values{"cloud": c.Name, "source_id": got["volume_id"]})).MustSucceed(t)
	})
}

// A snapshot that is not ready is waited for. Nothing is sent before.
func TestVolume_waitsForItsSnapshot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ string) {
		t.Helper()
		config := values(c, another(t, s, c))
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		done := r.Begin(t, r.Plan(t, config))
		acctest.Eventually(t, "the snapshot is waited for", func() bool { return waiting(s, c)() || len(done) > 0 })
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent before the snapshot was ready", n)
		}
		s.Advance(later)
		(<-done).MustSucceed(t)
		if n := creates(s, c); n != 1 || r.Plan(t, config).Action != prototest.NoOp {
			t.Errorf("%d creates, and the plan is %s", n, r.Plan(t, config).Action)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// An interrupt or a timeout during the wait for the snapshot leaves nothing in the state, because nothing exists. The
// next apply waits on, and creates one volume.
func TestVolume_wait(t *testing.T) {
	t.Parallel()
	type ending = func(t *testing.T, r *prototest.Resource, config prototest.Values, waits func() bool)
	for name, end := range map[string]ending{
		"interrupted": func(t *testing.T, r *prototest.Resource, config prototest.Values, waits func() bool) {
			t.Helper()
			r.Interrupt(t, r.Plan(t, config), waits).
				MustFail(t, "Unable to create volume", "The operation was interrupted", "Run apply again")
		},
		"timeout": func(t *testing.T, r *prototest.Resource, config prototest.Values, _ func() bool) {
			t.Helper()
			config["timeouts"] = prototest.Values{"create": "5s"}
			r.Apply(t, r.Plan(t, config)).
				MustFail(t, "Unable to create volume", "The operation timed out", "timeouts attribute")
			delete(config, "timeouts")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ string) {
				t.Helper()
				config, before := values(c, another(t, s, c)), len(s.Remaining())
				r := prototest.Start(t, s, nil).Resource(t, typeName)
				end(t, r, config, waiting(s, c))
				if r.Exists() || s.Mutations(c.Name) != 0 || len(s.Remaining()) != before {
					t.Fatalf("%d changes were sent, and the state has %v", s.Mutations(c.Name), r.Values(t))
				}
				s.Advance(later)
				r.Apply(t, r.Plan(t, config)).MustSucceed(t)
				if creates(s, c) != 1 || len(s.Remaining()) != before+1 {
					t.Errorf("%d creates were sent", creates(s, c))
				}
			}, sandboxtest.WithLatency(time.Hour))
		})
	}
}

// An interrupt while the request is under way keeps the volume, untainted.
func TestVolume_interruptedCreateIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		config, fault := values(c, snapshotID), lost(sandbox.DoDelay)
		fault.Delay = sandbox.Delay(20 * time.Millisecond)
		s.Fault(fault)
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		r.Interrupt(t, r.Plan(t, config), func() bool { return creates(s, c) > 0 }).MustSucceed(t)
		if r.Tainted || !r.Exists() || r.Plan(t, config).Action != prototest.NoOp || creates(s, c) != 1 {
			t.Errorf("tainted %t, %d creates: %v", r.Tainted, creates(s, c), r.Values(t))
		}
	})
}

// What cannot work is refused at plan time, and a replacement that cannot work destroys nothing.
func TestVolume_refusedAtPlanTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		absent := snapshotID[:len(snapshotID)-4] + "9999"
		r, config := created(t, s, values(c, snapshotID)), values(c, snapshotID)
		s.ClearJournal()
		row := c.Limits.Volume["name"]
		for name, tc := range map[string]struct {
			attribute string
			value     any
			want      []string
		}{
			"absent":     {"snapshot_id", absent, []string{"Unable to read snapshot", "Not found", "-refresh=false"}},
			"import ID":  {"snapshot_id", c.Name + "/" + snapshotID, []string{"must be an ID", "Use the snapshot_id of"}},
			"empty":      {"snapshot_id", "", []string{"must not be empty"}},
			"short name": {"name", strings.Repeat("n", row.Min-1), []string{"1 too few"}},
			"long name":  {"name", strings.Repeat("n", row.Max+1), []string{"1 too many"}},
		} {
			bad := values(c, snapshotID)
			bad[tc.attribute] = tc.value
			fresh := prototest.Start(t, s, nil).Resource(t, typeName)
			fresh.Plan(t, bad).MustFail(t, tc.want...)
			if name == "absent" {
				r.Plan(t, bad).MustFail(t, tc.want...)
			}
		}
		if n := s.Mutations(c.Name); n != 0 || r.Plan(t, config).Action != prototest.NoOp {
			t.Errorf("%d changes were sent", n)
		}
		// An unknown snapshot is checked at apply.
		config["snapshot_id"] = prototest.Unknown
		prototest.Start(t, s, nil).Resource(t, typeName).Plan(t, config).MustSucceed(t)
	})
}

// Another snapshot is another volume. The old one is gone then.
func TestVolume_replacedForAnotherSnapshot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		r := created(t, s, values(c, snapshotID))
		old := text(t, r, "volume_id")
		config := values(c, another(t, s, c))
		before := len(s.Remaining())
		plan := r.Plan(t, config)
		r.Apply(t, plan).MustSucceed(t)
		if plan.Action != prototest.Replace || text(t, r, "volume_id") == old || len(s.Remaining()) != before {
			t.Errorf("%s of %s gave %v", plan.Action, old, r.Values(t))
		}
	})
}

// What happens to a volume or its snapshot elsewhere plans nothing, unless it concerns what the configuration sets.
func TestVolume_changesElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ string) {
		t.Helper()
		snapshotID := another(t, s, c)
		config, cl := values(c, snapshotID), s.Cloud(t, c.Name)
		r := created(t, s, config)
		ref := driver.Ref{ObjectID: text(t, r, "volume_id")}
		s.SetSourceState(ref.ObjectID, "attached")
		if err := cl.DeleteSnapshot(t.Context(), driver.Ref{ObjectID: snapshotID}); err != nil {
			t.Fatal(err)
		}
		r.Refresh(t).MustSucceed(t)
		if plan := r.Plan(t, config); plan.Action != prototest.NoOp || text(t, r, "state") != "attached" {
			t.Errorf("the plan is %s: %v", plan.Action, r.Values(t))
		}

		// The state changes between the plan of an update and its apply.
		config["name"] = "renamed"
		plan := r.Plan(t, config)
		s.SetSourceState(ref.ObjectID, "detached")
		r.Apply(t, plan).MustSucceed(t)
		r.Refresh(t).MustSucceed(t)
		if got := r.Values(t); plan.Action != prototest.Update || got["name"] != "renamed" || got["state"] != "detached" {
			t.Errorf("%s gave %v", plan.Action, got)
		}

		other := "elsewhere"
		if _, err := cl.UpdateVolume(t.Context(), ref, driver.VolumeChange{Name: &other}); err != nil {
			t.Fatal(err)
		}
		r.Refresh(t).MustSucceed(t)
		if plan := r.Plan(t, config); plan.Action != prototest.Update || plan.Values["name"] != "renamed" {
			t.Errorf("the plan is %s: %v", plan.Action, plan.Values)
		}
	})
}

// An attached volume is not deleted, and the error states what to do.
func TestVolume_attachedIsNotDeleted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		before := len(s.Remaining())
		r := created(t, s, values(c, snapshotID))
		id := text(t, r, "volume_id")
		s.SetSourceState(id, "attached")
		r.Destroy(t).MustFail(t, "Unable to delete volume", "The state of the object does not allow this", "Detach it first")
		if !r.Exists() || r.Tainted || len(s.Remaining()) != before+1 {
			t.Fatalf("the volume is not in the state any more: %v", r.Values(t))
		}
		s.SetSourceState(id, "detached")
		r.Destroy(t).MustSucceed(t)
		if r.Exists() || len(s.Remaining()) != before {
			t.Errorf("what exists: %v", s.Remaining())
		}
	})
}

// An update and a delete wait for other work on the volume, and a delete ends when the volume is gone.
func TestVolume_oneAtATime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		r, taken := p.Resource(t, typeName), p.Resource(t, "cloudsnap_snapshot")
		config := values(c, snapshotID)
		config["timeouts"] = prototest.Values{"update": "5s"}
		r.Apply(t, r.Plan(t, config)).MustSucceed(t)
		done := taken.Begin(t, taken.Plan(t, prototest.Values{"cloud": c.Name, "source_id": text(t, r, "volume_id")}))
		acctest.Eventually(t, "the volume is held", func() bool { return waiting(s, c)() || len(done) > 0 })
		config["name"] = "renamed"
		r.Apply(t, r.Plan(t, config)).MustFail(t, "Unable to wait for other work", "The operation timed out")
		destroyed := make(chan prototest.Diagnostics, 1)
		go func() { destroyed <- r.Destroy(t) }()
		polls := len(s.Requests(c.Name))
		acctest.Eventually(t, "the delete had time to be sent", func() bool {
			return len(s.Requests(c.Name)) > polls+30 || len(done) > 0
		})
		if n := s.Count(c.Name, "DELETE"); n != 0 {
			t.Errorf("%d deletes were sent while a snapshot of the volume is being taken", n)
		}
		acctest.Eventually(t, "the delete is sent", func() bool {
			s.Advance(time.Hour)
			return s.Count(c.Name, "DELETE") > 0 || len(destroyed) > 0
		})
		(<-done).MustSucceed(t)
		acctest.Eventually(t, "the volume is gone", func() bool {
			s.Advance(time.Hour)
			return len(destroyed) > 0
		})
		(<-destroyed).MustSucceed(t)
	}, sandboxtest.WithLatency(time.Hour))
}

// A volume whose create had no answer is adopted if it is certain, and never created twice.
func TestVolume_lostCreate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		config, before := values(c, snapshotID), len(s.Remaining())
		s.Fault(lost(sandbox.DoLose))
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		r.Apply(t, r.Plan(t, config)).MustWarn(t, "Adopted after a lost answer", c.Name+"/")
		if creates(s, c) != 1 || len(s.Remaining()) != before+1 || r.Plan(t, config).Action != prototest.NoOp {
			t.Errorf("%d creates gave %v", creates(s, c), r.Values(t))
		}

		s.ClearJournal()
		s.Fault(lost(sandbox.DoReset))
		other := prototest.Start(t, s, nil).Resource(t, typeName)
		other.Apply(t, other.Plan(t, config)).
			MustFail(t, "Unable to create volume", "shows no new volume", "Check the volumes of this account")
		if other.Exists() || creates(s, c) != 1 || len(s.Remaining()) != before+1 {
			t.Errorf("%d creates, and the state has %v", creates(s, c), other.Values(t))
		}
	})
}

// A volume whose snapshot the cloud does not report is imported without it, and never replaced for that.
func TestVolume_importedWithoutSnapshot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshotID string) {
		t.Helper()
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		r.Import(t, c.Name+"/"+c.Sources[0].SourceID, nil).MustSucceed(t)
		config := values(c, snapshotID)
		config["name"] = text(t, r, "name")
		if got := r.Values(t)["snapshot_id"]; got != nil {
			t.Errorf("snapshot_id is %v", got)
		}
		s.ClearJournal()
		plan := r.Plan(t, config)
		r.Apply(t, plan).MustSucceed(t)
		r.Refresh(t).MustSucceed(t)
		if plan.Action != prototest.Update || s.Mutations(c.Name) != 0 || text(t, r, "snapshot_id") != snapshotID {
			t.Errorf("%s sent %d changes and gave %v", plan.Action, s.Mutations(c.Name), r.Values(t))
		}
		for _, id := range []string{c.Name, c.Name + "/a/b", "my-volume"} {
			bad := prototest.Start(t, s, nil).Resource(t, typeName)
			bad.Import(t, id, nil).MustFail(t, "Invalid import ID", c.Name+"/<volume_id>")
		}
	})
}

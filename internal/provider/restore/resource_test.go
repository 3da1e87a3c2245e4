package restore_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// A restore takes place once. It stays in the state without its snapshot, and neither a read nor a destroy sends
// anything.
func TestProtocolRestore_once(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		config := configOf(c, snap, nil)
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		plan := r.Plan(t, config)
		plan.MustWarn(t, "Restore overwrites the disk", snap.ID, c.Sources[0].SourceID, "about 3 hours ago", "is lost")
		if plan.Values["restored_at"] != prototest.Unknown {
			t.Errorf("restored_at is planned as %v", plan.Values["restored_at"])
		}
		r.Apply(t, plan).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 || s.Mutations(c.Name) != 1 {
			t.Errorf("%d restores and %d changes were sent", n, s.Mutations(c.Name))
		}
		id := strings.Join([]string{c.Name, c.Sources[0].SourceID}, "/")
		if c.Sources[0].Location != "" {
			id = strings.Join([]string{c.Name, c.Sources[0].Location, c.Sources[0].SourceID}, "/")
		}
		if got := r.Values(t)["id"]; got != id {
			t.Errorf("id is %v, want %s", got, id)
		}
		if got := r.Identity(t); got["cloud"] != c.Name || got["source_id"] != c.Sources[0].SourceID {
			t.Errorf("the identity is %v", got)
		}
		if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
			t.Fatal(err)
		}
		before := r.Values(t)
		s.ClearJournal()
		r.Refresh(t).MustSucceed(t)
		if plan := r.Plan(t, config); plan.Action != prototest.NoOp || len(plan.Diagnostics) > 0 {
			t.Errorf("planned %s: %v", plan.Action, plan.Diagnostics)
		}
		if got := r.Values(t); got["restored_at"] != before["restored_at"] {
			t.Errorf("%v became %v", before, got)
		}
		destroy := r.Plan(t, nil)
		destroy.MustWarn(t, "Destroy only removes the restore from the state")
		r.Apply(t, destroy).MustSucceed(t)
		if sent := s.Requests(c.Name); len(sent) > 0 || r.Exists() {
			t.Errorf("%+v was sent, and the state exists: %t", sent, r.Exists())
		}
	})
}

// Another trigger and another snapshot restore again, in place. Nothing else does.
func TestProtocolRestore_again(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		r.Apply(t, r.Plan(t, configOf(c, snap, prototest.Values{"triggers": prototest.Values{"run": "1"}}))).MustSucceed(t)
		first := r.Values(t)["restored_at"]
		s.Advance(time.Minute)

		quiet := configOf(c, snap, prototest.Values{
			"triggers": prototest.Values{"run": "1"}, "timeouts": prototest.Values{"create": "5m"},
		})
		r.Apply(t, r.Plan(t, quiet)).MustSucceed(t)
		if got := r.Values(t)["restored_at"]; got != first || restores(s, c) != 1 {
			t.Errorf("restored_at was %v and is %v after %d restores", first, got, restores(s, c))
		}

		plan := r.Plan(t, configOf(c, snap, prototest.Values{"triggers": prototest.Values{"run": "2"}}))
		plan.MustWarn(t, "Restore overwrites the disk")
		if plan.Action != prototest.Update || plan.Values["restored_at"] != prototest.Unknown {
			t.Errorf("planned %s of %v", plan.Action, plan.Values)
		}
		r.Apply(t, plan).MustSucceed(t)
		isRestored(t, r)
		if got := r.Values(t)["restored_at"]; got == first || restores(s, c) != 2 {
			t.Errorf("restored_at was %v and is %v after %d restores", first, got, restores(s, c))
		}

		other := take(t, s, c, c.Sources[0], "another")
		s.ClearJournal()
		plan = r.Plan(t, configOf(c, other, prototest.Values{"triggers": prototest.Values{"run": "2"}}))
		plan.MustWarn(t, "Restore overwrites the disk", other.ID)
		if plan.Action != prototest.Update {
			t.Errorf("planned %s", plan.Action)
		}
		r.Apply(t, plan).MustSucceed(t)
		if got := r.Values(t)["snapshot_id"]; got != other.ID || restores(s, c) != 1 {
			t.Errorf("%v is restored, after %d restores", got, restores(s, c))
		}
	})
}

// What would fail is refused by the plan, and by the apply if it appears after the plan.
func TestProtocolRestore_refusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '9' - (r - '0')
			}
			return r
		}, snap.ID)
		r.Plan(t, configOf(c, snap, prototest.Values{"snapshot_id": digits})).
			MustFail(t, "Unable to restore snapshot", "Not found", digits)
		foreign := configOf(c, snap, prototest.Values{"source_id": c.Sources[1].SourceID})
		r.Plan(t, foreign).MustFail(t, "Unable to restore snapshot", snap.ID)

		config := configOf(c, snap, nil)
		if c.Limits.RestoreState != "" {
			planned := r.Plan(t, config)
			s.SetSourceState(c.Sources[0].SourceID, "running")
			for _, diags := range []prototest.Diagnostics{r.Plan(t, config).Diagnostics, r.Apply(t, planned)} {
				diags.MustFail(t, "a restore requires it to be "+c.Limits.RestoreState,
					"Change the state of the "+c.Limits.SourceKind)
				if at := diags[0].Attribute.String(); !strings.Contains(at, "source_id") {
					t.Errorf("the error is at %s", at)
				}
			}
			prepare(s, c, c.Sources[0])
		}
		planned := r.Plan(t, config)
		if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
			t.Fatal(err)
		}
		r.Apply(t, planned).MustFail(t, "Unable to restore snapshot", "Not found")
		if n := restores(s, c); n != 0 || r.Exists() {
			t.Errorf("%d restores were sent", n)
		}
	})
}

// The middle one of three snapshots: refused where the newer one would be deleted, then restored when told.
func TestProtocolRestore_newerSnapshots(t *testing.T) {
	t.Parallel()
	severalSnapshots := func(l driver.Limits) bool { return !l.SingleSnapshot() }
	eachWhere(t, severalSnapshots, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ driver.Snapshot) {
		t.Helper()
		middle := take(t, s, c, c.Sources[0], "the middle one")
		newest := take(t, s, c, c.Sources[0], "the newest one")
		prepare(s, c, c.Sources[0])
		p := prototest.Start(t, s, nil)
		// A resource has the newest one.
		snapshots := p.Resource(t, "cloudsnap_snapshot")
		snapshots.Import(t, c.FormatID(c.Limits.SnapshotID, newest.Ref()), nil).MustSucceed(t)
		r := p.Resource(t, typeName)
		plan := r.Plan(t, configOf(c, middle, nil))
		if !c.Limits.RestoreDeletesNewer() {
			r.Apply(t, plan).MustSucceed(t)
			snapshots.Refresh(t).MustSucceed(t)
			if !snapshots.Exists() {
				t.Error("the newer snapshot is gone")
			}
			r.Plan(t, configOf(c, middle, prototest.Values{driver.DeleteNewerSnapshots: true})).
				MustFail(t, "does not support delete_newer_snapshots")
			return
		}
		plan.MustFail(t, "The restore deletes the snapshots of the instance that are newer", "Newer snapshots, oldest first",
			newest.ID+` "the newest one", created `+newest.CreatedAt.Format(time.RFC3339)+", 3 hours old",
			"Set delete_newer_snapshots = true")
		if at := plan.Diagnostics[0].Attribute.String(); !strings.Contains(at, driver.DeleteNewerSnapshots) {
			t.Errorf("the error is at %s", at)
		}
		if n := restores(s, c); n != 0 {
			t.Fatalf("%d restores were sent", n)
		}
		told := configOf(c, middle, prototest.Values{driver.DeleteNewerSnapshots: true})
		plan = r.Plan(t, told)
		plan.MustWarn(t, "Restore overwrites the disk", "also deletes", newest.ID+` "the newest one"`, "3 hours old")
		r.Apply(t, plan).MustSucceed(t)
		isRestored(t, r)
		snapshots.Refresh(t).MustWarn(t, "Snapshot is gone", "Reason: the restore of instance "+c.Sources[0].SourceID+
			" to the snapshot "+middle.ID+" deleted it")
		if snapshots.Exists() || len(s.SnapshotIDs(c.Name)) != 3 {
			t.Errorf("the resource exists: %t; the cloud has %v", snapshots.Exists(), s.SnapshotIDs(c.Name))
		}
	})
}

// Other work that locks the machine is waited out.
func TestProtocolRestore_lockedMachine(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		spec := driver.RestoreSpec{SourceID: snap.SourceID, Location: snap.Location, SnapshotID: snap.ID}
		if _, _, err := s.Cloud(t, c.Name).StartRestore(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
		plan := r.Plan(t, configOf(c, snap, nil))
		s.ClearJournal()
		done := r.Begin(t, plan)
		acctest.Eventually(t, "the apply has waited", func() bool { return len(s.Requests(c.Name)) > 8 })
		if n := restores(s, c); n != 0 {
			t.Errorf("%d restores were accepted", n)
		}
		s.Advance(aWhile)
		acctest.Eventually(t, "the restore has begun", func() bool { return restores(s, c) > 0 || len(done) > 0 })
		s.Advance(aWhile)
		(<-done).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were accepted", n)
		}

		// A lock that stays is an error that nothing was sent for.
		if _, _, err := s.Cloud(t, c.Name).StartRestore(t.Context(), spec); err != nil {
			t.Fatal(err)
		}
		s.ClearJournal()
		impatient := configOf(c, snap, prototest.Values{
			"triggers": prototest.Values{"again": "1"}, "timeouts": prototest.Values{"update": "10s"},
		})
		r.Apply(t, r.Plan(t, impatient)).MustFail(t, "Unable to restore snapshot")
		if n := restores(s, c); n != 0 {
			t.Errorf("%d restores were accepted", n)
		}
	}, slow())
}

// An interrupted wait resumes with the next apply, and another trigger restores after it.
func TestProtocolRestore_interrupted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		config := configOf(c, snap, nil)
		p := prototest.Start(t, s, nil)
		r := p.Resource(t, typeName)
		r.Interrupt(t, r.Plan(t, config), waiting(s, c)).
			MustWarn(t, "Interrupted while waiting", "Apply again to resume waiting")
		isRestoring(t, r)
		if r.Tainted {
			t.Error("it is tainted")
		}
		r.Refresh(t).MustSucceed(t)
		s.Advance(aWhile)
		plan := r.Plan(t, config)
		if plan.Action != prototest.Update || len(plan.Diagnostics) > 0 {
			t.Errorf("planned %s: %v", plan.Action, plan.Diagnostics)
		}
		r.Apply(t, plan).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were sent", n)
		}

		triggered := configOf(c, snap, prototest.Values{"triggers": prototest.Values{"run": "2"}})
		s.ClearJournal()
		r.Interrupt(t, r.Plan(t, triggered), waiting(s, c)).MustWarn(t, "Interrupted while waiting")
		isRestoring(t, r)
		triggered["triggers"] = prototest.Values{"run": "3"}
		plan = r.Plan(t, triggered)
		plan.MustWarn(t, "Restore overwrites the disk")
		s.Advance(aWhile)
		s.ClearJournal()
		done := r.Begin(t, plan)
		acctest.Eventually(t, "it restores again", func() bool { return restores(s, c) > 0 || len(done) > 0 })
		s.Advance(aWhile)
		(<-done).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were sent", n)
		}
	}, slow())
}

// A timeout is an error, and the next apply resumes the wait: Terraform replaces a tainted resource, and the provider
// does not restore a second time.
func TestProtocolRestore_timeout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		config := configOf(c, snap, prototest.Values{"timeouts": prototest.Values{"create": "2m", "update": "2m"}})
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		r.Apply(t, r.Plan(t, config)).MustFail(t, "Unable to finish restoring snapshot", "The operation timed out",
			"does not restore a second time")
		isRestoring(t, r)
		r.Refresh(t).MustSucceed(t)
		plan := r.Plan(t, config)
		plan.MustWarn(t, "Unfinished restore is resumed")
		if plan.Action != prototest.Replace {
			t.Errorf("planned %s", plan.Action)
		}
		r.Apply(t, plan).MustFail(t, "The operation timed out")
		s.Advance(aWhile)
		r.Refresh(t).MustSucceed(t)
		patient := configOf(c, snap, nil)
		r.Apply(t, r.Plan(t, patient)).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were sent", n)
		}

		// In an update nothing is tainted.
		config["triggers"] = prototest.Values{"run": "2"}
		s.ClearJournal()
		r.Apply(t, r.Plan(t, config)).MustFail(t, "The operation timed out")
		isRestoring(t, r)
		s.Advance(aWhile)
		patient["triggers"] = config["triggers"]
		r.Apply(t, r.Plan(t, patient)).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 || r.Tainted {
			t.Errorf("%d restores were sent, tainted %t", n, r.Tainted)
		}
	}, slow())
}

// A restore whose answer is lost is not sent again. Where the cloud lists restores, the provider waits for it.
// Otherwise the next plan shows the restore again.
func TestProtocolRestore_lostReply(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		client, err := c.Driver.Open(s.Settings(c.Driver))
		if err != nil {
			t.Fatal(err)
		}
		_, finds := client.(driver.RestoreFinder)
		config := configOf(c, snap, nil)
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		plan := r.Plan(t, config)
		s.Fault(sandbox.Fault{Method: http.MethodPost, Do: sandbox.DoLose})
		diags := r.Apply(t, plan)
		s.Fault()
		if n := s.Mutations(c.Name); n != 1 {
			t.Errorf("%d changes were sent", n)
		}
		if finds {
			diags.MustWarn(t, "Adopted after a lost answer")
			isRestored(t, r)
			return
		}
		diags.MustFail(t, "Unable to restore snapshot", "The response was lost", "does not list restores",
			"another restore overwrites what was written since")
		if r.Exists() {
			t.Error("it is in the state")
		}
		plan = r.Plan(t, config)
		plan.MustWarn(t, "Restore overwrites the disk")
		if plan.Action != prototest.Create {
			t.Errorf("planned %s", plan.Action)
		}
	})
}

// A restore that fails is an error with the cloud's reason, and the next plan has it again.
func TestProtocolRestore_failed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		config := configOf(c, snap, nil)
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		done := r.Begin(t, r.Plan(t, config))
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		reason := fails(t, s, c)
		(<-done).MustFail(t, "Unable to finish restoring snapshot", reason, "Apply again to restore again")
		s.Fault()
		if r.Exists() {
			t.Errorf("the state has %v", r.Values(t))
		}
		s.Advance(aWhile)
		s.ClearJournal()
		done = r.Begin(t, r.Plan(t, config))
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		s.Advance(aWhile)
		(<-done).MustSucceed(t)
		isRestored(t, r)

		config["triggers"] = prototest.Values{"run": "2"}
		s.ClearJournal()
		done = r.Begin(t, r.Plan(t, config))
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		fails(t, s, c)
		(<-done).MustFail(t, reason)
		s.Fault()
		if got := r.Values(t); got["state"] != "failed" || got["restored_at"] != nil {
			t.Errorf("the state has %v", got)
		}
		s.ClearJournal()
		plan := r.Plan(t, config)
		plan.MustWarn(t, "Restore overwrites the disk")
		done = r.Begin(t, plan)
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		s.Advance(aWhile)
		(<-done).MustSucceed(t)
		isRestored(t, r)
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were sent", n)
		}
	}, slow())
}

// A wait that fails after an interrupt leaves a failed restore, and not one that waits for ever.
func TestProtocolRestore_failedAfterInterrupt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		config := configOf(c, snap, nil)
		r := prototest.Start(t, s, nil).Resource(t, typeName)
		r.Interrupt(t, r.Plan(t, config), waiting(s, c)).MustWarn(t, "Interrupted while waiting")
		reason := fails(t, s, c)
		r.Apply(t, r.Plan(t, config)).MustFail(t, reason)
		s.Fault()
		if got := r.Values(t); got["state"] != "failed" || r.Private(t, "job") != "" {
			t.Errorf("job %q: %v", r.Private(t, "job"), got)
		}
		r.Plan(t, config).MustWarn(t, "Restore overwrites the disk")
	}, slow())
}

// The values of a source or a snapshot that does not exist yet are checked at apply.
func TestProtocolRestore_unknownValues(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		for _, name := range []string{"source_id", "snapshot_id"} {
			r := prototest.Start(t, s, nil).Resource(t, typeName)
			plan := r.Plan(t, configOf(c, snap, prototest.Values{name: prototest.Unknown}))
			plan.MustSucceed(t)
			if n := len(s.Requests(c.Name)); n > 0 {
				t.Errorf("%s: %d requests were sent", name, n)
			}
		}
	})
}

package restore_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

const actionName = "cloudsnap_restore_snapshot"

// The action shows what it does. Each run restores again.
func TestProtocolRestoreAction_progress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		p, config := prototest.Start(t, s, nil), configOf(c, snap, nil)
		p.PlanAction(t, actionName, config).MustWarn(t, "Restore overwrites the disk", snap.ID)
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("the plan sent %d changes", n)
		}
		i := p.BeginAction(t, actionName, config)
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		s.Advance(aWhile)
		messages, diags := i.Wait()
		diags.MustSucceed(t)
		what := c.Limits.SourceKind + " " + c.Sources[0].SourceID + " to the snapshot " + snap.ID
		status := slices.ContainsFunc(messages, func(m string) bool { return strings.HasPrefix(m, "Status: ") })
		if messages[0] != "Restoring "+what || messages[len(messages)-1] != "Restored "+what || !status ||
			!slices.Contains(messages, c.Title+" has accepted the restore of "+what+estimateOf(snap)) {
			t.Errorf("the messages are %q", messages)
		}
		i = p.BeginAction(t, actionName, config)
		acctest.Eventually(t, "it restores again", func() bool { return restores(s, c) == 2 })
		s.Advance(aWhile)
		_, diags = i.Wait()
		diags.MustSucceed(t)
	}, slow())
}

// estimateOf is the end of the message of a restore whose cloud estimates its duration.
func estimateOf(snap driver.Snapshot) string {
	if snap.RestoreTimeSeconds == nil {
		return ""
	}
	return fmt.Sprintf(", and estimates %s", time.Duration(*snap.RestoreTimeSeconds)*time.Second)
}

// What would fail is refused by the plan, and nothing is sent.
func TestProtocolRestoreAction_refusals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		p.PlanAction(t, actionName, configOf(c, snap, prototest.Values{"source_id": c.Sources[1].SourceID})).
			MustFail(t, "Unable to restore snapshot", snap.ID)
		p.PlanAction(t, actionName, configOf(c, snap, prototest.Values{
			"timeouts": prototest.Values{"invoke": "0s"},
		})).MustFail(t, "positive duration")
		p.PlanAction(t, actionName, configOf(c, snap, prototest.Values{"snapshot_id": prototest.Unknown})).MustSucceed(t)
		for _, d := range acctest.Drivers() {
			if !driver.Supports(d, driver.CapabilitySnapshotRestore) {
				p.PlanAction(t, actionName, configOf(c, snap, prototest.Values{"cloud": d.Descriptor().Name})).
					MustFail(t, actionName+" is not available at "+d.Descriptor().Title)
			}
		}
		if c.Limits.RestoreState != "" {
			s.SetSourceState(c.Sources[0].SourceID, "running")
			_, diags := p.InvokeAction(t, actionName, configOf(c, snap, nil))
			diags.MustFail(t, "a restore requires it to be "+c.Limits.RestoreState)
		}
		if !c.Limits.RestoreDeletesNewer() {
			p.PlanAction(t, actionName, configOf(c, snap, prototest.Values{driver.DeleteNewerSnapshots: true})).
				MustFail(t, "does not support delete_newer_snapshots")
		} else {
			newer := take(t, s, c, c.Sources[0], "newer")
			s.ClearJournal()
			_, diags := p.InvokeAction(t, actionName, configOf(c, snap, nil))
			diags.MustFail(t, "Newer snapshots, oldest first", newer.ID, "Set delete_newer_snapshots = true")
			_, diags = p.InvokeAction(t, actionName, configOf(c, snap, prototest.Values{driver.DeleteNewerSnapshots: true}))
			diags.MustWarn(t, "also deletes", newer.ID)
			if n := restores(s, c); n != 1 || slices.Contains(s.SnapshotIDs(c.Name), newer.ID) {
				t.Errorf("%d restores were sent; there is %v", n, s.SnapshotIDs(c.Name))
			}
			return
		}
		if n := restores(s, c); n != 0 {
			t.Errorf("%d restores were sent", n)
		}
	})
}

// An error has what the action leaves at the cloud, and the request is sent once.
func TestProtocolRestoreAction_errors(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		p := prototest.Start(t, s, nil)
		impatient := configOf(c, snap, prototest.Values{"timeouts": prototest.Values{"invoke": "2s"}})
		messages, diags := p.InvokeAction(t, actionName, impatient)
		diags.MustFail(t, "Unable to finish restoring snapshot", "The operation timed out", "and continues")
		if last := messages[len(messages)-1]; !strings.Contains(last, "and continues") {
			t.Errorf("the last message is %q", last)
		}
		s.Advance(aWhile)

		s.ClearJournal()
		_, diags = p.InterruptAction(t, actionName, configOf(c, snap, nil), waiting(s, c))
		diags.MustFail(t, "and continues")
		s.Advance(aWhile)

		s.ClearJournal()
		i := p.BeginAction(t, actionName, configOf(c, snap, nil))
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		reason := fails(t, s, c)
		_, diags = i.Wait()
		diags.MustFail(t, reason, "Run the action again to restore again")
		s.Fault()
		s.Advance(aWhile)
	}, slow())
}

// A lost answer is not sent again.
func TestProtocolRestoreAction_lostReply(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		client, err := c.Driver.Open(s.Settings(c.Driver))
		if err != nil {
			t.Fatal(err)
		}
		p := prototest.Start(t, s, nil)
		p.PlanAction(t, actionName, configOf(c, snap, nil)).MustSucceed(t)
		s.Fault(sandbox.Fault{Method: http.MethodPost, Do: sandbox.DoLose})
		_, diags := p.InvokeAction(t, actionName, configOf(c, snap, nil))
		s.Fault()
		if _, finds := client.(driver.RestoreFinder); finds {
			diags.MustWarn(t, "Adopted after a lost answer")
		} else {
			diags.MustFail(t, "The response was lost", "does not list restores")
		}
		if n := s.Mutations(c.Name); n != 1 {
			t.Errorf("%d changes were sent", n)
		}
	})
}

package rotation_test

import (
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

const address = "cloudsnap_snapshot_rotation."

// The story of a rotation with a CLI: an empty plan until a snapshot is due, a plan that shows what is taken and
// deleted, a saved plan that is out of date, and an import after the rotation was removed from the state.
func TestTFRotation_story(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		n := &nightly{c: c, source: c.Sources[0], keep: map[string]int{"keep_last": 1}}
		foreign := atCloud(s, c, n.source)
		mine := func() []string { return without(atCloud(s, c, n.source), foreign) }
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+n.hcl())
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added, 0 changed, 0 destroyed")
		first := mine()
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")

		s.Advance(day)
		cli.Run(t, "plan", "-out=saved").MustSucceed(t).
			MustSay(t, "+ (known after apply)", "- {", `- snapshot_id = "`+first[0]+`"`, "0 to add, 1 to change, 0 to destroy")
		ref := n.source
		ref.ObjectID = first[0]
		if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
		s.ClearJournal()
		cli.Run(t, "apply", "saved").MustFail(t).MustSay(t, "the plan is out of date", "Make a new plan")
		if changes := s.Mutations(c.Name); changes != 0 {
			t.Errorf("the plan that is out of date sent %d changes", changes)
		}
		cli.Apply(t).MustSucceed(t).MustSay(t, "Snapshot is gone", "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		second := mine()

		id, _ := cli.Attribute(t, c.Name, "id").(string)
		if !named(c.Driver) && several(c.Driver) {
			id += "/" + second[0]
		}
		cli.Run(t, "state", "rm", address+c.Name).MustSucceed(t)
		cli.Run(t, "import", address+c.Name, id).MustSucceed(t)
		s.ClearJournal()
		cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if changes := s.Mutations(c.Name); changes != 0 || !slices.Equal(mine(), second) {
			t.Errorf("after the import %d changes were sent, and the cloud has %v, not %v", changes, mine(), second)
		}
		cli.Destroy(t).MustSucceed(t)
		if got := mine(); len(got) != 0 {
			t.Errorf("after the destroy the cloud has %v", got)
		}
	})
}

// Ctrl-C in the middle of a run deletes nothing. The next run takes no other snapshot, and deletes then.
func TestTFRotation_interrupted(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		n := &nightly{c: c, source: c.Sources[0], keep: map[string]int{"keep_last": 1}}
		foreign := atCloud(s, c, n.source)
		mine := func() []string { return without(atCloud(s, c, n.source), foreign) }
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+n.hcl())
		var done <-chan acctest.Result
		begin := func() *acctest.Running {
			s.ClearJournal()
			running := cli.Start(t, "apply", "-auto-approve", "-input=false")
			done = running.Done(t)
			return running
		}
		begin()
		acctest.Eventually(t, "the first is taken", func() bool { return polled(s, c) || len(done) > 0 })
		s.Hurry(t, done).MustSucceed(t)
		first := mine()
		s.Advance(day)

		running := begin()
		acctest.Eventually(t, "the second is taken", func() bool { return polled(s, c) || len(done) > 0 })
		if len(done) > 0 {
			return // The cloud takes no time for a snapshot.
		}
		running.Signal(t, syscall.SIGINT, true)
		(<-done).MustFail(t).MustSay(t, "Interrupted while waiting", "Nothing is lost", "Apply again to resume")
		if state := cli.State(t); strings.Contains(state, "tainted") || !strings.Contains(state, `"creating"`) {
			t.Errorf("the state should have the new snapshot as creating, untainted:\n%s", state)
		}
		if deletes := count(s, c, http.MethodDelete, ""); deletes != 0 {
			t.Errorf("%d deletes were sent", deletes)
		}

		begin()
		acctest.Eventually(t, "the wait is resumed", func() bool { return len(s.Requests(c.Name)) > 5 || len(done) > 0 })
		s.Hurry(t, done).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		if creates := count(s, c, http.MethodPost, "snapshot"); creates != 0 {
			t.Errorf("%d more creates were sent", creates)
		}
		if got := mine(); len(got) != 1 || got[0] == first[0] {
			t.Errorf("the cloud has %v after %v", got, first)
		}
		cli.Run(t, "plan", "-refresh=false").MustSucceed(t).MustSay(t, "No changes")
	}, sandboxtest.WithLatency(time.Hour))
}

// Ctrl-C while the old snapshot is deleted keeps the new one. The next run deletes what is left.
func TestTFRotation_interruptedDelete(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshotRotation, several,
		func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
			t.Helper()
			n := &nightly{c: c, source: c.Sources[0], keep: map[string]int{"keep_last": 1}}
			cli := acctest.NewCLI(t, s, acctest.ProviderConfig+n.hcl())
			cli.Apply(t).MustSucceed(t)
			first := atCloud(s, c, n.source)
			s.Advance(day)
			hang := onDelete(sandbox.DoHang)
			s.Fault(hang)
			s.ClearJournal()
			running := cli.Start(t, "apply", "-auto-approve", "-input=false")
			acctest.Eventually(t, "the delete is sent", func() bool { return methodAt(s, c, http.MethodDelete) >= 0 })
			running.Signal(t, syscall.SIGINT, true)
			running.Wait(t).MustFail(t).MustSay(t, "The new snapshot is ready", "apply again to resume")
			s.Fault()
			s.ClearJournal()
			cli.Apply(t).MustSucceed(t)
			if creates := count(s, c, http.MethodPost, "snapshot"); creates != 0 {
				t.Errorf("%d more creates were sent", creates)
			}
			if got := atCloud(s, c, n.source); len(got) != 1 || slices.Contains(first, got[0]) {
				t.Errorf("the cloud has %v after %v", got, first)
			}
			cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		})
}

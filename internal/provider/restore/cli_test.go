package restore_test

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
)

// lines are the attributes of a restore in HCL.
func lines(c acctest.Case, snap driver.Snapshot, more ...string) string {
	out := []string{
		fmt.Sprintf("cloud = %q", c.Name), fmt.Sprintf("source_id = %q", c.Sources[0].SourceID),
		fmt.Sprintf("snapshot_id = %q", snap.ID),
	}
	if c.Sources[0].Location != "" {
		out = append(out, fmt.Sprintf("location = %q", c.Sources[0].Location))
	}
	return strings.Join(append(out, more...), "\n    ")
}

func hcl(c acctest.Case, snap driver.Snapshot, more ...string) string {
	return acctest.ProviderConfig + "resource \"cloudsnap_snapshot_restore\" \"test\" {\n    " +
		lines(c, snap, more...) + "\n}\n"
}

// mount is the part of a path up to the version of the API, and operationID the ID of an operation.
var (
	mount       = regexp.MustCompile(`^.*/v[12]`)
	operationID = regexp.MustCompile(`(/operation/|/actions/)[^/]+$`)
)

// The life of a restore, and the requests of each operation. testdata/restore_calls.json of each driver lists them in
// order, with {source}, {snapshot} and {operation} for IDs.
func TestTFRestore_lifeAndCalls(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		var want map[string][]string
		drivertest.ReadTestdata(t, c.Driver, "restore_calls.json", &want)
		cli := acctest.NewCLI(t, s, hcl(c, snap))
		calls := func(what string, run func()) {
			t.Helper()
			s.ClearJournal()
			run()
			var got []string
			for _, e := range s.Requests(c.Name) {
				path := strings.NewReplacer(c.Sources[0].SourceID, "{source}", snap.ID, "{snapshot}").
					Replace(mount.ReplaceAllString(e.Path, ""))
				got = append(got, e.Method+" "+operationID.ReplaceAllString(path, "$1{operation}"))
			}
			if diff := cmp.Diff(want[what], got); diff != "" {
				t.Errorf("%s sent: %s", what, diff)
			}
		}
		calls("plan", func() {
			cli.Run(t, "plan", "-out=saved").MustSucceed(t).MustSay(t, "1 to add", "Restore overwrites the disk")
		})
		calls("restore", func() { cli.Run(t, "apply", "saved").MustSucceed(t).MustSay(t, "1 added") })
		first := cli.Attribute(t, "test", "restored_at")
		calls("refresh", func() { cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes") })
		cli.Write(t, hcl(c, snap, `triggers = { run = "2" }`))
		s.Advance(aWhile)
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "will be updated in-place", "restored_at", "known after apply",
			"0 to add, 1 to change, 0 to destroy", "Restore overwrites the disk")
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 changed")
		if again := cli.Attribute(t, "test", "restored_at"); again == first || again == nil {
			t.Errorf("restored_at was %v and is %v", first, again)
		}
		cli.Run(t, "import", "cloudsnap_snapshot_restore.other", c.Name+"/1").MustFail(t)
		calls("destroy", func() {
			cli.Destroy(t).MustSucceed(t).MustSay(t, "1 destroyed", "Destroy only removes the restore from the state")
		})
	})
}

// Ctrl-C keeps the restore, untainted, and the next apply resumes the wait.
func TestTFRestore_interrupted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snap))
		running := cli.Start(t, "apply", "-auto-approve", "-input=false")
		acctest.Eventually(t, "the wait begins", waiting(s, c))
		running.Signal(t, syscall.SIGINT, true)
		running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting", "Apply again to resume waiting")
		if state := cli.State(t); !strings.Contains(state, `"restoring"`) || strings.Contains(state, "tainted") {
			t.Fatalf("the state should have the restore as restoring, untainted:\n%s", state)
		}
		s.Advance(aWhile)
		cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were sent", n)
		}
	}, slow())
}

// After a timeout Terraform replaces the resource, and the provider resumes the wait.
func TestTFRestore_timeout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snap, `timeouts = { create = "3s" }`))
		cli.Apply(t).MustFail(t).MustSay(t, "Unable to finish restoring snapshot", "does not restore a second time")
		s.Advance(aWhile)
		cli.Write(t, hcl(c, snap))
		cli.Run(t, "plan", "-out=saved").MustSucceed(t).
			MustSay(t, "is tainted, so", "Unfinished restore is resumed")
		cli.Run(t, "apply", "saved").MustSucceed(t).MustSay(t, "1 added, 0 changed, 1 destroyed")
		if n := restores(s, c); n != 1 {
			t.Errorf("%d restores were sent", n)
		}
	}, slow())
}

// A restore to the middle one of three snapshots, which are resources too. The next plan has the deleted one anew.
func TestTFRestore_newerSnapshots(t *testing.T) {
	t.Parallel()
	eachWhere(t, driver.Limits.RestoreDeletesNewer, func(
		t *testing.T, s *acctest.Sandbox, c acctest.Case, _ driver.Snapshot,
	) {
		t.Helper()
		cli := acctest.NewCLI(t, s, "")
		config := acctest.ProviderConfig
		for _, name := range []string{"one", "two", "three"} {
			config += c.HCL(name, c.Sources[0])
			cli.Write(t, config)
			cli.Apply(t).MustSucceed(t)
			s.Advance(aWhile)
		}
		restore := func(more ...string) string {
			text := hcl(c, driver.Snapshot{ID: "?"}, more...)
			return strings.TrimPrefix(strings.Replace(text, `"?"`, "cloudsnap_snapshot.two.snapshot_id", 1),
				acctest.ProviderConfig)
		}
		cli.Write(t, config+restore())
		cli.Apply(t).MustFail(t).MustSay(t, "Unable to restore snapshot", `"story three"`, "Set delete_newer_snapshots")
		cli.Write(t, config+restore("delete_newer_snapshots = true"))
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added", "also deletes these newer snapshots", `"story three"`)
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Snapshot is gone", "cloudsnap_snapshot.three",
			"a restore of the instance to an older snapshot may have deleted it", "1 to add, 0 to change")
	})
}

// The action by hand, and before the update of another resource.
func TestTFRestoreAction(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snap driver.Snapshot) {
		t.Helper()
		cli := acctest.NewCLI(t, s, acctest.ProviderConfig+`variable "run" {
  default = 1
}

resource "terraform_data" "run" {
  input = var.run

  lifecycle {
    action_trigger {
      events  = [before_update]
      actions = [action.cloudsnap_restore_snapshot.test]
    }
  }
}

action "cloudsnap_restore_snapshot" "test" {
  config {
    `+lines(c, snap)+`
  }
}
`)
		cli.NeedsActions(t)
		cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
		if n := restores(s, c); n != 0 {
			t.Errorf("%d restores were sent", n)
		}
		what := c.Limits.SourceKind + " " + c.Sources[0].SourceID + " to the snapshot " + snap.ID
		cli.Apply(t, "-var=run=2").MustSucceed(t).MustSay(t, "Restore overwrites the disk", "Restoring "+what,
			c.Title+" has accepted the restore of "+what, "Restored "+what, "Actions: 1 invoked.")
		cli.Apply(t, "-var=run=2", "-invoke=action.cloudsnap_restore_snapshot.test").MustSucceed(t).
			MustSay(t, "Restored "+what, "Actions: 1 invoked.")
		if n := restores(s, c); n != 2 {
			t.Errorf("%d restores were sent, want one of each run", n)
		}
		s.Fault()
		if err := s.Cloud(t, c.Name).DeleteSnapshot(t.Context(), snap.Ref()); err != nil {
			t.Fatal(err)
		}
		cli.Run(t, "apply", "-auto-approve", "-var=run=3").MustFail(t).MustSay(t, "Unable to restore snapshot", "Not found")
	})
}

package acctest_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// Each release of the guide takes a snapshot first. The rotation keeps the last three.
func TestTFBeforeEveryChange_rotation(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.WriteWhole(t, example(t, "before-every-change"))
	for n, release := range []string{"1.0", "2.0", "3.0", "4.0"} {
		before := len(s.SnapshotIDs("contabo"))
		result := cli.Apply(t, "-var=release="+release).MustSucceed(t).MustSay(t, "deploying "+release)
		ready := max(strings.Index(result.Output, "before_release: Creation complete"),
			strings.Index(result.Output, "before_release: Modifications complete"))
		if ready < 0 || ready > strings.Index(result.Output, "deploying "+release) {
			t.Errorf("release %s did not wait for its snapshot:\n%s", release, result.Output)
		}
		want := before + 1
		if n == 3 {
			want = before
		}
		if after := len(s.SnapshotIDs("contabo")); after != want {
			t.Errorf("release %s: %d snapshots became %d, want %d", release, before, after, want)
		}
		cli.Run(t, "plan", "-detailed-exitcode", "-var=release="+release).MustSucceed(t)
		s.Advance(time.Hour)
	}
}

// The action of the guide runs before each release but the first.
func TestTFBeforeEveryChange_action(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.NeedsActions(t)
	cli.WriteWhole(t, example(t, "before-every-change-action"))
	before := len(s.SnapshotIDs("contabo"))
	cli.Apply(t).MustSucceed(t).MustSay(t, "deploying 1.0").MustNotSay(t, "Action started")
	result := cli.Apply(t, "-var=release=2.0").MustSucceed(t).MustSay(t, "is ready. Terraform does not manage it",
		"Actions: 1 invoked.")
	if strings.Index(result.Output, "is ready.") > strings.Index(result.Output, "deploying 2.0") {
		t.Errorf("the release did not wait for its snapshot:\n%s", result.Output)
	}
	if after := len(s.SnapshotIDs("contabo")); after != before+1 {
		t.Errorf("%d snapshots became %d", before, after)
	}
	cli.Run(t, "plan", "-detailed-exitcode", "-var=release=2.0").MustSucceed(t)
}

// Ctrl-C during the snapshot of a rotation stops the change. The next apply resumes the wait, and makes the change.
func TestTFBeforeEveryChange_interruptedRotation(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, sandboxtest.WithLatency(time.Hour))
	c, changed := s.Case(t, "koyeb"), s.Case(t, "contabo")
	config := fmt.Sprintf(`variable "release" {
  default = "1"
}
resource "cloudsnap_snapshot_rotation" "before" {
  cloud     = %q
  source_id = %q
  triggers  = { release = var.release }
  keep_last = 5
}
`, c.Name, c.Sources[0].SourceID) + changed.HCL("machine", changed.Sources[0],
		`description = "release ${var.release}"`, "depends_on = [cloudsnap_snapshot_rotation.before]")
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+config)
	apply := func(args ...string) acctest.Result {
		t.Helper()
		s.ClearJournal()
		done := cli.Start(t, append([]string{"apply", "-auto-approve", "-input=false"}, args...)...).Done(t)
		acctest.Eventually(t, "the wait begins", func() bool { return len(s.Requests(c.Name)) > 10 || len(done) > 0 })
		s.Advance(3 * time.Hour)
		return <-done
	}
	apply().MustSucceed(t)

	s.ClearJournal()
	running := cli.Start(t, "apply", "-auto-approve", "-input=false", "-var=release=2")
	acctest.Eventually(t, "the wait begins", func() bool { return pollsAfterCreate(s, c.Name) > 1 })
	running.Signal(t, syscall.SIGINT, true)
	running.Wait(t).MustFail(t)
	if n := s.Mutations(changed.Name); n != 0 {
		t.Errorf("%d changes were made without the snapshot", n)
	}
	apply("-var=release=2").MustSucceed(t)
	if creates(s, c.Name) != 0 || s.Mutations(changed.Name) != 1 {
		t.Errorf("%d snapshots were taken again, and %d changes made", creates(s, c.Name), s.Mutations(changed.Name))
	}
}

// Terraform destroys a machine that it replaces before the snapshot that the new machine depends on. The guide warns of
// it, and its way out takes the snapshot first.
func TestTFBeforeEveryChange_replacedMachine(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.WriteWhole(t, example(t, "before-every-change"))
	cli.Apply(t).MustSucceed(t)
	taken := func(r acctest.Result) int { return strings.Index(r.Output, "before_release: Modifications complete") }
	destroyed := func(r acctest.Result) int { return strings.Index(r.Output, "deploy: Destruction complete") }
	s.Advance(time.Hour)
	if r := cli.Apply(t, "-var=release=2.0").MustSucceed(t); taken(r) < destroyed(r) || destroyed(r) < 0 {
		t.Errorf("the snapshot comes first now, so the guide is wrong:\n%s", r.Output)
	}
	s.Advance(time.Hour)
	first := cli.Apply(t, "-var=release=3.0", "-target=cloudsnap_snapshot_rotation.before_release").MustSucceed(t)
	if taken(first) < 0 || destroyed(first) >= 0 {
		t.Errorf("-target does more than the snapshot:\n%s", first.Output)
	}
	if r := cli.Apply(t, "-var=release=3.0").MustSucceed(t); taken(r) >= 0 || destroyed(r) < 0 {
		t.Errorf("another snapshot was taken:\n%s", r.Output)
	}
}

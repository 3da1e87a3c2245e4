package export_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// underWay starts a command and returns when the cloud is exporting.
func underWay(t *testing.T, s *acctest.Sandbox, c acctest.Case, cli *acctest.CLI, args ...string) *acctest.Running {
	t.Helper()
	running := cli.Start(t, args...)
	acctest.Eventually(t, "the wait begins", func() bool {
		polls := 0
		for _, e := range s.Requests(c.Name) {
			if strings.Contains(e.Path, "/operation/") {
				polls++
			}
		}
		return polls > 1
	})
	return running
}

func TestTFExport_interruptedWaitGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot))
		running := underWay(t, s, c, cli, "apply", "-auto-approve", "-input=false")
		running.Signal(t, syscall.SIGINT, true)
		running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting", "Apply again to resume waiting")
		if state := cli.State(t); !strings.Contains(state, `"state": "exporting"`) || strings.Contains(state, "tainted") {
			t.Fatalf("the state should have the export as exporting, untainted:\n%s", state)
		}
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "0 to add, 1 to change, 0 to destroy")
		s.ClearJournal()
		resumed := underWay(t, s, c, cli, "apply", "-auto-approve", "-input=false")
		s.Advance(3 * time.Hour)
		resumed.Wait(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := exports(s, c.Name); n != 0 {
			t.Errorf("%d exports were asked for again", n)
		}
		if cli.Attribute(t, "test", "md5sum") == nil {
			t.Error("no checksum")
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// Over in the meantime, an interrupted export is found by the refresh.
func TestTFExport_interruptedAndOverMeanwhile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot))
		running := underWay(t, s, c, cli, "apply", "-auto-approve", "-input=false")
		running.Signal(t, syscall.SIGTERM, true)
		running.Wait(t).MustFail(t)
		s.Advance(3 * time.Hour)
		cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 0 changed, 0 destroyed")
		if got := cli.Attribute(t, "test", "state"); got != "exported" || exports(s, c.Name) != 1 {
			t.Errorf("state is %v after %d exports", got, exports(s, c.Name))
		}
	}, sandboxtest.WithLatency(time.Hour))
}

func TestTFExport_timeout(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot, `timeouts = { create = "3s" }`))
		cli.Apply(t).MustFail(t).
			MustSay(t, "Unable to finish exporting snapshot", "The operation timed out", "terraform untaint")
		if !strings.Contains(cli.State(t), "tainted") {
			t.Error("the state should have the export as tainted")
		}
		// An ephemeral one is only an error.
		cli = acctest.NewCLI(t, s, ephemeralHCL(c, snapshot, `timeouts = { open = "3s" }`))
		cli.Run(t, "plan").MustFail(t).MustSay(t, "Unable to use snapshot", "The operation timed out", "timeouts")
	}, sandboxtest.WithLatency(time.Hour))
}

func TestTFExport_failedOperation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		s.Fault(sandbox.Fault{
			Method: http.MethodGet, Path: "/operation/", Do: sandbox.DoStatus, Status: 200,
			Body: map[string]any{"state": "failure", "reason": "fault", "message": "the storage is out of space"},
		})
		cli := acctest.NewCLI(t, s, hcl(c, snapshot))
		cli.Apply(t).MustFail(t).
			MustSay(t, "The cloud accepted the operation, and the operation failed", "the storage is out of space")
		s.Fault()
		cli.Apply(t).MustSucceed(t)
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
	})
}

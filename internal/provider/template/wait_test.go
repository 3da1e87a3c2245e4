package template_test

import (
	"maps"
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

func TestTFTemplate_interruptedWaitGoesOn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot, named, `default_user = "root"`))
		running := cli.Start(t, "apply", "-auto-approve", "-input=false")
		acctest.Eventually(t, "the wait begins", func() bool {
			polls := 0
			for _, e := range s.Requests(c.Name) {
				if strings.Contains(e.Path, "/operation/") {
					polls++
				}
			}
			return polls > 1
		})
		running.Signal(t, syscall.SIGINT, true)
		running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting", "Apply again to resume waiting")
		if state := cli.State(t); !strings.Contains(state, `"state": "creating"`) || strings.Contains(state, "tainted") {
			t.Fatalf("the state should have the template as creating, untainted:\n%s", state)
		}
		if cli.Attribute(t, "test", "template_id") == nil {
			t.Error("the state has no template ID")
		}
		cli.Run(t, "plan").MustSucceed(t).MustSay(t, "0 to add, 1 to change, 0 to destroy")

		s.ClearJournal()
		resumed := cli.Start(t, "apply", "-auto-approve", "-input=false")
		acctest.Eventually(t, "the wait goes on", func() bool { return len(s.Requests(c.Name)) > 20 })
		s.Advance(3 * time.Hour)
		resumed.Wait(t).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
		cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
		if n := s.Mutations(c.Name); n != 0 {
			t.Errorf("%d changes were sent", n)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

func TestTFTemplate_timeoutTaintsAndSaysHowToKeep(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		cli := acctest.NewCLI(t, s, hcl(c, snapshot, named, `timeouts = { create = "3s" }`))
		cli.Apply(t).MustFail(t).MustSay(t, "The operation timed out", "terraform untaint", c.Name+"/"+snapshot.Location+"/")
		if !strings.Contains(cli.State(t), "tainted") {
			t.Error("the state should have the template as tainted")
		}
		s.Advance(3 * time.Hour)
		cli.Run(t, "untaint", address).MustSucceed(t)
		cli.Write(t, hcl(c, snapshot, named))
		cli.Apply(t).MustSucceed(t).MustSay(t, "0 added", "0 destroyed")
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d promotions were sent, want one", n)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

func TestTFTemplate_snapshotThatIsNotReadyIsWaitedFor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, _ driver.Ref) {
		t.Helper()
		late := another(t, s, c)
		cli := acctest.NewCLI(t, s, hcl(c, late, named))
		s.ClearJournal()
		done := cli.Start(t, "apply", "-auto-approve", "-input=false").Done(t)
		acctest.Eventually(t, "the snapshot is looked at again and again",
			func() bool { return s.Count(c.Name, http.MethodGet) > 5 || len(done) > 0 })
		if n := s.Count(c.Name, http.MethodPost); n != 0 {
			t.Errorf("%d promotions were sent before the snapshot was ready", n)
		}
		s.Advance(3 * time.Hour)
		acctest.Eventually(t, "the snapshot is promoted",
			func() bool { return s.Count(c.Name, http.MethodPost) > 0 || len(done) > 0 })
		s.Advance(3 * time.Hour)
		(<-done).MustSucceed(t).MustSay(t, "1 added")
	}, sandboxtest.WithLatency(time.Hour))
}

func TestTFTemplate_failedOperation(t *testing.T) {
	t.Parallel()
	operation := map[string]any{
		"state": "failure", "reason": "unavailable", "message": "the storage is out of space",
		"reference": map[string]any{
			"id": "b1d2c3e4-0000-4000-8000-000000000000", "link": "/v2/template/b1d2c3e4-0000-4000-8000-000000000000",
			"command": "get-template",
		},
	}
	first := maps.Clone(operation)
	first["id"] = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
	for name, fault := range map[string]sandbox.Fault{
		"in the first reply": {Method: http.MethodPost, Path: ":promote$", Do: sandbox.DoStatus, Status: 200, Body: first},
		"while polling": {
			Method: http.MethodGet, Path: "/operation/", Do: sandbox.DoStatus, Status: 200, Body: operation,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
				t.Helper()
				s.Fault(fault)
				cli := acctest.NewCLI(t, s, hcl(c, snapshot, named))
				cli.Apply(t).MustFail(t).
					MustSay(t, "The cloud accepted the operation, and the operation failed", "unavailable",
						"the storage is out of space", "operation ID: ")
				if n := s.Count(c.Name, http.MethodPost); n != 1 {
					t.Errorf("%d promotions were sent, want one", n)
				}
				// It blocks neither a plan nor a destroy, and is made anew.
				s.Fault()
				cli.Run(t, "plan").MustSucceed(t).MustSay(t, "1 to add")
				cli.Apply(t).MustSucceed(t).MustSay(t, "1 added")
				cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
				cli.Destroy(t).MustSucceed(t)
			})
		})
	}
}

// A lost answer is looked for, and the template adopted.
func TestTFTemplate_lostReplyIsAdopted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, snapshot driver.Ref) {
		t.Helper()
		s.Fault(sandbox.Fault{Method: http.MethodPost, Path: ":promote$", Do: sandbox.DoLose})
		cli := acctest.NewCLI(t, s, hcl(c, snapshot, named))
		cli.Apply(t).MustSucceed(t)
		if n := s.Count(c.Name, http.MethodPost); n != 1 {
			t.Errorf("%d promotions were sent, want one", n)
		}
		made := s.Inventory()[c.Name].Templates
		if len(made) != 1 || cli.Attribute(t, "test", "template_id") != made[0].TemplateID {
			t.Errorf("there is %+v, and the state has %v", made, cli.Attribute(t, "test", "template_id"))
		}
	})
}

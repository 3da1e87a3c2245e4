package acctest_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// waits is the condition that a cloud takes time for a snapshot.
func waits(t *testing.T) func(driver.Driver) bool {
	t.Helper()
	return func(d driver.Driver) bool { return drivertest.Waits(t, sandboxtest.Harness(d)) }
}

// An interrupted wait keeps the snapshot, untainted, and the next apply resumes the wait.
func TestTFInterrupt_keepsTheSnapshot(t *testing.T) {
	t.Parallel()
	signals := map[string]struct {
		signal syscall.Signal
		group  bool
	}{
		"Ctrl-C":               {syscall.SIGINT, true},
		"SIGTERM to the group": {syscall.SIGTERM, true},
	}
	for name, sig := range signals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.EachCloudWhere(
				t,
				driver.CapabilitySnapshot,
				waits(t),
				func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
					t.Helper()
					before := len(s.SnapshotIDs(c.Name))
					cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
					running := cli.Start(t, "apply", "-auto-approve", "-input=false")
					acctest.Eventually(t, "the wait begins", func() bool { return pollsAfterCreate(s, c.Name) > 1 })
					running.Signal(t, sig.signal, sig.group)
					running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting", "Apply again to resume waiting")
					state := cli.State(t)
					if !strings.Contains(state, `"state": "creating"`) || strings.Contains(state, "tainted") {
						t.Fatalf("the state should have the snapshot as creating, untainted:\n%s", state)
					}
					s.ClearJournal()
					done := cli.Start(t, "apply", "-auto-approve", "-input=false").Done(t)
					acctest.Eventually(t, "the wait continues", func() bool { return len(s.Requests(c.Name)) > 20 || len(done) > 0 })
					s.Advance(3 * time.Hour)
					(<-done).MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
					cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t).MustSay(t, "No changes")
					if after := len(s.SnapshotIDs(c.Name)); after != before+1 {
						t.Errorf("%d snapshots became %d, want one more", before, after)
					}
					if n := creates(s, c.Name); n != 0 {
						t.Errorf("%d creates were sent again", n)
					}
					if cli.Attribute(t, "test", "snapshot_id") == nil {
						t.Error("the resumed snapshot has no ID")
					}
				},
				sandboxtest.WithLatency(time.Hour),
			)
		})
	}
}

// creates counts the writes that came before anything was deleted: all of them are creates here.
func creates(s *acctest.Sandbox, name string) int { return s.Count(name, http.MethodPost) }

// pollsAfterCreate counts the reads that follow the create.
func pollsAfterCreate(s *acctest.Sandbox, name string) int {
	polls, created := 0, false
	for _, e := range s.Requests(name) {
		switch {
		case e.Method == http.MethodPost:
			created = true
		case created && e.Method == http.MethodGet:
			polls++
		}
	}
	return polls
}

// A deadline is an error: the snapshot is kept and tainted, and the text says how to keep it for good.
func TestTFTimeout_taintsAndSaysHowToKeep(t *testing.T) {
	t.Parallel()
	acctest.EachCloudWhere(t, driver.CapabilitySnapshot, waits(t), func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		// Koyeb limits how many requests it answers.
		patient := strings.Replace(acctest.ProviderConfig, "1ms", "100ms", 1)
		cli := acctest.NewCLI(t, s, patient+c.HCL("test", c.Sources[0], `timeouts = { create = "3s" }`))
		cli.Apply(t).
			MustSay(t, "Unable to finish creating snapshot", "The operation timed out", "terraform untaint", c.Name+"/")
		if !strings.Contains(cli.State(t), "tainted") {
			t.Error("the state should have the snapshot as tainted")
		}
		s.Advance(3 * time.Hour)
		cli.Run(t, "untaint", "cloudsnap_snapshot.test").MustSucceed(t)
		cli.Write(t, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
		cli.Apply(t).MustSucceed(t).MustSay(t, "0 added", "0 destroyed")
		if n := creates(s, c.Name); n != 1 {
			t.Errorf("%d creates were sent, want one", n)
		}
	}, sandboxtest.WithLatency(time.Hour))
}

// A snapshot that is renamed after an interrupted wait may have become ready since the plan: the wait still ends with
// what the cloud says.
func TestTFInterrupt_renamedWhenReady(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, sandboxtest.WithLatency(time.Hour))
	c := s.Case(t, "koyeb")
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0], `name = "nightly"`))
	running := cli.Start(t, "apply", "-auto-approve", "-input=false")
	acctest.Eventually(t, "the wait begins", func() bool { return pollsAfterCreate(s, c.Name) > 1 })
	running.Signal(t, syscall.SIGINT, true)
	running.Wait(t).MustFail(t).MustSay(t, "Interrupted while waiting")

	cli.Write(t, acctest.ProviderConfig+c.HCL("test", c.Sources[0], `name = "weekly"`))
	cli.Run(t, "plan", "-out=plan").MustSucceed(t).MustSay(t, `"nightly" -> "weekly"`, `"creating" -> (known after apply)`)
	s.Advance(90 * time.Minute)
	cli.Run(t, "apply", "-input=false", "plan").MustSucceed(t).MustSay(t, "0 added, 1 changed, 0 destroyed")
	name, state := cli.Attribute(t, "test", "name"), cli.Attribute(t, "test", "state")
	if name != "weekly" || state == "creating" {
		t.Errorf("the state has %v as %v", name, state)
	}
}

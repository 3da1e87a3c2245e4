package acctest_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// A CLI that is killed takes its provider with it: one that stayed behind would hold memory for ever.
func TestTFKilled_leavesNoProviderBehind(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("SKIPPED, NOT PASSED: without /proc this cannot see processes")
	}
	s := acctest.Start(t, sandboxtest.WithLatency(time.Hour))
	c := s.Case(t, "exoscale")
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+c.HCL("test", c.Sources[0]))
	running := cli.Start(t, "apply", "-auto-approve", "-input=false")
	acctest.Eventually(t, "the wait begins", func() bool { return pollsAfterCreate(s, c.Name) > 1 })
	if len(providersOf(cli)) == 0 {
		t.Fatal("the test does not find the provider's process")
	}
	running.Signal(t, syscall.SIGKILL, false)
	acctest.Eventually(t, "the provider ends", func() bool { return len(providersOf(cli)) == 0 })
	running.Wait(t)
}

// providersOf finds the provider processes that a CLI has started, by its directory in their environment.
func providersOf(cli *acctest.CLI) []string {
	var found []string
	processes, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range processes {
		exe, _ := os.Readlink(filepath.Join(p, "exe"))
		environ, _ := os.ReadFile(filepath.Join(p, "environ"))
		if strings.Contains(exe, "terraform-provider-cloudsnap") && strings.Contains(string(environ), cli.Dir) {
			found = append(found, p)
		}
	}
	return found
}

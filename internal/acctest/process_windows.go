package acctest

import (
	"os/exec"
	"syscall"
	"testing"
)

// inOwnGroup starts a command in a process group of its own.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// Signal kills the CLI. Windows has no other signals between processes: a story that sends one is skipped, loudly.
func (r *Running) Signal(t testing.TB, sig syscall.Signal, group bool) {
	t.Helper()
	if sig != syscall.SIGKILL || group {
		t.Skipf("SKIPPED, NOT PASSED: Windows cannot send %v", sig)
	}
	if err := r.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
}

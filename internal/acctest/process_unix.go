//go:build unix

package acctest

import (
	"errors"
	"os/exec"
	"syscall"
	"testing"
)

// inOwnGroup starts a command in a process group of its own, which is killed when its context ends.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// Signal sends a signal to the CLI, or with group to its whole process group, as Ctrl-C in a terminal does. A command
// that has ended gets none.
func (r *Running) Signal(t testing.TB, sig syscall.Signal, group bool) {
	t.Helper()
	pid := r.cmd.Process.Pid
	if group {
		pid = -pid
	}
	if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

//go:build unix

package main_test

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A provider that waits for a debugger was started by a person or a debugger, not by a CLI: SIGTERM ends it.
func TestDebug_endsOnSIGTERM(t *testing.T) {
	file := filepath.Join(t.TempDir(), "terraform-provider-cloudsnap")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	// A provider that does not end is killed, which the check at the end notices.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, file, "-debug")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// It serves once it has printed how to reach it.
	lines := bufio.NewScanner(stdout)
	served := false
	for !served && lines.Scan() {
		served = strings.Contains(lines.Text(), "TF_REATTACH_PROVIDERS=")
	}
	if !served {
		t.Fatalf("it did not print TF_REATTACH_PROVIDERS: %v", lines.Err())
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v, want the end by SIGTERM", cmd.ProcessState)
	}
}

//go:build unix

package bench_test

import (
	"errors"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the CPU time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peakMemory returns the peak of the resident memory of a process that has ended, in KiB.
func peakMemory(process *os.ProcessState) (int64, error) {
	usage, ok := process.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("the system does not report the usage")
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss / 1024, nil // It reports bytes.
	}
	return usage.Maxrss, nil
}

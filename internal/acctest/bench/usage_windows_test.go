package bench_test

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the CPU time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		b.Fatal(err)
	}
	var created, ended, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(process, &created, &ended, &kernel, &user); err != nil {
		b.Fatal(err)
	}
	return time.Duration((ticks(kernel) + ticks(user)) * 100)
}

// ticks returns a duration in units of 100 nanoseconds.
func ticks(t syscall.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }

// peakMemory fails: the peak is not among what Windows reports of a process that has ended.
func peakMemory(*os.ProcessState) (int64, error) {
	return 0, errors.New("Windows does not report the peak of the memory")
}

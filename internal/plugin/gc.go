package plugin

import (
	"os"
	"runtime/debug"
)

// A plan allocates about 1.1 MiB per object. Nearly all of it is garbage at once, and little stays: with Go's own
// target of 100 %, a fifth of the provider's CPU time is garbage collection. 400 % is the last target that pays: a plan
// of 500 snapshots takes 22 % less CPU time than with 100 %, with a peak of 51 MiB instead of 33. The figures are in
// internal/docs/performance.md.
const gcPercent = 400

// memoryLimit bounds the peak of large fleets: near it, the garbage is collected more often. It is far above what stays
// in memory, so that this happens late.
const memoryLimit = 128 << 20

// tuneGC sets the target of the garbage collector and the limit of the memory, for a server that is quiet: otherwise
// every call leaves something in memory. What the environment sets by GOGC or GOMEMLIMIT stays.
func tuneGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

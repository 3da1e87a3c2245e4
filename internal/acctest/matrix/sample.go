package matrix

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// The sizes of a run.
const (
	// sampleSize is some cells of every operation, for every run of the tests.
	sampleSize = "sample"
	// changesSize is what creates, deletes or rotates, and a sample of the others.
	changesSize = "changes"
	// wholeSize is every cell.
	wholeSize = "whole"
)

// settings are from the environment: CLOUDSNAP_MATRIX is the size, CLOUDSNAP_MATRIX_SEED repeats a sample, and
// CLOUDSNAP_MATRIX_CELL is a part of the names of the cells to run.
type settings struct {
	size string
	seed uint64
	only string
}

// cellsOf returns the cells of an operation with these calls: each call with each fault, once and for ever. Of calls
// that are repeated, as polls are, there are the first, the second and the last.
func cellsOf(base cell, calls []call) []cell {
	last := map[call]int{}
	for _, one := range calls {
		last[call{method: one.method, path: one.path}] = one.number
	}
	var out []cell
	for _, one := range calls {
		if one.number > 2 && one.number < last[call{method: one.method, path: one.path}] {
			continue
		}
		for _, f := range faults() {
			for _, forever := range []bool{false, true} {
				if forever && f.interrupt {
					continue
				}
				next := base
				next.call, next.fault, next.forever = one, f, forever
				out = append(out, next)
			}
		}
	}
	return withRivals(out)
}

// part returns of how many cells like this one a run has one. Of what creates, deletes or rotates, changesSize has all
// cells with slow work: they have the calls of work that is done at once, and polls.
func (s settings) part(c cell) int {
	switch {
	case s.size == wholeSize || s.only != "" || s.size == changesSize && c.op.changes() && c.latency > 0:
		return 1
	case s.size == changesSize:
		return 20
	case c.op.changes():
		return 30
	default:
		return 100
	}
}

// drivers are the clouds of an operation. A small sample has one of them.
func (s settings) drivers(o operation, random *rand.Rand) []driver.Driver {
	able := acctest.Supporting(o.capability)
	if s.size != sampleSize || s.only != "" {
		return able
	}
	one := random.IntN(len(able))
	return able[one : one+1]
}

// latencies are how long slow work takes. A small sample has slow work only.
func (s settings) latencies() []time.Duration {
	if s.size != sampleSize || s.only != "" {
		return latencies()
	}
	return latencies()[1:]
}

// selects reports whether a run has a cell.
func (s settings) selects(c cell, random *rand.Rand) bool {
	return random.IntN(s.part(c)) == 0 && strings.Contains(c.String(), s.only)
}

// String is what repeats the run.
func (s settings) String() string {
	return fmt.Sprintf("CLOUDSNAP_MATRIX=%s CLOUDSNAP_MATRIX_SEED=%d CLOUDSNAP_MATRIX_CELL=%q", s.size, s.seed, s.only)
}

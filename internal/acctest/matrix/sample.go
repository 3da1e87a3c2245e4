package matrix

import (
	"math/rand/v2"
	"strings"
)

// settings are from the environment: CLOUDSNAP_MATRIX=whole runs every cell, CLOUDSNAP_MATRIX_SEED repeats a sample,
// and CLOUDSNAP_MATRIX_CELL is a part of the names of the cells to run.
type settings struct {
	whole bool
	seed  uint64
	only  string
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
	return out
}

// rest is the part of the cells of an operation that loses nothing which a sample has, and part that of the others.
const (
	rest = 400
	part = 60
)

// selects reports whether a run has a cell.
func (s settings) selects(c cell, random *rand.Rand) bool {
	drawn := random.IntN(rest)
	switch {
	case s.only != "":
		return strings.Contains(c.String(), s.only)
	case s.whole:
		return true
	case c.op.whole():
		return drawn%part == 0
	default:
		return drawn == 0
	}
}

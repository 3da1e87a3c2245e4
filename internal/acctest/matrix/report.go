package matrix

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// report counts the cells. It is safe for concurrent use.
type report struct {
	mu         sync.Mutex
	operations []string
	counts     map[[2]string]*count
	broken     map[string]int
}

// count is the number of cells that ran, held, and are in the list of exceptions.
type count struct{ ran, held, excepted int }

// add counts a cell.
func (r *report) add(c cell, out outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts, r.broken = map[[2]string]*count{}, map[string]int{}
	}
	if !slices.Contains(r.operations, c.op.name()) {
		r.operations = append(r.operations, c.op.name())
	}
	key := [2]string{c.op.name(), c.fault.name}
	if r.counts[key] == nil {
		r.counts[key] = &count{}
	}
	r.counts[key].ran++
	switch {
	case len(out.broken) == 0:
		r.counts[key].held++
	case expectedFailure(c, out) != "":
		r.counts[key].excepted++
	default:
		for _, one := range out.broken {
			kind, _, _ := strings.Cut(one, ":")
			r.broken[kind]++
		}
	}
}

// String is the table: one line per fault, one column per operation, with the cells that held of those that ran.
func (r *report) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	slices.Sort(r.operations)
	for i, name := range r.operations {
		fmt.Fprintf(&b, "%3d %s\n", i+1, name)
	}
	fmt.Fprintf(&b, "%-26s", "fault")
	for i := range r.operations {
		fmt.Fprintf(&b, "%10d", i+1)
	}
	var all count
	for _, f := range faults() {
		fmt.Fprintf(&b, "\n%-26s", f.name)
		for _, name := range r.operations {
			one := r.counts[[2]string{name, f.name}]
			if one == nil {
				fmt.Fprintf(&b, "%10s", "-")
				continue
			}
			fmt.Fprintf(&b, "%10s", fmt.Sprintf("%d/%d", one.held, one.ran))
			all.ran, all.held, all.excepted = all.ran+one.ran, all.held+one.held, all.excepted+one.excepted
		}
	}
	fmt.Fprintf(&b, "\n%d cells ran, %d held, %d are exceptions with a reason, %d failed",
		all.ran, all.held, all.excepted, all.ran-all.held-all.excepted)
	for _, kind := range strings.Fields("orphan double theft lost panic secret deadline words converge") {
		fmt.Fprintf(&b, "\n%4d %s", r.broken[kind], kind)
	}
	return b.String()
}

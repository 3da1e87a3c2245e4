package matrix

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"
)

// report counts the cells. It is safe for concurrent use.
type report struct {
	mu         sync.Mutex
	operations []string
	counts     map[[2]string]*count
	broken     map[string]int
	exceptions map[string]int
}

// count is the number of cells that ran, of those that held, of those in the list of exceptions, and of those whose
// fault met no call: the operation took another way, such as one poll less.
type count struct{ Ran, Held, Excepted, Unreached int }

// add adds the cells of another count.
func (c *count) add(other count) {
	c.Ran += other.Ran
	c.Held += other.Held
	c.Excepted += other.Excepted
	c.Unreached += other.Unreached
}

// Failed is the number of cells that broke a promise without a reason.
func (c count) Failed() int { return c.Ran - c.Held - c.Excepted }

// has adds an operation, which may have no cells because it sends nothing.
func (r *report) has(o operation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list(o)
}

// list adds an operation to those of the tables. The caller holds the lock.
func (r *report) list(o operation) {
	if !slices.Contains(r.operations, o.name()) {
		r.operations = append(r.operations, o.name())
		slices.Sort(r.operations)
	}
}

// add counts a cell.
func (r *report) add(c cell, out outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts, r.broken, r.exceptions = map[[2]string]*count{}, map[string]int{}, map[string]int{}
	}
	r.list(c.op)
	key := [2]string{c.op.name(), c.fault.name}
	if r.counts[key] == nil {
		r.counts[key] = &count{}
	}
	one := count{Ran: 1}
	if out.reached == 0 {
		one.Unreached = 1
	}
	reason := expectedFailure(c, out)
	switch {
	case len(out.broken) == 0:
		one.Held = 1
	case reason != "":
		one.Excepted = 1
		r.exceptions[reason]++
	default:
		for _, one := range out.broken {
			kind, _, _ := strings.Cut(one, ":")
			r.broken[kind]++
		}
	}
	r.counts[key].add(one)
}

// promise is something that every cell keeps.
type promise struct {
	// Kind is the word in front of a broken promise.
	Kind string
	// Text is the promise.
	Text string
}

// promises lists what is checked after each cell, and again after the next plan and apply.
func promises() []promise {
	return []promise{
		{"orphan", "Every object at the cloud is in the state, or a message names it. A destroy leaves none of ours."},
		{"double", "After the next apply there is one object, not two."},
		{"theft", "No object of other resources, other states or people is owned, deleted, renamed or overwritten."},
		{"adopted", "An object that somebody else creates at the same moment is not adopted."},
		{"lost", "After the next apply the cloud has what the state has, and no list is shorter than what exists."},
		{"panic", "Nothing panics."},
		{"secret", "No credential is in a log, a message or the state, and none goes to another host."},
		{"deadline", "No operation takes longer than its timeout."},
		{"words", "Every error names the cloud, the operation and the next step."},
		{"converge", "The next apply succeeds, and the plan after it is empty."},
	}
}

// of sums the counts of an operation or of a fault; empty means all of them.
func (r *report) of(operation, fault string) count {
	var sum count
	for key, one := range r.counts {
		if (operation == "" || key[0] == operation) && (fault == "" || key[1] == fault) {
			sum.add(*one)
		}
	}
	return sum
}

// String is the table: one line per fault, one column per operation, with the cells that held of those that ran.
func (r *report) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for i, name := range r.operations {
		fmt.Fprintf(&b, "%3d %s\n", i+1, name)
	}
	fmt.Fprintf(&b, "%-26s", "fault")
	for i := range r.operations {
		fmt.Fprintf(&b, "%10d", i+1)
	}
	for _, f := range faults() {
		fmt.Fprintf(&b, "\n%-26s", f.name)
		for _, name := range r.operations {
			text := "-"
			if one := r.counts[[2]string{name, f.name}]; one != nil {
				text = fmt.Sprintf("%d/%d", one.Held, one.Ran)
			}
			fmt.Fprintf(&b, "%10s", text)
		}
	}
	all := r.of("", "")
	fmt.Fprintf(&b, "\n%d cells ran, %d held, %d are exceptions with a reason, %d failed; the fault of %d met no call",
		all.Ran, all.Held, all.Excepted, all.Failed(), all.Unreached)
	for _, p := range promises() {
		fmt.Fprintf(&b, "\n%4d %s", r.broken[p.Kind], p.Kind)
	}
	return b.String()
}

//go:embed reliability.md.tmpl
var pageText string

// row is a line of a table of the page.
type row struct {
	Name string
	count
}

// page renders internal/docs/reliability.md.
func (r *report) page() (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	data := struct {
		All                count
		Operations, Faults []row
		Promises           []promise
		Broken, Exceptions map[string]int
		Clouds             []string
	}{All: r.of("", ""), Promises: promises(), Broken: r.broken, Exceptions: r.exceptions}
	for _, name := range r.operations {
		data.Operations = append(data.Operations, row{name, r.of(name, "")})
	}
	for _, f := range faults() {
		data.Faults = append(data.Faults, row{f.name, r.of("", f.name)})
	}
	parsed, err := template.New("reliability.md").Parse(pageText)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = parsed.Execute(&b, data)
	return b.String(), err
}

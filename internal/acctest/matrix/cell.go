package matrix

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// cell is one operation at one cloud with one fault at one call.
type cell struct {
	drv     driver.Driver
	op      operation
	latency time.Duration
	call    call
	fault   fault
	forever bool
	// rival means that a person creates the same object when the call arrives.
	rival bool
}

func (c cell) String() string {
	how := "once"
	if c.forever {
		how = "for ever"
	}
	if c.rival {
		how += " | rival"
	}
	return fmt.Sprintf("%s | %s | work %s | %s %s #%d | %s %s", c.op.name(), c.drv.Descriptor().Name, c.latency,
		c.call.method, c.call.path, c.call.number, c.fault.name, how)
}

// outcome is what a cell has shown.
type outcome struct {
	// calls are the requests of the operation, and reached is how often the fault met one.
	calls   []call
	reached int
	// scene is what the cell has begun with, if it has made that.
	scene *scene
	// skipped means that the cloud has no such operation.
	skipped bool
	// broken are the promises that the cell has broken, each with a word in front.
	broken []string
}

const (
	// settled is longer than everything that a cloud still does by itself.
	settled = 30 * time.Minute
	// slack is how much longer than its timeout an operation may take: the grace of a request that must not be cut short,
	// the search for a lost answer, and a tenth of a poll.
	slack = 30 * time.Second
	brief = 2 * time.Minute
	long  = 10 * time.Minute
)

// latencies are how long slow work takes.
func latencies() []time.Duration { return []time.Duration{0, 90 * time.Second} }

// run runs a cell. It begins with a scene, or makes one where that is nil.
func (c cell) run(t *testing.T, from *scene) (out outcome) {
	t.Helper()
	out.broken = inBubble(t, func(r *recorder) { c.play(r, from, &out) })
	return out
}

// inBubble runs a function in a bubble of testing/synctest, and returns the promises that it finds broken.
func inBubble(t *testing.T, run func(r *recorder)) (broken []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRecorder(t)
		<-r.start(func() { run(r) })
		broken = r.found()
		// What still runs ends, or the bubble reports a deadlock.
		<-time.After(24 * time.Hour)
	})
	return broken
}

// play runs the operation under the fault, and then without.
func (c cell) play(t *recorder, from *scene, out *outcome) {
	var w *world
	if from == nil {
		w = newWorld(t, c.drv, c.op, c.latency)
		out.scene = w.keep()
	} else {
		w = from.open(t, c.drv, c.latency)
	}
	if c.op.stateless() {
		c.playStateless(w, out)
		return
	}
	goal := w.goal()
	if goal == nil && c.op.verb != destroy {
		out.skipped = true
		return
	}
	w.apply(c)
	out.calls, out.reached = w.wire.recorded(), w.wire.reached()
	w.checkOnce()
	w.clear()
	<-time.After(settled)
	w.checkOwned()
	w.checkKept("the fault")
	w.checkTold()
	if c.fault.name == "" && len(w.texts) > 0 && !c.op.warns {
		t.Errorf("baseline: %s", w.texts)
	}
	w.finish(goal)
	w.checkSecrets()
}

// goal is the configuration that the operation applies: nil destroys, or means that there is no such operation here.
func (w *world) goal() prototest.Values {
	switch w.op.verb {
	case destroy:
		return nil
	case update, rotate:
		if !w.op.change(w, w.config) {
			return nil
		}
	case replace:
		w.r.Tainted = true
	case create, read, imports, invoke, list, data, opens:
	}
	return w.config
}

// apply runs the operation under the fault, as the commands of a CLI do.
func (w *world) apply(c cell) {
	w.strike(c)
	w.start()
	if w.op.verb == imports {
		w.step("import", long, func() prototest.Diagnostics { return w.r.Import(w.t, w.importID, nil) })
		return
	}
	goal := w.config
	if w.op.verb == destroy {
		goal = nil
	}
	if !w.refresh() || w.op.verb == read {
		return
	}
	if plan := w.plan(goal); plan != nil {
		w.start()
		w.carryOut(plan)
	}
}

// strike sets the fault of a cell. An interrupt interrupts the process that runs.
func (w *world) strike(c cell) {
	c.strike(w, func() {
		w.stopped.Store(true)
		w.process.Stop(w.t)
	})
}

// strike sets the fault of a cell. A call without a method counts all calls of the provider. interrupt interrupts the
// provider.
func (c cell) strike(w *world, interrupt func()) {
	arrived := func() {}
	if c.fault.interrupt {
		arrived = interrupt
	}
	w.box.ClearJournal()
	w.wire.strike(c.call, c.forever, c.fault.refuse, arrived)
	if c.rival {
		// No fault meets the requests of the rival, so the count of the fault begins after them.
		w.wire.meet(func() {
			w.makeRival()
			c.inject(w, 1)
		})
		return
	}
	c.inject(w, c.call.number)
}

// inject sets the fault of the sandbox, if there is one, for the call with this number.
func (c cell) inject(w *world, number int) {
	inject := c.fault.inject
	if inject.Do == "" {
		return
	}
	inject.Method, inject.Path, inject.From = c.call.method, c.call.path, number
	inject.UserAgent = "terraform-provider"
	if !c.forever {
		inject.To = number
	}
	w.box.Fault(inject)
}

// refresh refreshes the resource if it exists, and reports whether the run continues.
func (w *world) refresh() bool {
	return !w.r.Exists() || w.step("refresh", brief, func() prototest.Diagnostics { return w.r.Refresh(w.t) })
}

// plan plans a configuration, where nil destroys. The plan is nil if the run ends here.
func (w *world) plan(goal prototest.Values) (plan *prototest.Plan) {
	if goal == nil && !w.r.Exists() {
		return nil
	}
	if !w.step("plan", 2*brief, func() prototest.Diagnostics {
		plan = w.r.Plan(w.t, goal)
		return plan.Diagnostics
	}) {
		return nil
	}
	return plan
}

// carryOut applies a plan.
func (w *world) carryOut(plan *prototest.Plan) {
	limit := brief + long
	if plan.Action == prototest.Replace {
		limit += brief + long
	}
	w.step("apply", limit, func() prototest.Diagnostics { return w.r.Apply(w.t, plan) })
}

// step runs a call of the protocol, and reports whether the run continues. It checks the time and the texts.
func (w *world) step(name string, limit time.Duration, run func() prototest.Diagnostics) bool {
	began := time.Now()
	diags := run()
	if took := time.Since(began); took > limit+slack {
		w.t.Errorf("deadline: the %s took %s, with a limit of %s", name, took, limit)
	}
	w.checkWords(name, diags)
	if diags.HasError() {
		w.failed.Store(true)
	}
	return !diags.HasError() && !w.stopped.Load()
}

// clear ends the fault.
func (w *world) clear() {
	w.wire.strike(call{}, false, false, nil)
	w.box.Fault()
	w.stopped.Store(false)
}

// finish applies without a fault, which must converge, and destroys, which must leave nothing.
func (w *world) finish(goal prototest.Values) {
	w.start()
	if w.op.verb == imports && !w.r.Exists() {
		w.must("import", w.r.Import(w.t, w.importID, nil))
		if !w.r.Exists() {
			w.t.Errorf("lost: nothing can be imported")
		}
	}
	w.must("refresh", w.r.Refresh(w.t))
	if goal != nil {
		w.converge(goal)
	}
	w.must("destroy", w.r.Destroy(w.t))
	<-time.After(settled)
	if left := w.ours(); len(left) > 0 {
		w.t.Errorf("orphan: after the destroy there are still %s", left)
	}
	w.checkKept("the destroy")
	w.checkBeside()
}

// converge applies the goal, after which the plan must be empty and the cloud must have what the state has.
func (w *world) converge(goal prototest.Values) {
	plan := w.r.Plan(w.t, goal)
	w.must("plan", plan.Diagnostics)
	if plan.HasError() {
		return
	}
	w.start()
	w.must("apply", w.r.Apply(w.t, plan))
	w.start()
	<-time.After(settled)
	w.must("refresh", w.r.Refresh(w.t))
	plan = w.r.Plan(w.t, goal)
	w.must("plan", plan.Diagnostics)
	if plan.Action != prototest.NoOp {
		w.t.Errorf("converge: the next plan is %s of %v", plan.Action, w.r.Values(w.t))
	}
	w.checkOwned()
	w.checkKept("the next apply")
	w.checkComplete(w.op.ids(w.r.Values(w.t)))
}

// must reports an error of a step without a fault.
func (w *world) must(step string, diags prototest.Diagnostics) {
	w.texts = append(w.texts, text(diags))
	if diags.HasError() {
		w.t.Errorf("converge: the next %s fails: %s", step, strings.ReplaceAll(text(diags), "\n", " / "))
	}
}

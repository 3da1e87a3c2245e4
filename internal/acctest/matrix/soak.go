package matrix

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// soak is a long run at one cloud: resources of every type that are created, changed, replaced, rotated and deleted
// step by step, several at a time, with a random fault in most steps, and with people who create and delete beside
// them.
//
// What a step draws depends on the seed alone, whatever happened before: the resources, what becomes of them, the fault
// and its call, what people do, and the pauses. So a seed replays the run. Not replayed is the order in which requests
// of concurrent resources arrive, and so which of them meets the fault.
type soak struct {
	// world is the cloud. Its others are the objects of people.
	*world

	random *rand.Rand
	// alone means that each resource has a state of its own, and so processes of its own.
	alone   bool
	members []*member
	// mine are the snapshots of people, and spare is how many they may have at each source.
	mine  []driver.Snapshot
	spare map[driver.Ref]int
	// named has the import IDs under which messages may name an object, by its ID.
	named map[string][]string
	// steps has what was drawn, one line for each step.
	steps []string
	count tally
}

// member is a resource of a soak.
type member struct {
	*world

	label string
	// goal is the configuration, nil if there is none.
	goal    prototest.Values
	version int
	// heard is how many of the texts have been checked.
	heard int
	// lag is how much later than the others its process begins.
	lag time.Duration
}

// play runs the steps of a soak, and then converges and destroys. It ends with the first broken promise.
func (s *soak) play(steps int) {
	s.populate()
	for range steps {
		if s.step(); len(s.t.found()) > 0 {
			return
		}
	}
	s.settle()
	s.converge()
	if len(s.t.found()) == 0 {
		s.end()
	}
}

// newSoak starts the cloud of a soak.
func newSoak(t *recorder, d driver.Driver, alone bool, random *rand.Rand) *soak {
	t.Helper()
	latency := latencies()[random.IntN(len(latencies()))]
	return &soak{
		world: openWorld(t, d, operation{}, sandboxtest.WithLatency(latency)), alone: alone, random: random,
		spare: map[driver.Ref]int{}, named: map[string][]string{},
	}
}

// populate creates a snapshot of a person at each source, and the members: a rotation and two snapshots at the first
// source, two snapshots at the second one, as far as there is room, and one resource of each other type.
func (s *soak) populate() {
	single := s.c.Limits.SingleSnapshot()
	if single && s.random.IntN(2) == 0 {
		s.makeRoom(s.c.Sources[1])
	}
	sources := s.c.Sources[:2]
	types := [][]string{s.choose(sources[0], 0), s.choose(sources[1], 1)}
	for _, source := range sources {
		if s.spare[source] > 0 && !single {
			s.createBeside(source)
			s.spare[source]--
		}
	}
	// The first ones stay, because members are made from them.
	s.mine = nil
	for i, source := range sources {
		for _, typeName := range types[i] {
			s.join(typeName, source)
		}
	}
	for _, typeName := range []string{imageType, templateType, volumeType} {
		s.join(typeName, sources[0])
	}
	s.others = s.objects()
}

// choose returns the types of the members at a source, as far as there is room. The rest of the room is for people.
func (s *soak) choose(source driver.Ref, number int) (types []string) {
	single := s.c.Limits.SingleSnapshot()
	free, wanted := s.room(source), []string{rotationType, snapshotType, snapshotType}[number:]
	if single {
		// The one snapshot is of either type.
		wanted = wanted[s.random.IntN(2):]
	}
	for _, typeName := range wanted {
		need := 1
		if typeName == rotationType && !single {
			need = 2
		}
		if free >= need {
			free -= need
			types = append(types, typeName)
		}
	}
	s.spare[source] = min(free, 3)
	return types
}

// join adds a member, if the cloud has its type.
func (s *soak) join(typeName string, source driver.Ref) {
	for _, op := range operations() {
		if op.typeName != typeName || op.verb != create || !driver.Supports(s.c.Driver, op.capability) {
			continue
		}
		w := &world{
			t: s.t, box: s.box, wire: s.wire, c: s.c, op: op, stopped: &atomic.Bool{}, failed: &atomic.Bool{},
		}
		w.config = op.config(w)
		if _, ok := w.config["source_id"]; ok {
			w.config["source_id"] = source.SourceID
		}
		for _, attribute := range []string{"name", "name_prefix"} {
			// The objects of two states with the same name are not distinguishable after a lost answer.
			if _, ok := w.config[attribute]; ok && s.alone {
				w.config[attribute] = fmt.Sprintf("%s %d", ourName, len(s.members))
			}
		}
		s.start()
		w.r = s.process.Resource(s.t, typeName)
		label := fmt.Sprintf("%s %d", op.typeName[len("cloudsnap_"):], len(s.members))
		s.members = append(s.members, &member{world: w, label: label})
	}
}

// draw draws what becomes of a member, and returns it in words.
func (m *member) draw(random *rand.Rand) string {
	m.version++
	drawn := random.IntN(10)
	switch {
	case m.goal == nil:
		m.goal = maps.Clone(m.config)
		return "create"
	case drawn < 4 && m.config["triggers"] != nil:
		m.goal["triggers"] = prototest.Values{"version": fmt.Sprint(m.version)}
		return "rotate"
	case drawn < 4 && m.op.change(m.world, maps.Clone(m.goal)):
		m.goal["name"] = fmt.Sprintf("%v v%d", m.config["name"], m.version)
		return "update"
	case drawn < 6 && m.config["triggers"] == nil:
		m.r.Tainted = m.r.Exists()
		return "replace"
	case drawn < 9:
		m.goal = nil
		return "delete"
	default:
		return "apply again"
	}
}

// drawFault draws a fault and its call among all calls of a step. Every third step has none.
func (s *soak) drawFault() cell {
	all := faults()
	c := cell{drv: s.c.Driver, fault: all[s.random.IntN(len(all))], forever: s.random.IntN(4) == 0}
	early, none := s.random.IntN(2) == 0, s.random.IntN(3) == 0
	if c.call.number = 1 + s.random.IntN(40); early {
		c.call.number = 1 + c.call.number/5
	}
	if c.fault.interrupt || c.fault.name == "404" || strings.HasPrefix(c.fault.name, "200 ") {
		// An interrupt happens once. An object that every answer denies is absent to every client.
		c.forever = false
	}
	if none {
		return cell{drv: s.c.Driver}
	}
	return c
}

// step draws a step, runs it, and checks the promises if it ends with a pause.
func (s *soak) step() {
	var (
		group []*member
		words []string
	)
	for _, i := range s.random.Perm(len(s.members))[:1+s.random.IntN(len(s.members))] {
		group = append(group, s.members[i])
		words = append(words, s.members[i].label+": "+s.members[i].draw(s.random))
	}
	c := s.drawFault()
	beside := visit{
		what: s.random.IntN(6), member: s.random.IntN(len(s.members)), source: s.c.Sources[s.random.IntN(2)],
		after: time.Duration(s.random.IntN(90)) * time.Second,
	}
	pause := []time.Duration{0, 10 * time.Second, settled}[s.random.IntN(3)]
	how := "no fault"
	if c.fault.name != "" {
		how = fmt.Sprintf("%s from call %d, for ever: %t", c.fault.name, c.call.number, c.forever)
	}
	s.steps = append(s.steps, fmt.Sprintf("%s; %s; beside %s; pause %s", strings.Join(words, ", "), how, beside, pause))

	s.noteNames()
	done := s.t.start(func() { s.act(beside) })
	s.run(c, group)
	s.count.steps++
	if c.fault.name != "" {
		s.count.faults++
		s.count.reached += min(s.wire.reached(), 1)
	}
	for _, m := range group {
		if m.failed.Load() {
			s.count.failed++
		}
	}
	s.clear()
	<-done
	s.checkOwners()
	<-time.After(pause)
	if pause == settled || strings.Contains(s.told(), "before you apply again") {
		s.settle()
	}
}

// run applies the goals of a group of members as a CLI does: a process plans, and another one applies. All members work
// at the same time.
func (s *soak) run(c cell, group []*member) {
	for _, m := range group {
		m.stopped.Store(false)
		m.failed.Store(false)
	}
	victim := group[c.call.number%len(group)]
	c.strike(s.world, func() {
		for _, m := range group {
			if !s.alone || m == victim {
				m.stopped.Store(true)
				m.process.Stop(s.t)
			}
		}
	})
	plans := make([]*prototest.Plan, len(group))
	s.each(group, func(i int, m *member) {
		if m.refresh() {
			plans[i] = m.plan(m.goal)
		}
	})
	ended := func(m *member) bool { return m.stopped.Load() || m.failed.Load() }
	if !s.alone && slices.ContainsFunc(group, ended) {
		return // A CLI applies nothing if anything cannot be planned.
	}
	s.each(group, func(i int, m *member) {
		if plans[i] != nil {
			m.carryOut(plans[i])
		}
	})
	for _, plan := range plans {
		if plan != nil && plan.Action != prototest.NoOp {
			s.count.applies++
		}
	}
}

// each runs a function for all members of a group at the same time, in a new process of the provider or in one each.
func (s *soak) each(group []*member, run func(i int, m *member)) {
	s.start()
	for _, m := range group {
		if s.alone {
			m.start()
			continue
		}
		m.process = s.process
		m.r.MoveTo(s.process)
	}
	var all sync.WaitGroup
	for i, m := range group {
		done := s.t.start(func() {
			<-time.After(m.lag)
			run(i, m)
		})
		all.Go(func() { <-done })
	}
	all.Wait()
}

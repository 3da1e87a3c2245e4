package matrix

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// tally counts what soaks have done.
type tally struct{ steps, applies, failed, faults, reached, adopted int }

// add adds the counts of another soak.
func (c *tally) add(other tally) {
	c.steps, c.applies, c.failed = c.steps+other.steps, c.applies+other.applies, c.failed+other.failed
	c.faults, c.reached, c.adopted = c.faults+other.faults, c.reached+other.reached, c.adopted+other.adopted
}

// String is a sentence with the counts.
func (c *tally) String() string {
	return fmt.Sprintf("%d steps with %d applies; %d resources ended a step with an error; %d steps had a fault, and %d "+
		"of the faults met a call; %d objects of others were adopted with a warning",
		c.steps, c.applies, c.failed, c.faults, c.reached, c.adopted)
}

// visit is what people do while a step runs.
type visit struct {
	what, member int
	source       driver.Ref
	after        time.Duration
}

// String is the visit in words.
func (v visit) String() string {
	switch v.what {
	case 0:
		return fmt.Sprintf("a snapshot of %s is taken after %s", v.source.SourceID, v.after)
	case 1:
		return fmt.Sprintf("a snapshot of a person is deleted after %s", v.after)
	case 2:
		return fmt.Sprintf("an object of member %d is deleted after %s", v.member, v.after)
	default:
		return "no visit"
	}
}

// act does what people do. It blocks until it is done.
func (s *soak) act(v visit) {
	<-time.After(v.after)
	switch v.what {
	case 0:
		s.createBeside(v.source)
	case 1:
		if len(s.mine) == 0 {
			return
		}
		object := "snapshot " + s.mine[0].ID
		s.mine = s.mine[1:]
		delete(s.others, object)
		s.remove(object)
	case 2:
		m := s.members[v.member]
		for object := range s.objects() {
			if _, other := s.others[object]; !other && slices.Contains(s.named[idOf(object)], m.label) {
				_ = s.tryRemove(object) // It may be gone by now.
				return
			}
		}
	}
}

// createBeside takes a snapshot as a person, if there is room beside the members.
func (s *soak) createBeside(source driver.Ref) {
	have := 0
	for _, one := range s.mine {
		if one.SourceID == source.SourceID {
			have++
		}
	}
	if have >= s.spare[source] {
		return
	}
	made, err := s.takeSnapshot(source)
	if err != nil {
		s.t.Errorf("converge: a person cannot take a snapshot: %v", err)
		return
	}
	if made.SourceID = source.SourceID; s.others != nil {
		object := "snapshot " + made.ID
		s.others[object] = s.objects()[object]
	}
	s.mine = append(s.mine, made)
}

// noteNames records under which import IDs, and of which members, messages may name the objects of the states.
func (s *soak) noteNames() {
	for _, m := range s.members {
		values := m.r.Values(s.t)
		for _, id := range m.op.ids(values) {
			s.named[id] = append(s.named[id], m.label, fmt.Sprint(values["id"]))
		}
	}
}

// told joins the texts since the last check.
func (s *soak) told() string {
	var out []string
	for _, m := range s.members {
		out = append(out, m.texts[m.heard:]...)
	}
	return strings.Join(out, "\n")
}

// settle waits until the cloud has done everything, and checks that each object is in one state or in a message, and
// that those of people are as they were. An object that a message names is deleted.
func (s *soak) settle() {
	<-time.After(settled)
	s.checkOwners()
	s.checkKept("the steps")
	told, owners, open := s.told(), s.owners(), false
	for _, object := range s.ours() {
		id := idOf(object)
		named := strings.Contains(told, id) || slices.ContainsFunc(s.named[id], func(name string) bool {
			return strings.Contains(name, "/") && strings.Contains(told, name)
		})
		switch {
		case len(owners[id]) > 0:
			continue
		case !named && slices.ContainsFunc(s.members, func(m *member) bool { return m.isPending(object) }):
			open = true
			continue
		case !named && !strings.Contains(told, "before you apply again"):
			s.t.Errorf("orphan: the %s is in no state and in no message: %q", object, told)
		}
		s.remove(object)
	}
	for _, m := range s.members {
		if !open {
			m.heard = len(m.texts)
		}
	}
}

// owners returns the members whose states have an object, by its ID.
func (s *soak) owners() map[string][]*member {
	out := map[string][]*member{}
	for _, m := range s.members {
		for _, id := range m.op.ids(m.r.Values(s.t)) {
			out[id] = append(out[id], m)
		}
	}
	return out
}

// checkOwners fails if a state has an object of others. The exception is the only object that fits a lost create, which
// a warning names: its resource forgets it, as the person does who has read the warning.
func (s *soak) checkOwners() {
	for id, all := range s.owners() {
		object := ""
		for other := range s.others {
			if idOf(other) == id {
				object = other
			}
		}
		if object == "" && len(all) == 1 {
			continue
		}
		for _, m := range all {
			switch {
			case m.adopted(id):
				s.count.adopted++
				s.start()
				m.r = s.process.Resource(s.t, m.op.typeName)
			case object != "":
				s.t.Errorf("theft: the state of %s has the %s of others", m.label, object)
			case !slices.ContainsFunc(all, func(other *member) bool { return other != m && other.adopted(id) }):
				s.t.Errorf("theft: the state of %s has the object %s, and so has another", m.label, id)
			}
		}
	}
}

// adopted reports whether a warning since the last check names an object that was adopted.
func (m *member) adopted(id string) bool {
	name := id
	if m.c.Limits.SingleSnapshot() {
		name = m.c.Sources[0].SourceID // A snapshot has the import ID of its source.
	}
	return slices.ContainsFunc(m.texts[m.heard:], func(text string) bool {
		return strings.HasPrefix(text, "Adopted after a lost answer") && strings.Contains(text, name)
	})
}

// isPending reports whether the state has an operation whose object has no ID yet, and which may be this one.
func (m *member) isPending(object string) bool {
	values := m.r.Values(m.t)
	unnamed := 1 - len(m.op.ids(values))
	if items, ok := values["snapshots"].([]any); ok {
		unnamed = len(items) - len(m.op.ids(values))
	}
	kinds := map[string][]string{snapshotType: {"snapshot"}, rotationType: {"snapshot"}, volumeType: {"source"}}
	kind, _, _ := strings.Cut(object, " ")
	want, ok := kinds[m.op.typeName]
	if !ok {
		want = []string{"image", "template"}
	}
	return m.r.Exists() && unnamed > 0 && slices.Contains(want, kind)
}

// converge applies all goals without a fault. The next plans must be empty, and the cloud must have what the states
// have.
func (s *soak) converge() {
	s.each(s.members, func(_ int, m *member) {
		m.must("refresh", m.r.Refresh(s.t))
		if m.goal == nil {
			m.must("destroy", m.r.Destroy(s.t))
			return
		}
		plan := m.r.Plan(s.t, m.goal)
		if m.must("plan", plan.Diagnostics); !plan.HasError() {
			m.must("apply", m.r.Apply(s.t, plan))
		}
	})
	<-time.After(settled)
	var want []string
	s.each(s.members, func(_ int, m *member) {
		m.must("refresh", m.r.Refresh(s.t))
		if m.goal == nil {
			return
		}
		plan := m.r.Plan(s.t, m.goal)
		if m.must("plan", plan.Diagnostics); plan.Action != prototest.NoOp {
			s.t.Errorf("converge: the next plan of %s is %s of %v", m.label, plan.Action, m.r.Values(s.t))
		}
	})
	s.checkKept("the last apply")
	for _, m := range s.members {
		want = append(want, m.op.ids(m.r.Values(s.t))...)
	}
	s.checkComplete(want)
}

// end destroys everything, which must leave the objects of people alone.
func (s *soak) end() {
	s.each(s.members, func(_ int, m *member) {
		m.must("refresh", m.r.Refresh(s.t))
		m.must("destroy", m.r.Destroy(s.t))
	})
	<-time.After(settled)
	if left := s.ours(); len(left) > 0 {
		s.t.Errorf("orphan: after the destroy there are still %s", left)
	}
	s.checkKept("the destroy")
	for _, m := range s.members {
		m.checkSecrets()
	}
}

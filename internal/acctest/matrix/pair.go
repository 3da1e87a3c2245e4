package matrix

import (
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// pair is two resources of one type at one source, in two states. Two processes of the provider work on them at the
// same time, and the second one meets a fault.
type pair struct {
	typeName string
	fault    fault
	// lag is how much later the first process begins.
	lag time.Duration
	// alike means that both configurations have the same name.
	alike bool
}

// String names the pair.
func (p pair) String() string {
	return fmt.Sprintf("%s, %s, lag %s, alike %t", p.typeName[len("cloudsnap_"):], p.fault.name, p.lag, p.alike)
}

// second is the User-Agent of the second process.
const second = "second terraform-provider"

// agent is a transport that sets the User-Agent.
type agent struct{ next http.RoundTripper }

// RoundTrip sends a copy of the request.
func (a agent) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := req.Clone(req.Context())
	sent.Header.Set("User-Agent", second)
	return a.next.RoundTrip(sent)
}

// playPair runs the life of a pair: both are created, changed and destroyed, each time first with the fault at the
// first write of the second process, and then again without.
func (s *soak) playPair(p pair) {
	source := s.c.Sources[0]
	single := s.c.Limits.SingleSnapshot()
	if !single {
		s.spare[source] = 1
		s.createBeside(source)
	}
	for range 2 {
		s.join(p.typeName, source)
	}
	s.others = s.objects()
	first, other := s.members[0], s.members[1]
	first.lag, other.box = p.lag, s.box.Through(agent{s.wire})
	for _, attribute := range []string{"name", "name_prefix"} {
		if _, named := other.config[attribute]; named && p.alike {
			other.config[attribute] = first.config[attribute]
		}
	}
	for round, change := range []func(m *member){
		func(m *member) { m.goal = m.config },
		func(m *member) { m.alter() },
		func(m *member) {
			if m == other {
				m.goal = nil
			}
		},
		func(m *member) { m.goal = nil },
	} {
		for _, m := range s.members {
			change(m)
		}
		s.together(p.fault)
		s.settle()
		s.together(fault{})
		s.settle()
		s.checkApart(single)
		if s.count.adopted > 0 && !s.mayBeMistaken(p, round) {
			s.t.Errorf("theft: %d objects of the other were adopted in round %d", s.count.adopted, round)
		}
	}
	s.end()
}

// mayBeMistaken reports whether an object of the first process may be that of the second one, by all that the cloud
// shows: nothing distinguishes the names, and the creates overlap. In later rounds they may, whatever the lag.
func (s *soak) mayBeMistaken(p pair, round int) bool {
	config := s.members[0].config
	named := config["name"] != nil || config["name_prefix"] != nil
	overlap := round > 0 || p.lag == 0 || p.fault.inject.Do == sandbox.DoHang
	return overlap && (p.alike || !named)
}

// alter changes the goal in place, or lets the resource be replaced.
func (m *member) alter() {
	if m.goal = maps.Clone(m.goal); !m.op.change(m.world, m.goal) {
		m.r.Tainted = m.r.Exists()
	}
}

// write is the path of every request but that for a token.
const write = "([^n]|[^e]n|[^k]en|[^o]ken)$"

// together applies both goals at the same time. The second process meets the fault at its first request of each method
// that writes.
func (s *soak) together(f fault) {
	s.noteNames()
	var all []sandbox.Fault
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if f.inject.Do != "" {
			one := f.inject
			one.Method, one.Path, one.UserAgent, one.To = method, write, second, 1
			all = append(all, one)
		}
	}
	s.box.Fault(all...)
	s.run(cell{}, s.members)
	for _, one := range s.box.Faults() {
		s.count.reached += min(one.Count, 1)
	}
	s.clear()
	s.checkOwners()
}

// checkApart fails unless each state has the goal, and objects of its own. Where a source has a single snapshot, only
// one of them has it, and the other one is refused.
func (s *soak) checkApart(single bool) {
	missing := 0
	for _, m := range s.members {
		switch exists := m.r.Exists(); {
		case m.goal == nil && exists:
			s.t.Errorf("orphan: %s is not destroyed", m.label)
		case m.goal != nil && !exists:
			missing++
		}
	}
	if limit := map[bool]int{true: 1}[single]; missing > limit {
		s.t.Errorf("lost: %d of the states are empty", missing)
	}
}

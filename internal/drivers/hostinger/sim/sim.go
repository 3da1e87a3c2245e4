// Package sim is Hostinger's VPS API in the sandbox, written from hostinger.openapi.json and from what is known beyond it.
//
// What the document leaves open, and what is chosen here:
//
//   - A VM without a snapshot answers 404; Machine.Empty chooses another form.
//   - While an action runs the VM is locked, and every other action is refused with 422. The same for a VM in the state error or suspended.
//   - A new snapshot can be read once its action has succeeded, and until then the old one.
//   - A snapshot expires twenty days after its creation, and is gone then.
//   - A restore keeps the snapshot; restoring a backup and recreating the VM remove it.
//   - No operation takes a body but recreate; others accept an empty object and null, which clients send.
//   - Another account's VM answers 403, one that does not exist 404.
package sim

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator is one account at Hostinger. The sandbox serialises its calls.
type Simulator struct {
	world *simkit.Config
	state state
}

// state is all that Save keeps.
type state struct {
	Machines     []*Machine `json:"machines"`
	NextSnapshot int64      `json:"next_snapshot"`
	NextAction   int64      `json:"next_action"`
	// Answers counts the errors, to give each its correlation ID.
	Answers int64 `json:"answers"`
}

var _ simkit.Simulator = (*Simulator)(nil)

// New makes a seeded account.
func New(world *simkit.Config) *Simulator {
	s := &Simulator{world: world}
	s.Reset()
	return s
}

// Reset seeds the account anew.
func (s *Simulator) Reset() { s.state = seed(s.world.Now()) }

// Save keeps the account as JSON.
func (s *Simulator) Save() (json.RawMessage, error) { return json.Marshal(s.state) }

// Load goes on with a saved account.
func (s *Simulator) Load(saved json.RawMessage) error {
	var loaded state
	if err := json.Unmarshal(saved, &loaded); err != nil {
		return err
	}
	s.state = loaded
	return nil
}

// Environment is what a client needs to come here.
func (s *Simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{
		{Name: "HOSTINGER_API_TOKEN", Value: token},
		{Name: "HOSTINGER_API_URL", Value: base + s.world.Mount},
	}
}

// Inventory shows the account's VMs and their snapshots.
func (s *Simulator) Inventory() simkit.Inventory {
	s.settle()
	out := simkit.Inventory{
		Sources: []simkit.Source{}, Snapshots: []simkit.Snapshot{}, Images: []simkit.Image{}, Templates: []simkit.Template{},
	}
	for _, m := range s.state.Machines {
		if m.Foreign {
			continue
		}
		id := number(m.ID)
		out.Sources = append(out.Sources, simkit.Source{SourceID: id, Name: m.Hostname, State: m.State, Slots: 1})
		if m.Snapshot != nil {
			out.Snapshots = append(out.Snapshots, simkit.Snapshot{
				SnapshotID: number(m.Snapshot.ID), SourceID: id, State: m.snapshotState(), CreatedAt: m.Snapshot.CreatedAt,
			})
		}
	}
	return out
}

// Put adds a VM, or takes the place of the one with its ID, for tests that need a peculiar one. A snapshot needs an ID and its times.
func (s *Simulator) Put(m Machine) {
	for i, old := range s.state.Machines {
		if old.ID == m.ID {
			s.state.Machines[i] = &m
			return
		}
	}
	s.state.Machines = append(s.state.Machines, &m)
}

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.settle()
	if !authorized(r) {
		s.refuse(w, http.StatusUnauthorized, "Unauthenticated")
		return
	}
	if path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.world.Mount+templatesPath); ok && (path == "" || path[0] == '/') {
		s.serveTemplates(w, r, path)
		return
	}
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.world.Mount+machinesPath)
	if !ok || (path != "" && path[0] != '/') {
		s.refuse(w, http.StatusNotFound, noRoute)
		return
	}
	if path == "" {
		s.serve(w, r, map[string]handler{http.MethodGet: s.listMachines}, nil, "")
		return
	}
	parts := strings.Split(path[1:], "/")
	id, ok := parseNumber(parts[0])
	if !ok {
		s.refuse(w, http.StatusNotFound, noRoute)
		return
	}
	s.route(w, r, id, parts[1:])
}

// handler answers one operation. id is the number at the end of the path, where it has one.
type handler func(w http.ResponseWriter, r *http.Request, m *Machine, id string)

// route finds the operation below a VM.
func (s *Simulator) route(w http.ResponseWriter, r *http.Request, vm int64, rest []string) {
	var methods map[string]handler
	id := ""
	switch {
	case len(rest) == 0:
		methods = map[string]handler{http.MethodGet: s.getMachine}
	case len(rest) == 1 && rest[0] == "snapshot":
		methods = map[string]handler{http.MethodGet: s.getSnapshot, http.MethodPost: s.createSnapshot, http.MethodDelete: s.deleteSnapshot}
	case len(rest) == 2 && rest[0] == "snapshot" && rest[1] == "restore":
		methods = map[string]handler{http.MethodPost: s.restoreSnapshot}
	case len(rest) == 1 && rest[0] == "recreate":
		methods = map[string]handler{http.MethodPost: s.recreateMachine}
	case len(rest) == 1 && rest[0] == "actions":
		methods = map[string]handler{http.MethodGet: s.listActions}
	case len(rest) == 2 && rest[0] == "actions":
		methods, id = map[string]handler{http.MethodGet: s.getAction}, rest[1]
	case len(rest) == 1 && rest[0] == "backups":
		methods = map[string]handler{http.MethodGet: s.listBackups}
	case len(rest) == 3 && rest[0] == "backups" && rest[2] == "restore":
		methods, id = map[string]handler{http.MethodPost: s.restoreBackup}, rest[1]
	default:
		s.refuse(w, http.StatusNotFound, noRoute)
		return
	}
	m := s.machine(vm)
	switch {
	case m == nil:
		s.refuse(w, http.StatusNotFound, noMachine)
	case m.Foreign:
		s.refuse(w, http.StatusForbidden, foreign)
	default:
		s.serve(w, r, methods, m, id)
	}
}

// serve calls the operation of a method, after a look at what was sent with it.
func (s *Simulator) serve(w http.ResponseWriter, r *http.Request, methods map[string]handler, m *Machine, id string) {
	h, ok := methods[r.Method]
	switch {
	case !ok:
		allow := make([]string, 0, len(methods))
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			if methods[method] != nil {
				allow = append(allow, method)
			}
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		s.refuse(w, http.StatusMethodNotAllowed, "The "+r.Method+" method is not supported here. Supported: "+strings.Join(allow, ", "))
	default:
		h(w, r, m, id)
	}
}

func (s *Simulator) machine(id int64) *Machine {
	for _, m := range s.state.Machines {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// settle does all work that is due, and drops what has expired.
func (s *Simulator) settle() {
	now := s.world.Now()
	for _, m := range s.state.Machines {
		for _, a := range m.Actions {
			if !a.over() {
				s.advance(m, a, now)
			}
		}
		if m.Snapshot != nil && !now.Before(m.Snapshot.ExpiresAt) {
			m.Snapshot = nil
		}
	}
}

// advance moves an action through thirds of the pace, and acts at its end.
func (s *Simulator) advance(m *Machine, a *Action, now time.Time) {
	pace := s.world.Latency
	switch passed := now.Sub(a.CreatedAt); {
	case s.world.Due(a.CreatedAt):
		a.UpdatedAt = a.CreatedAt.Add(pace)
		s.finish(m, a)
	case passed >= pace*2/3:
		a.State, a.UpdatedAt = stateDelayed, a.CreatedAt.Add(pace*2/3)
	case passed >= pace/3:
		a.State, a.UpdatedAt = stateSent, a.CreatedAt.Add(pace/3)
	}
}

// finish ends an action, with what it was for.
func (s *Simulator) finish(m *Machine, a *Action) {
	if working[a.Name] != "" {
		m.State = stateRunning
	}
	if a.Fails {
		a.State = stateError
		return
	}
	a.State = stateSuccess
	switch a.Name {
	case createName:
		m.Snapshot = newSnapshot(s.state.NextSnapshot, a.UpdatedAt)
		s.state.NextSnapshot++
	case recreateName:
		m.Template, m.Snapshot = a.Template, nil
	case deleteName, restoreBackupName:
		m.Snapshot = nil
	}
}

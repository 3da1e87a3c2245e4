package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator is one account at Hostinger. It is not safe for concurrent use: the sandbox serialises all calls.
type Simulator struct {
	simkit.Base[state]

	routes http.Handler
}

var (
	_ simkit.Simulator    = (*Simulator)(nil)
	_ simkit.SourceStates = (*Simulator)(nil)
)

// New returns a simulator with the seeded state.
func New(config *simkit.Config) *Simulator {
	s := &Simulator{Base: simkit.NewBase(config, seed)}
	s.routes = s.newRoutes()
	return s
}

// Environment returns the variables that a client of Hostinger reads.
func (s *Simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{
		{Name: "HOSTINGER_API_TOKEN", Value: token},
		{Name: "HOSTINGER_API_URL", Value: base + s.Mount},
	}
}

// Inventory lists the account's VMs and their snapshots.
func (s *Simulator) Inventory() simkit.Inventory {
	s.finishDue()
	out := simkit.NewInventory()
	for _, m := range s.State.Machines {
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

// ServeHTTP answers one request. The token comes first.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.finishDue()
	if !authorized(r) {
		s.refuse(w, http.StatusUnauthorized, "Unauthenticated")
		return
	}
	s.routes.ServeHTTP(w, r)
}

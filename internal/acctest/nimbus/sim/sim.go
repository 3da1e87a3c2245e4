package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator is Nimbus in the sandbox. It is not safe for concurrent use: the sandbox serialises all calls.
type Simulator struct {
	simkit.Base[state]

	routes http.Handler
}

var _ simkit.Simulator = (*Simulator)(nil)

// New returns a simulator with the seeded state.
func New(config *simkit.Config) *Simulator {
	s := &Simulator{Base: simkit.NewBase(config, seed)}
	s.routes = s.newRoutes()
	return s
}

// Environment returns the variables of testdata/environment.json.
func (s *Simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{{Name: "NIMBUS_TOKEN", Value: Token}, {Name: "NIMBUS_URL", Value: base + s.Mount}}
}

// Inventory lists the disks and snapshots.
func (s *Simulator) Inventory() simkit.Inventory {
	out := simkit.NewInventory()
	for _, d := range disks {
		out.Sources = append(out.Sources, simkit.Source{SourceID: d, Name: d, State: "attached", Slots: -1})
	}
	for _, snap := range s.State.Snapshots {
		out.Snapshots = append(out.Snapshots, simkit.Snapshot{
			SnapshotID: snap.ID, SourceID: snap.Disk, Name: snap.Label, State: "ready", CreatedAt: snap.Made,
		})
	}
	return out
}

// ServeHTTP answers one request.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator is Koyeb in the sandbox. It is not safe for concurrent use: the sandbox serialises all calls.
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

// Environment returns the variables that Koyeb's own command line and this provider read.
func (s *Simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{
		{Name: "KOYEB_TOKEN", Value: Token},
		{Name: "KOYEB_URL", Value: base + s.Mount},
	}
}

// Inventory lists the volumes and snapshots that exist. One that is DELETED does not exist.
func (s *Simulator) Inventory() simkit.Inventory {
	s.finishDue()
	out := simkit.NewInventory()
	for _, v := range s.State.Volumes {
		if v.Status == volumeDeleted {
			continue
		}
		out.Sources = append(out.Sources, simkit.Source{
			SourceID: v.ID, Location: v.Region, Name: v.Name, Slots: -1,
			State: portableVolumeStatus(v.Status),
		})
	}
	for _, snap := range s.State.Snapshots {
		status, exists := portableStatus[snap.Status]
		if !exists {
			continue
		}
		out.Snapshots = append(out.Snapshots, simkit.Snapshot{
			SnapshotID: snap.ID, SourceID: snap.ParentVolumeID, Location: snap.Region,
			Name: snap.Name, State: status, CreatedAt: snap.CreatedAt,
		})
	}
	return out
}

// portableStatus is the provider's word for the status of a snapshot that exists.
var portableStatus = map[string]string{
	statusCreating: "creating", statusAvailable: "ready", statusMigrating: "migrating", statusDeleting: "deleting",
}

// ServeHTTP answers one request. The rate limit comes first.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.finishDue()
	if !s.admit(w, r) {
		grpcStatus(w, http.StatusTooManyRequests, grpcResourceExhausted, "Too many requests")
		return
	}
	s.routes.ServeHTTP(w, r)
}

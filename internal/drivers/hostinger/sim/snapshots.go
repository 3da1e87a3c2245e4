package sim

import (
	"io"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

func (s *Simulator) getSnapshot(w http.ResponseWriter, _ *http.Request, m *Machine) {
	snap := m.Snapshot
	switch {
	case snap != nil:
		simkit.JSON(w, http.StatusOK, snapshotResource{
			ID: snap.ID, RestoreTime: snap.RestoreTime,
			CreatedAt: second(snap.CreatedAt), ExpiresAt: second(snap.ExpiresAt),
		})
	case m.Empty == "":
		s.refuse(w, http.StatusNotFound, noSnapshot)
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusOK)
		if m.Empty != "-" {
			_, _ = io.WriteString(w, m.Empty) //nolint:gosec // A test sets the body, and it is not HTML.
		}
	}
}

func (s *Simulator) createSnapshot(w http.ResponseWriter, r *http.Request, m *Machine) {
	if s.decode(w, r, &struct{}{}) && s.accepts(w, m) {
		s.start(w, m, Action{Name: createName})
	}
}

func (s *Simulator) deleteSnapshot(w http.ResponseWriter, r *http.Request, m *Machine) {
	s.startOn(w, r, m, m.Snapshot != nil, noSnapshot, deleteName)
}

func (s *Simulator) restoreSnapshot(w http.ResponseWriter, r *http.Request, m *Machine) {
	s.startOn(w, r, m, m.Snapshot != nil, noSnapshot, restoreName)
}

// snapshotState is the provider's word for the snapshot's state.
func (m *Machine) snapshotState() string {
	if a := m.runningAction(); a != nil && a.Name == deleteName {
		return "deleting"
	}
	return "ready"
}

package sim

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// longestLabel is the limit of the document.
const longestLabel = 40

// find returns the snapshot of the path, or nil after an answer 404.
func (s *Simulator) find(w http.ResponseWriter, r *http.Request) *snapshot {
	snap := simkit.Find(s.State.Snapshots, func(snap *snapshot) bool { return snap.ID == r.PathValue("id") })
	if snap == nil {
		fail(w, http.StatusNotFound, "no such snapshot")
	}
	return snap
}

// listSnapshots is the operation ListSnapshots.
func (s *Simulator) listSnapshots(w http.ResponseWriter, _ *http.Request) {
	simkit.JSON(w, http.StatusOK, append([]*snapshot{}, s.State.Snapshots...))
}

// getSnapshot is the operation GetSnapshot.
func (s *Simulator) getSnapshot(w http.ResponseWriter, r *http.Request) {
	if snap := s.find(w, r); snap != nil {
		simkit.JSON(w, http.StatusOK, snap)
	}
}

// createSnapshot is the operation CreateSnapshot.
func (s *Simulator) createSnapshot(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Disk  string `json:"disk"`
		Label string `json:"label"`
	}
	_, err := simkit.Decode(r, &body)
	length := utf8.RuneCountInString(body.Label)
	switch {
	case !simkit.IsJSON(r):
		fail(w, http.StatusUnsupportedMediaType, "the body must be JSON")
	case err != nil:
		fail(w, http.StatusBadRequest, "the body has another form")
	case length < 1 || length > longestLabel:
		fail(w, http.StatusBadRequest, "a label has 1 to 40 characters")
	case !slices.Contains(disks, body.Disk):
		fail(w, http.StatusNotFound, "no such disk")
	default:
		s.State.Serial++
		snap := &snapshot{ID: simkit.UUID("nimbus", s.State.Serial), Disk: body.Disk, Label: body.Label, Made: s.Now()}
		s.State.Snapshots = append(s.State.Snapshots, snap)
		simkit.JSON(w, http.StatusCreated, snap)
	}
}

// deleteSnapshot is the operation DeleteSnapshot.
func (s *Simulator) deleteSnapshot(w http.ResponseWriter, r *http.Request) {
	gone := s.find(w, r)
	if gone == nil {
		return
	}
	s.State.Snapshots = slices.DeleteFunc(s.State.Snapshots, func(snap *snapshot) bool { return snap == gone })
	w.WriteHeader(http.StatusNoContent)
}

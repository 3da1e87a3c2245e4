package sim

import (
	"net/http"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// getDisk is the operation GetDisk.
func (s *Simulator) getDisk(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !slices.Contains(disks, id) {
		fail(w, http.StatusNotFound, "no such disk")
		return
	}
	simkit.JSON(w, http.StatusOK, map[string]string{"id": id})
}

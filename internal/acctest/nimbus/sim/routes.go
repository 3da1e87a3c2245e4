package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// newRoutes returns the operations by method and path.
func (s *Simulator) newRoutes() http.Handler {
	routes := simkit.Routes{
		"GET /disks/{id}":        s.getDisk,
		"GET /snapshots":         s.listSnapshots,
		"POST /snapshots":        s.createSnapshot,
		"GET /snapshots/{id}":    s.getSnapshot,
		"DELETE /snapshots/{id}": s.deleteSnapshot,
	}
	for pattern, handle := range routes {
		routes[pattern] = authenticated(handle)
	}
	return routes.Handler(s.Mount, simkit.Fallback{
		NotFound: func(w http.ResponseWriter, _ *http.Request) { fail(w, http.StatusNotFound, "no such path") },
		NotAllowed: func(w http.ResponseWriter, _ *http.Request, _ []string) {
			fail(w, http.StatusMethodNotAllowed, "no such method")
		},
	})
}

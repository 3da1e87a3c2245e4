package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// newRoutes returns the operations by method and path. An unknown path and a wrong method are refused without a token.
func (s *Simulator) newRoutes() http.Handler {
	routes := simkit.Routes{
		"GET /snapshots":         s.listSnapshots,
		"POST /snapshots":        s.createSnapshot,
		"GET /snapshots/{id}":    s.getSnapshot,
		"POST /snapshots/{id}":   s.updateSnapshot,
		"DELETE /snapshots/{id}": s.deleteSnapshot,
		"GET /volumes":           s.listVolumes,
		"POST /volumes":          s.createVolume,
		"GET /volumes/{id}":      s.getVolume,
		"POST /volumes/{id}":     s.updateVolume,
		"DELETE /volumes/{id}":   s.deleteVolume,
	}
	for pattern, handle := range routes {
		routes[pattern] = authenticated(handle)
	}
	return routes.Handler(s.Mount+"/v1", simkit.Fallback{
		NotFound: func(w http.ResponseWriter, _ *http.Request) {
			grpcStatus(w, http.StatusNotFound, grpcNotFound, "Not Found")
		},
		NotAllowed: func(w http.ResponseWriter, _ *http.Request, _ []string) {
			grpcStatus(w, http.StatusMethodNotAllowed, grpcUnimplemented, "Method Not Allowed")
		},
	})
}

package sim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// newRoutes returns the operations by method and path.
func (s *Simulator) newRoutes() http.Handler {
	routes := simkit.Routes{
		"GET /templates":            listTemplates,
		"GET /templates/{template}": s.getTemplate,
		"GET /virtual-machines":     s.listMachines,

		"GET /virtual-machines/{vm}":                           s.onMachine(s.getMachine),
		"POST /virtual-machines/{vm}/recreate":                 s.onMachine(s.recreateMachine),
		"GET /virtual-machines/{vm}/snapshot":                  s.onMachine(s.getSnapshot),
		"POST /virtual-machines/{vm}/snapshot":                 s.onMachine(s.createSnapshot),
		"DELETE /virtual-machines/{vm}/snapshot":               s.onMachine(s.deleteSnapshot),
		"POST /virtual-machines/{vm}/snapshot/restore":         s.onMachine(s.restoreSnapshot),
		"GET /virtual-machines/{vm}/actions":                   s.onMachine(s.listActions),
		"GET /virtual-machines/{vm}/actions/{action}":          s.onMachine(s.getAction),
		"GET /virtual-machines/{vm}/backups":                   s.onMachine(s.listBackups),
		"POST /virtual-machines/{vm}/backups/{backup}/restore": s.onMachine(s.restoreBackup),
	}
	return routes.Handler(s.Mount+"/api/vps/v1", simkit.Fallback{
		NotFound:   func(w http.ResponseWriter, _ *http.Request) { s.refuse(w, http.StatusNotFound, noRoute) },
		NotAllowed: s.refuseMethod,
	})
}

// onMachine passes the VM in the path of a request to handle. It refuses a VM that the account does not have.
func (s *Simulator) onMachine(handle func(http.ResponseWriter, *http.Request, *Machine)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if m := s.pathMachine(w, r); m != nil {
			handle(w, r, m)
		}
	}
}

// refuseMethod answers 405. A VM or a template that does not exist comes first.
func (s *Simulator) refuseMethod(w http.ResponseWriter, r *http.Request, allowed []string) {
	switch {
	case r.PathValue("vm") != "" && s.pathMachine(w, r) == nil:
	case r.PathValue("template") != "" && s.pathTemplate(w, r) == nil:
	default:
		order := []string{http.MethodGet, http.MethodPost, http.MethodDelete}
		list := strings.Join(slices.SortedFunc(slices.Values(allowed), func(a, b string) int {
			return slices.Index(order, a) - slices.Index(order, b)
		}), ", ")
		w.Header().Set("Allow", list)
		s.refuse(w, http.StatusMethodNotAllowed, "The "+r.Method+" method is not supported here. Supported: "+list)
	}
}

package sim

import (
	"cmp"
	"net/http"
	"path"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// exchange is one request and its answer.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
	// zone is nil if the simulator does not have the zone.
	zone *zone
}

// handler answers one operation; id is the object's in lower case, or empty for a collection.
type handler func(x *exchange, id string)

// operations returns the vendor's operations by method and path. What follows the colon is a custom method.
func (s *Simulator) operations() map[string]handler {
	return map[string]handler{
		"GET /operation/{id}":                 s.getOperation,
		"GET /instance":                       s.listInstances,
		"GET /instance/{id}":                  s.getInstance,
		"DELETE /instance/{id}":               s.deleteInstance,
		"POST /instance/{id}:create-snapshot": s.createSnapshot,
		"POST /instance/{id}:revert-snapshot": s.revertSnapshot,
		"PUT /instance/{id}:start":            s.startInstance,
		"PUT /instance/{id}:stop":             s.stopInstance,
		"GET /instance-type":                  s.listInstanceTypes,
		"GET /instance-type/{id}":             s.getInstanceType,
		"GET /snapshot":                       s.listSnapshots,
		"GET /snapshot/{id}":                  s.getSnapshot,
		"DELETE /snapshot/{id}":               s.deleteSnapshot,
		"POST /snapshot/{id}:export":          s.exportSnapshot,
		"POST /snapshot/{id}:promote":         s.promoteSnapshot,
		"GET /template":                       s.listTemplates,
		"POST /template":                      s.registerTemplate,
		"GET /template/{id}":                  s.getTemplate,
		"PUT /template/{id}":                  s.updateTemplate,
		"POST /template/{id}":                 s.copyTemplate,
		"DELETE /template/{id}":               s.deleteTemplate,
		"GET /quota":                          s.listQuotas,
		"GET /quota/{entity}":                 s.getQuota,
	}
}

// newRoutes returns a handler that serves the operations of all zones. A wildcard of http.ServeMux is a whole segment,
// so each custom method has routes of its own, and the handler chooses by the end of the path.
func (s *Simulator) newRoutes() http.Handler {
	byVerb := map[string]simkit.Routes{}
	for pattern, handle := range s.operations() {
		pattern, verb, _ := strings.Cut(pattern, ":")
		if byVerb[verb] == nil {
			byVerb[verb] = simkit.Routes{}
		}
		byVerb[verb][pattern] = s.onObject(handle)
	}
	handlers := map[string]http.Handler{}
	for verb, routes := range byVerb {
		handlers[verb] = routes.Handler(s.Mount+"/{zone}/v2", simkit.Fallback{
			NotFound: func(w http.ResponseWriter, _ *http.Request) { notFound(w) },
			NotAllowed: func(w http.ResponseWriter, _ *http.Request, _ []string) {
				message(w, http.StatusMethodNotAllowed, "method not allowed")
			},
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		object, verb := lastSegment(r)
		if h, ok := handlers[verb]; ok && object != "" {
			h.ServeHTTP(w, r)
			return
		}
		notFound(w)
	})
}

// lastSegment returns the end of the path of a request, as in <id>:export, in two parts. The verb may be empty.
func lastSegment(r *http.Request) (object, verb string) {
	object, verb, _ = strings.Cut(path.Base(r.URL.EscapedPath()), ":")
	return object, verb
}

// onObject passes the zone and the ID in the path of a request to handle. It refuses an ID that is not a UUID.
func (s *Simulator) onObject(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, verb := lastSegment(r)
		id := strings.TrimSuffix(cmp.Or(r.PathValue("id"), r.PathValue("entity")), ":"+verb)
		if r.PathValue("id") != "" && !simkit.IsUUID(id) {
			invalid(w, "the ID is not a UUID", field{"id", "must be a UUID"})
			return
		}
		handle(s.exchange(w, r, r.PathValue("zone")), strings.ToLower(id))
	}
}

// exchange returns the exchange of a request to a zone. A client that fills in no zone means the default zone: it then
// reads the endpoints of the zones from the list of zones.
func (s *Simulator) exchange(w http.ResponseWriter, r *http.Request, zone string) *exchange {
	if zone == "{zone}" {
		zone = defaultZone
	}
	return &exchange{w: w, r: r, zone: s.State.zone(zone)}
}

// zoneURL is the URL of the zone of an exchange, without a slash at the end.
func (s *Simulator) zoneURL(x *exchange) string {
	return "http://" + x.r.Host + s.Mount + "/" + x.zone.Name
}

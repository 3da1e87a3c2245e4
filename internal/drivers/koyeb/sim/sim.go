package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Token is the one token that is accepted. It opens nothing but the sandbox.
const Token = "sandbox-koyeb-token" //nolint:gosec // A fake, printed by the sandbox.

// Sim is Koyeb in the sandbox. It is not safe for concurrent use: the sandbox calls it one at a time.
type Sim struct {
	world *simkit.Config
	state state
}

var _ simkit.Simulator = (*Sim)(nil)

// New makes a simulator with the seeded world.
func New(w *simkit.Config) *Sim {
	s := &Sim{world: w}
	s.Reset()
	return s
}

// handler answers one operation; id is empty on a collection.
type handler func(w http.ResponseWriter, r *http.Request, id string)

// operations are the handlers of a path by method, nil where there is no such path.
func (s *Sim) operations(collection string, item bool) map[string]handler {
	switch {
	case collection == "snapshots" && item:
		return map[string]handler{http.MethodGet: s.getSnapshot, http.MethodPost: s.updateSnapshot, http.MethodDelete: s.deleteSnapshot}
	case collection == "snapshots":
		return map[string]handler{http.MethodGet: s.listSnapshots, http.MethodPost: s.createSnapshot}
	case collection == "volumes" && item:
		return map[string]handler{http.MethodGet: s.getVolume, http.MethodPost: s.updateVolume, http.MethodDelete: s.deleteVolume}
	case collection == "volumes":
		return map[string]handler{http.MethodGet: s.listVolumes, http.MethodPost: s.createVolume}
	default:
		return nil
	}
}

// ServeHTTP answers a request below the mount.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.settle()
	token, problem := bearer(r)
	if !s.admit(w, r, token) {
		grpcStatus(w, http.StatusTooManyRequests, grpcResourceExhausted, "Too many requests")
		return
	}
	below, ok := strings.CutPrefix(r.URL.Path, s.world.Mount+"/v1/")
	collection, id, item := strings.Cut(below, "/")
	operations := s.operations(collection, item)
	if !ok || operations == nil || strings.Contains(id, "/") || (item && id == "") {
		grpcStatus(w, http.StatusNotFound, grpcNotFound, "Not Found")
		return
	}
	serve, ok := operations[r.Method]
	switch {
	case !ok:
		grpcStatus(w, http.StatusMethodNotAllowed, grpcUnimplemented, "Method Not Allowed")
	case problem != "":
		fail(w, http.StatusUnauthorized, "authentication_error", problem)
	default:
		serve(w, r, id)
	}
}

// bearer gives the token of a request, or what is wrong with it.
func bearer(r *http.Request) (token, problem string) {
	header := r.Header.Get("Authorization")
	token, ok := strings.CutPrefix(header, "Bearer ")
	switch {
	case header == "":
		return "", "Route needs to be authenticated"
	case !ok || token != Token:
		return "", "Invalid token format"
	}
	return token, ""
}

// Environment is what Koyeb's own command line and this provider read.
func (s *Sim) Environment(base string) []simkit.Variable {
	return []simkit.Variable{
		{Name: "KOYEB_TOKEN", Value: Token},
		{Name: "KOYEB_URL", Value: base + s.world.Mount},
	}
}

// Inventory shows volumes and snapshots that exist, after what is due is done. A snapshot that is only shown as DELETED does not exist.
func (s *Sim) Inventory() simkit.Inventory {
	s.settle()
	lists := simkit.Inventory{Sources: []simkit.Source{}, Snapshots: []simkit.Snapshot{}, Images: []simkit.Image{}, Templates: []simkit.Template{}}
	for _, v := range s.state.Volumes {
		lists.Sources = append(lists.Sources, simkit.Source{
			SourceID: v.ID, Location: v.Region, Name: v.Name, State: strings.ToLower(strings.TrimPrefix(v.Status, volumePrefix)), Slots: -1,
		})
	}
	for _, snap := range s.state.Snapshots {
		state, exists := ourWord[snap.Status]
		if !exists {
			continue
		}
		lists.Snapshots = append(lists.Snapshots, simkit.Snapshot{
			SnapshotID: snap.ID, SourceID: snap.ParentVolumeID, Location: snap.Region, Name: snap.Name, State: state, CreatedAt: snap.CreatedAt,
		})
	}
	return lists
}

// ourWord is the provider's word for the state of a snapshot that exists.
var ourWord = map[string]string{
	statusCreating: "creating", statusAvailable: "ready", statusMigrating: "migrating", statusDeleting: "deleting",
}

// Reset seeds the world anew.
func (s *Sim) Reset() { s.state = seed(s.world.Now()) }

// Save gives the whole state.
func (s *Sim) Save() (json.RawMessage, error) { return json.Marshal(s.state) }

// Load takes a state that Save gave.
func (s *Sim) Load(saved json.RawMessage) error {
	var loaded state
	if err := json.Unmarshal(saved, &loaded); err != nil {
		return fmt.Errorf("read the saved state of koyeb: %w", err)
	}
	if loaded.Buckets == nil {
		loaded.Buckets = map[string]bucket{}
	}
	s.state = loaded
	return nil
}

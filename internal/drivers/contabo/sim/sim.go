package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The credentials of the sandbox. They open nothing else.
const (
	ClientID     = "sandbox-contabo-client"
	ClientSecret = "sandbox-contabo-client-secret" //nolint:gosec // It opens the sandbox only.
	Username     = "sandbox@contabo.example"
	Password     = "sandbox-contabo-password" //nolint:gosec // It opens the sandbox only.
)

const tokenPath = "/auth/realms/contabo/protocol/openid-connect/token" //nolint:gosec // A path, no credential.

// Simulator is Contabo in the sandbox. It is not safe for concurrent use: the sandbox serialises its calls.
type Simulator struct {
	world *simkit.Config
	state state
}

var _ simkit.Simulator = (*Simulator)(nil)

// New makes a simulator with the seeded world.
func New(w *simkit.Config) *Simulator {
	s := &Simulator{world: w}
	s.Reset()
	return s
}

// Environment is what a client of Contabo needs.
func (s *Simulator) Environment(base string) []simkit.Variable {
	api := base + s.world.Mount
	return []simkit.Variable{
		{Name: "CNTB_OAUTH2_CLIENT_ID", Value: ClientID},
		{Name: "CNTB_OAUTH2_CLIENT_SECRET", Value: ClientSecret},
		{Name: "CNTB_OAUTH2_USER", Value: Username},
		{Name: "CNTB_OAUTH2_PASS", Value: Password},
		{Name: "CNTB_API", Value: api},
		{Name: "CNTB_OAUTH2_TOKEN_URL", Value: api + tokenPath},
	}
}

// Reset seeds the world anew.
func (s *Simulator) Reset() { s.state = seed(s.world.Now()) }

// Save gives the whole state.
func (s *Simulator) Save() (json.RawMessage, error) { return json.Marshal(s.state) }

// Load takes a saved state.
func (s *Simulator) Load(saved json.RawMessage) error {
	var loaded state
	if err := json.Unmarshal(saved, &loaded); err != nil {
		return fmt.Errorf("the saved world of Contabo: %w", err)
	}
	s.state = loaded
	return nil
}

// Inventory shows the world in the provider's words. Standard images are left out: they are not the customer's.
func (s *Simulator) Inventory() simkit.Inventory {
	s.settle()
	out := simkit.Inventory{
		Sources:   []simkit.Source{},
		Snapshots: []simkit.Snapshot{},
		Images:    []simkit.Image{},
		Templates: []simkit.Template{},
	}
	for _, i := range s.state.Instances {
		out.Sources = append(out.Sources, simkit.Source{SourceID: strconv.FormatInt(i.ID, 10), Name: i.DisplayName, State: i.Status, Slots: i.Slots})
	}
	for _, snap := range s.state.Snapshots {
		out.Snapshots = append(out.Snapshots, simkit.Snapshot{
			SnapshotID: snap.ID,
			SourceID:   strconv.FormatInt(snap.InstanceID, 10),
			Name:       snap.Name,
			State:      "ready",
			CreatedAt:  snap.Created,
		})
	}
	for _, i := range s.state.Images {
		if !i.Standard {
			out.Images = append(out.Images, simkit.Image{ImageID: i.ID, Name: i.Name, State: s.portableState(i)})
		}
	}
	return out
}

// settle does all work that is due: snapshots expire, downloads end.
func (s *Simulator) settle() {
	s.expireSnapshots()
	s.finishDownloads()
}

// ServeHTTP answers one request below the mount.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.settle()
	path := strings.TrimPrefix(r.URL.Path, s.world.Mount)
	if path == tokenPath {
		s.serveToken(w, r)
		return
	}
	if refusal := s.admit(r); refusal != nil {
		refusal.answer(w)
		return
	}
	endpoint, allowed := s.route(strings.Split(strings.TrimPrefix(path, "/"), "/"))
	switch handle := endpoint[r.Method]; {
	case endpoint == nil:
		fail(http.StatusNotFound, "Cannot %s %s", r.Method, r.URL.Path).answer(w)
	case handle == nil:
		w.Header().Set("Allow", allowed)
		fail(http.StatusMethodNotAllowed, "Method Not Allowed").answer(w)
	default:
		handle(w, r)
	}
}

// methods are the handlers of one path.
type methods map[string]http.HandlerFunc

// stamp is how Contabo writes a time.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

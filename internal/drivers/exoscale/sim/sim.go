package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The credentials of the sandbox's one account.
const (
	APIKey    = "EXOsandbox0000000000000001"
	APISecret = "sandbox-exoscale-secret-0001" //nolint:gosec // It opens the sandbox only.
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 1 << 20

// Simulator is Exoscale in the sandbox. The sandbox calls it one at a time.
type Simulator struct {
	world *simkit.Config
	state state
}

var _ simkit.Simulator = (*Simulator)(nil)

// New makes a simulator with the seeded world.
func New(world *simkit.Config) *Simulator {
	s := &Simulator{world: world}
	s.Reset()
	return s
}

// Environment is what the vendor's own tools read too.
func (s *Simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{
		{Name: "EXOSCALE_API_KEY", Value: APIKey},
		{Name: "EXOSCALE_API_SECRET", Value: APISecret},
		{Name: "EXOSCALE_ZONE", Value: defaultZone},
		{Name: "EXOSCALE_API_ENDPOINT", Value: base + s.world.Mount + "/{zone}/v2"},
	}
}

// Reset seeds the world anew.
func (s *Simulator) Reset() { s.state = seed(s.world.Now()) }

// Save returns the whole state.
func (s *Simulator) Save() (json.RawMessage, error) { return json.Marshal(s.state) } //nolint:musttag // Nothing else reads it.

// Load goes on with a saved state.
func (s *Simulator) Load(saved json.RawMessage) error {
	var loaded state
	if err := json.Unmarshal(saved, &loaded); err != nil { //nolint:musttag // Nothing else writes it.
		return fmt.Errorf("read the saved state of exoscale: %w", err)
	}
	s.state = loaded
	return nil
}

// Inventory shows all zones. Templates are the account's own; the public ones belong to the cloud.
func (s *Simulator) Inventory() simkit.Inventory {
	s.settle()
	out := simkit.Inventory{Sources: []simkit.Source{}, Snapshots: []simkit.Snapshot{}, Images: []simkit.Image{}, Templates: []simkit.Template{}}
	for _, z := range s.state.Zones {
		for _, i := range z.Instances {
			out.Sources = append(out.Sources, simkit.Source{SourceID: i.ID, Location: z.Name, Name: i.Name, State: i.State, Slots: -1})
		}
		for _, n := range z.Snapshots {
			out.Snapshots = append(out.Snapshots, simkit.Snapshot{
				SnapshotID: n.ID, SourceID: n.InstanceID, Location: z.Name, Name: n.Name, State: n.State, CreatedAt: n.CreatedAt,
			})
		}
		for _, t := range z.Templates {
			if t.Visibility == private && !t.Pending {
				out.Templates = append(out.Templates, simkit.Template{TemplateID: t.ID, Location: z.Name, Name: t.Name})
			}
		}
	}
	return out
}

// exchange is one request on its way through the simulator.
type exchange struct {
	w    http.ResponseWriter
	r    *http.Request
	zone *zone
	// body is the whole request body.
	body []byte
	// base is the sandbox's URL with the mount and the zone, without a slash at the end.
	base string
}

// ServeHTTP answers everything below the mount: /<zone>/v2 is the API of a zone, /<zone>/sos its object storage.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.settle()
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), s.world.Mount+"/")
	name, rest, _ := strings.Cut(rest, "/")
	z := s.state.zone(zoneOf(name))
	if !ok || z == nil {
		notFound(w)
		return
	}
	x := &exchange{w: w, r: r, zone: z, base: "http://" + r.Host + s.world.Mount + "/" + z.Name}
	area, rest, _ := strings.Cut(rest, "/")
	switch area {
	case "v2":
		s.api(x, "/"+rest)
	case "sos":
		s.sos(x, "/"+rest)
	default:
		notFound(w)
	}
}

// zoneOf reads the path's first segment. An endpoint whose placeholder a client has left as it is means the default zone: such clients go on
// with the endpoints of the list of zones.
func zoneOf(segment string) string {
	name, err := url.PathUnescape(segment)
	if err != nil {
		return ""
	}
	if name == "{zone}" {
		return defaultZone
	}
	return name
}

// api answers the API of a zone. The list of zones is public; everything else must be signed.
func (s *Simulator) api(x *exchange, path string) {
	body, err := io.ReadAll(io.LimitReader(x.r.Body, maxBody))
	if err != nil {
		invalid(x.w, "the request body broke off")
		return
	}
	x.body = body
	x.r.Body = io.NopCloser(bytes.NewReader(body))

	if path == "/zone" && x.r.Method == http.MethodGet {
		s.listZones(x)
		return
	}
	if refusal := checkSignature(x.r, body); refusal != "" {
		message(x.w, http.StatusForbidden, refusal)
		return
	}
	kind, _, _ := strings.Cut(x.r.Header.Get("Content-Type"), ";")
	if len(body) > 0 && !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		problem(x.w, http.StatusUnsupportedMediaType, "unsupported-media-type", "Unsupported Media Type", "the request body must be application/json")
		return
	}
	s.route(x, path)
}

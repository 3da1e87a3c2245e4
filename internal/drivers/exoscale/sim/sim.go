package sim

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator is Exoscale in the sandbox. It is not safe for concurrent use: the sandbox serialises all calls.
type Simulator struct {
	simkit.Base[state]

	routes http.Handler
}

var (
	_ simkit.Simulator    = (*Simulator)(nil)
	_ simkit.SourceStates = (*Simulator)(nil)
)

// New returns a simulator with the seeded state.
func New(config *simkit.Config) *Simulator {
	s := &Simulator{Base: simkit.NewBase(config, seed)}
	s.routes = s.newRoutes()
	return s
}

// Environment returns the variables that the vendor's own tools and this provider read.
func (s *Simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{
		{Name: "EXOSCALE_API_KEY", Value: APIKey},
		{Name: "EXOSCALE_API_SECRET", Value: APISecret},
		{Name: "EXOSCALE_ZONE", Value: defaultZone},
		{Name: "EXOSCALE_API_ENDPOINT", Value: base + s.Mount + "/{zone}/v2"},
	}
}

// Inventory lists what exists in all zones. Public templates belong to the cloud and are left out.
func (s *Simulator) Inventory() simkit.Inventory {
	s.finishDue()
	out := simkit.NewInventory()
	for _, z := range s.State.Zones {
		for _, i := range z.Instances {
			out.Sources = append(out.Sources, simkit.Source{
				SourceID: i.ID, Location: z.Name, Name: i.Name, State: i.State, Slots: -1,
			})
		}
		for _, n := range z.Snapshots {
			out.Snapshots = append(out.Snapshots, simkit.Snapshot{
				SnapshotID: n.ID, SourceID: n.InstanceID, Location: z.Name,
				Name: n.Name, State: n.State, CreatedAt: n.CreatedAt,
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

// ServeHTTP answers one request: /<zone>/v2 is the API of a zone, /<zone>/sos its object storage.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.finishDue()
	segment, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), s.Mount+"/"), "/")
	area, rest, _ := strings.Cut(rest, "/")
	name, err := url.PathUnescape(segment)
	x := s.exchange(w, r, name)
	switch {
	case err != nil || x.zone == nil:
		notFound(w)
	case area == "v2" && rest == "zone" && r.Method == http.MethodGet:
		s.listZones(x) // It is public; everything else must be signed.
	case area == "v2":
		if admit(w, r) {
			s.routes.ServeHTTP(w, r)
		}
	case area == "sos":
		s.serveStorage(x, "/"+rest)
	default:
		notFound(w)
	}
}

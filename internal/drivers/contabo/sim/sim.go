package sim

import (
	"net/http"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator is Contabo in the sandbox. It is not safe for concurrent use: the sandbox serialises all calls.
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

// Environment returns the variables that a client of Contabo reads.
func (s *Simulator) Environment(base string) []simkit.Variable {
	api := base + s.Mount
	return []simkit.Variable{
		{Name: "CNTB_OAUTH2_CLIENT_ID", Value: ClientID},
		{Name: "CNTB_OAUTH2_CLIENT_SECRET", Value: ClientSecret},
		{Name: "CNTB_OAUTH2_USER", Value: Username},
		{Name: "CNTB_OAUTH2_PASS", Value: Password},
		{Name: "CNTB_API", Value: api},
		{Name: "CNTB_OAUTH2_TOKEN_URL", Value: api + tokenPath},
	}
}

// Inventory lists what the customer has. Standard images belong to Contabo and are left out.
func (s *Simulator) Inventory() simkit.Inventory {
	s.finishDue()
	out := simkit.NewInventory()
	for _, i := range s.State.Instances {
		out.Sources = append(out.Sources, simkit.Source{
			SourceID: strconv.FormatInt(i.ID, 10), Name: i.DisplayName, State: i.Status, Slots: i.Slots,
		})
	}
	for _, snap := range s.State.Snapshots {
		out.Snapshots = append(out.Snapshots, simkit.Snapshot{
			SnapshotID: snap.ID,
			SourceID:   strconv.FormatInt(snap.InstanceID, 10),
			Name:       snap.Name,
			State:      "ready",
			CreatedAt:  snap.Created,
		})
	}
	for _, i := range s.State.Images {
		if !i.Standard {
			out.Images = append(out.Images, simkit.Image{ImageID: i.ID, Name: i.Name, State: s.portableState(i)})
		}
	}
	return out
}

// finishDue ends all work that is due: snapshots expire, rollbacks and downloads end.
func (s *Simulator) finishDue() {
	s.expireSnapshots()
	s.finishRollbacks()
	s.finishDownloads()
}

// ServeHTTP answers one request. All but a request for a token needs a token, which is checked before the path.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.finishDue()
	if r.URL.Path == s.Mount+tokenPath {
		s.serveToken(w, r)
		return
	}
	if refusal := s.admit(r); refusal != nil {
		refusal.answer(w)
		return
	}
	s.routes.ServeHTTP(w, r)
}

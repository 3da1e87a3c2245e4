package nimbus

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const token = "sandbox-nimbus-token"

// simulator is Nimbus on loopback.
type simulator struct {
	config *simkit.Config
	made   int
	have   []wire
}

func newSimulator(config *simkit.Config) *simulator { return &simulator{config: config} }

var disks = []string{"disk-a", "disk-b", "disk-c"}

// ServeHTTP answers one request.
func (s *simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, one := strings.CutPrefix(r.URL.Path, s.config.Mount+"/snapshots/")
	at := slices.IndexFunc(s.have, func(have wire) bool { return have.ID == id })
	switch {
	case r.Header.Get("Authorization") != "Bearer "+token:
		simkit.JSON(w, http.StatusUnauthorized, map[string]string{"error": "who are you?"})
	case one && at < 0:
		simkit.JSON(w, http.StatusNotFound, map[string]string{"error": "no such snapshot"})
	case one && r.Method == http.MethodGet:
		simkit.JSON(w, http.StatusOK, s.have[at])
	case one && r.Method == http.MethodDelete:
		s.have = slices.Delete(s.have, at, at+1)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPost:
		s.create(w, r)
	default:
		simkit.JSON(w, http.StatusOK, append([]wire{}, s.have...))
	}
}

func (s *simulator) create(w http.ResponseWriter, r *http.Request) {
	var body struct{ Disk, Label string }
	_, err := simkit.Decode(r, &body)
	n := utf8.RuneCountInString(body.Label)
	switch {
	case err != nil, n < 1, n > 40:
		simkit.JSON(w, http.StatusBadRequest, map[string]string{"error": "a label has 1 to 40 characters"})
	case !slices.Contains(disks, body.Disk):
		simkit.JSON(w, http.StatusNotFound, map[string]string{"error": "no such disk"})
	default:
		s.made++
		made := wire{ID: simkit.UUID("nimbus", s.made), Disk: body.Disk, Label: body.Label, Made: s.config.Now()}
		s.have = append(s.have, made)
		simkit.JSON(w, http.StatusCreated, made)
	}
}

// Environment is what a client needs.
func (s *simulator) Environment(base string) []simkit.Variable {
	return []simkit.Variable{{Name: "NIMBUS_TOKEN", Value: token}, {Name: "NIMBUS_URL", Value: base + s.config.Mount}}
}

// Inventory lists the disks and the snapshots.
func (s *simulator) Inventory() simkit.Inventory {
	out := simkit.NewInventory()
	for _, d := range disks {
		out.Sources = append(out.Sources, simkit.Source{SourceID: d, Name: d, State: "attached", Slots: -1})
	}
	for _, have := range s.have {
		out.Snapshots = append(out.Snapshots, simkit.Snapshot{SnapshotID: have.ID, SourceID: have.Disk, Name: have.Label, State: "ready", CreatedAt: have.Made})
	}
	return out
}

// Reset deletes all snapshots.
func (s *simulator) Reset() { s.made, s.have = 0, nil }

// Save and Load keep the snapshots.
func (s *simulator) Save() (json.RawMessage, error) { return json.Marshal(s.have) }

// Load restores what Save has written.
func (s *simulator) Load(saved json.RawMessage) error { return json.Unmarshal(saved, &s.have) }

package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// fakeDriver is a cloud with one list of notes: POST /<cloud>/notes adds the body, GET lists them.
type fakeDriver struct{ name string }

func (d fakeDriver) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name:  d.name,
		Title: d.name,
		Fields: []driver.Field{
			{Name: "token", Env: []string{"OTHER_TOKEN", strings.ToUpper(d.name) + "_TOKEN"}, Sensitive: true},
			{
				Name:     "endpoint",
				Env:      []string{strings.ToUpper(d.name) + "_URL"},
				Default:  "https://example.com",
				Endpoint: true,
			},
		},
	}
}

func (fakeDriver) Open(driver.Settings) (driver.Client, error) { return fakeClient{}, nil }

func (d fakeDriver) Simulator(w *simkit.Config) simkit.Simulator {
	s := &fakeSimulator{name: d.name, config: w}
	s.Reset()
	return s
}

type fakeClient struct{}

func (fakeClient) KindOf(error) driver.Kind { return driver.KindUnknown }

// bareDriver cannot be simulated.
type bareDriver struct{}

func (bareDriver) Descriptor() driver.Descriptor               { return driver.Descriptor{Name: "bare"} }
func (bareDriver) Open(driver.Settings) (driver.Client, error) { return fakeClient{}, nil }

type note struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

type fakeSimulator struct {
	name   string
	config *simkit.Config
	notes  []note
}

func (s *fakeSimulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != s.config.Mount+"/notes" && !strings.HasPrefix(r.URL.Path, s.config.Mount+"/notes/"):
		simkit.JSON(w, http.StatusNotFound, map[string]string{"message": "no " + r.URL.Path})
	case r.Method == http.MethodPost:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			simkit.JSON(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
			return
		}
		s.notes = append(s.notes, note{Text: string(body), At: s.config.Now()})
		simkit.JSON(w, http.StatusCreated, s.notes[len(s.notes)-1])
	default:
		simkit.JSON(w, http.StatusOK, s.notes)
	}
}

func (s *fakeSimulator) Environment(base string) []simkit.Variable {
	up := strings.ToUpper(s.name)
	return []simkit.Variable{
		{Name: up + "_TOKEN", Value: "it's a token"},
		{Name: up + "_URL", Value: base + s.config.Mount},
	}
}

func (s *fakeSimulator) Inventory() simkit.Inventory {
	out := simkit.NewInventory()
	for i, n := range s.notes {
		state := "creating"
		if s.config.Due(n.At) {
			state = "ready"
		}
		out.Snapshots = append(out.Snapshots, simkit.Snapshot{
			SnapshotID: fmt.Sprint(i + 1), Name: n.Text, State: state,
			CreatedAt: n.At,
		})
	}
	return out
}

func (s *fakeSimulator) Reset() {
	s.notes = []note{{Text: "seed", At: s.config.Now().Add(-time.Hour)}}
}

func (s *fakeSimulator) Save() (json.RawMessage, error)   { return json.Marshal(s.notes) }
func (s *fakeSimulator) Load(saved json.RawMessage) error { return json.Unmarshal(saved, &s.notes) }

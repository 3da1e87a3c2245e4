package sandbox_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// fakeDriver is a cloud with one list of notes: POST /<cloud>/notes adds the body, GET lists them. It has four sources:
// lone in the north, jammed, and one of the ID twin in the north and in the south.
type fakeDriver struct{ name string }

// fixedDriver is a fakeDriver whose sources always have the same state.
type fixedDriver struct{ fakeDriver }

func (d fixedDriver) Simulator(config *simkit.Config) simkit.Simulator {
	return struct{ simkit.Simulator }{d.fakeDriver.Simulator(config)}
}

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
	name    string
	config  *simkit.Config
	notes   []note
	sources []simkit.Source
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
	out.Sources = s.sources
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
	s.sources = []simkit.Source{
		{SourceID: s.name + "-lone", Location: "north", Name: "the lone one", State: "on", Slots: -1},
		{SourceID: s.name + "-twin", Location: "north", State: "on"},
		{SourceID: s.name + "-twin", Location: "south", State: "on"},
		{SourceID: s.name + "-jammed", State: "on"},
	}
}

func (s *fakeSimulator) SourceStates() []string { return []string{"on", "off"} }

func (s *fakeSimulator) SetSourceState(source simkit.Source, state string) error {
	if strings.HasSuffix(source.SourceID, "jammed") {
		return errors.New("the switch is jammed")
	}
	s.sources = slices.Clone(s.sources)
	s.sources[slices.Index(s.sources, source)].State = state
	return nil
}

// fakeState is what a fakeSimulator saves.
type fakeState struct {
	Notes   []note          `json:"notes"`
	Sources []simkit.Source `json:"sources"`
}

func (s *fakeSimulator) Save() (json.RawMessage, error) {
	return json.Marshal(fakeState{s.notes, s.sources})
}

func (s *fakeSimulator) Load(saved json.RawMessage) error {
	var in fakeState
	if err := json.Unmarshal(saved, &in); err != nil {
		return err
	}
	s.notes, s.sources = in.Notes, in.Sources
	return nil
}

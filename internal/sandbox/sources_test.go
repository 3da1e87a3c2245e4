package sandbox_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// states are the states of all sources, in the order of the inventory, by the name of the cloud.
func states(t *testing.T, s *sandboxtest.Sandbox) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for name, cloud := range s.Inventory() {
		for _, source := range cloud.Sources {
			out[name] = append(out[name], source.State)
		}
	}
	return out
}

func TestSandbox_setsTheStateOfASource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	s := sandboxtest.Start(t, twoClouds(), sandboxtest.WithStateFile(file))
	s.SetSourceState("alpha-lone", "off")
	answer := ask(t, "POST", s.URL()+"/_sandbox/sources", `{"source_id":"beta-twin","location":"south","state":"off"}`)
	var got sandbox.CloudSource
	if err := json.Unmarshal([]byte(answer.body), &got); err != nil || answer.status != 200 {
		t.Fatalf("%+v: %v", answer, err)
	}
	want := sandbox.CloudSource{
		Cloud: "beta", Source: simkit.Source{SourceID: "beta-twin", Location: "south", State: "off"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	changed := map[string][]string{"alpha": {"off", "on", "on", "on"}, "beta": {"on", "on", "off", "on"}}
	if diff := cmp.Diff(changed, states(t, s)); diff != "" {
		t.Error(diff)
	}
	if journal := s.Journal(); len(journal) != 0 {
		t.Errorf("the journal has %+v", journal)
	}
	again := sandboxtest.Start(t, twoClouds(), sandboxtest.WithStateFile(file))
	if diff := cmp.Diff(changed, states(t, again)); diff != "" {
		t.Errorf("after a restart: %s", diff)
	}
	s.Reset()
	if got := states(t, s)["alpha"][0]; got != "on" {
		t.Errorf("after a reset: %s", got)
	}
}

func TestSandbox_setSourceStateMistakes(t *testing.T) {
	s := sandboxtest.Start(t, []driver.Driver{fakeDriver{"alpha"}, fixedDriver{fakeDriver{"beta"}}})
	const all = "alpha-lone, alpha-twin, alpha-twin, alpha-jammed, beta-lone, beta-twin, beta-twin, beta-jammed"
	for name, tt := range map[string]struct{ body, want string }{
		"no body": {``, "source_id must be one of " + all + `; there is no ""`},
		"unknown field": {
			`{"source":"alpha-lone"}`,
			`the body must be as in {"source_id":"42001","state":"stopped"}: json: unknown field "source"`,
		},
		"unknown ID": {
			`{"source_id":"gamma","state":"off"}`, "source_id must be one of " + all + `; there is no "gamma"`,
		},
		"not in this location": {
			`{"source_id":"alpha-lone","location":"south","state":"off"}`,
			"source_id must be one of " + all + `; there is no "alpha-lone" in "south"`,
		},
		"several locations": {
			`{"source_id":"alpha-twin","state":"off"}`,
			`location must be one of "north", "south": there are 2 sources with the ID "alpha-twin"`,
		},
		"unknown state": {
			`{"source_id":"alpha-lone","state":"asleep"}`,
			`state must be one of on, off for a source of alpha, not "asleep"`,
		},
		"no state": {
			`{"source_id":"alpha-lone"}`, `state must be one of on, off for a source of alpha, not ""`,
		},
		"not possible now":   {`{"source_id":"alpha-jammed","state":"off"}`, "the switch is jammed"},
		"a cloud without it": {`{"source_id":"beta-lone","state":"off"}`, `a source of beta has always the state "on"`},
	} {
		t.Run(name, func(t *testing.T) {
			answer := ask(t, "POST", s.URL()+"/_sandbox/sources", tt.body)
			var got struct {
				Error string `json:"error"`
			}
			if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
				t.Fatalf("%v in %s", err, answer.body)
			}
			if answer.status != 400 || got.Error != tt.want {
				t.Errorf("%d %q, want 400 %q", answer.status, got.Error, tt.want)
			}
		})
	}
	for name, list := range states(t, s) {
		if diff := cmp.Diff([]string{"on", "on", "on", "on"}, list); diff != "" {
			t.Errorf("a refused change was made at %s: %s", name, diff)
		}
	}
}

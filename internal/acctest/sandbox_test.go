package acctest_test

import (
	"slices"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The control API puts the sources of each cloud whose simulator has states into each of these, and the cloud's own API
// shows it. No two sources have the same ID, so no caller needs a location.
func TestSandbox_sourcesChangeTheirState(t *testing.T) {
	t.Parallel()
	owner := map[string]string{}
	changed := 0
	for _, d := range acctest.Drivers() {
		name := d.Descriptor().Name
		s := acctest.StartWith(t, []driver.Driver{d})
		for _, source := range s.Inventory()[name].Sources {
			if other, taken := owner[source.SourceID]; taken {
				t.Errorf("%s and %s have the source %s", other, name, source.SourceID)
			}
			owner[source.SourceID] = name
		}
		changed += changeSources(t, s, name, sourceStates(d))
	}
	if changed == 0 {
		t.Error("no source has a state to change")
	}
}

// sourceStates are the states that the simulator of a cloud accepts, none if its sources have none.
func sourceStates(d driver.Driver) []string {
	simulated, ok := d.(interface {
		Simulator(config *simkit.Config) simkit.Simulator
	})
	if !ok {
		return nil
	}
	states, ok := simulated.Simulator(&simkit.Config{Clock: &simkit.Clock{}}).(simkit.SourceStates)
	if !ok {
		return nil
	}
	return states.SourceStates()
}

// changeSources puts each source of a cloud into every state, and returns how many changes it made.
func changeSources(t *testing.T, s *acctest.Sandbox, name string, states []string) int {
	t.Helper()
	changes := 0
	for _, source := range s.Inventory()[name].Sources {
		for _, state := range states {
			s.SetSourceState(source.SourceID, state)
			changes++
			want := source
			want.State = state
			if !slices.Contains(s.Inventory()[name].Sources, want) {
				t.Fatalf("the inventory of %s does not have %+v", name, want)
			}
			list, err := s.Cloud(t, name).Sources(t.Context(), source.Location)
			if err != nil {
				t.Fatal(err)
			}
			shown := func(x driver.Source) bool { return x.ID == source.SourceID && x.State == state }
			if !slices.ContainsFunc(list, shown) {
				t.Errorf("%s does not show that %s is %s: %+v", name, source.SourceID, state, list)
			}
		}
	}
	return changes
}

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
	has := func(d driver.Driver) bool {
		simulated, ok := d.(interface {
			Simulator(config *simkit.Config) simkit.Simulator
		})
		if !ok {
			return false
		}
		_, ok = simulated.Simulator(&simkit.Config{Clock: &simkit.Clock{}}).(simkit.SourceStates)
		return ok
	}
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
		if has(d) {
			changed += changeSources(t, s, name)
		}
	}
	if changed == 0 {
		t.Error("no source has a state to change")
	}
}

// changeSources puts each source of a cloud into every state, and returns how many changes it made.
func changeSources(t *testing.T, s *acctest.Sandbox, name string) int {
	t.Helper()
	changes := 0
	for _, source := range s.Inventory()[name].Sources {
		states := []string{"running", "stopped", "running"}
		if source.State == "attached" || source.State == "detached" {
			states = []string{"detached", "attached", "detached"}
		}
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
			seen := slices.ContainsFunc(list, func(x driver.Source) bool { return x.ID == source.SourceID && x.State == state })
			if !seen {
				t.Errorf("%s does not show that %s is %s: %+v", name, source.SourceID, state, list)
			}
		}
	}
	return changes
}

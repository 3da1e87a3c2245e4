package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// machines are the machines in the state file of a sandbox that a fleet needs more of.
func machines() map[string]struct {
	key     string
	another func(n int) map[string]any
} {
	return map[string]struct {
		key     string
		another func(n int) map[string]any
	}{
		"contabo": {"instances", func(n int) map[string]any {
			return map[string]any{"id": 43000 + n, "display_name": fmt.Sprintf("fleet-%d", n)}
		}},
		"hostinger": {"machines", func(n int) map[string]any {
			return map[string]any{"id": 18000 + n, "hostname": fmt.Sprintf("srv%d.hstgr.cloud", 18000+n)}
		}},
		// No zones, but no quotas either.
		"exoscale": {"Zones", nil},
	}
}

// stateFile writes the state of a new sandbox to a file of the test. At clouds with a limited number of snapshots or
// machines it has more machines, and room for many snapshots on each.
func stateFile(t testing.TB, more, room int) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "state.json")
	acctest.Start(t, sandboxtest.WithStateFile(file)).Stop()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Offset json.RawMessage                       `json:"offset"`
		Clouds map[string]map[string]json.RawMessage `json:"clouds"`
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(json.Unmarshal(content, &state))
	for name, of := range machines() {
		var list []map[string]any
		must(json.Unmarshal(state.Clouds[name][of.key], &list))
		for n := range more {
			if of.another != nil {
				one := maps.Clone(list[0])
				maps.Copy(one, of.another(n+1))
				list = append(list, one)
			}
		}
		for _, one := range list {
			delete(one, "Limits")
			// Without a slot, the product has no snapshots at all.
			if slots, limited := one["slots"].(float64); limited && slots > 0 {
				one["slots"] = room
			}
		}
		state.Clouds[name][of.key], err = json.Marshal(list)
		must(err)
	}
	content, err = json.Marshal(state)
	must(err)
	must(os.WriteFile(file, content, 0o600))
	return file
}

package acctest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// Edit changes a list of objects in the state of a sandbox.
type Edit struct {
	// Cloud is the name of the cloud, and Key that of the list.
	Cloud, Key string
	// Change returns the new list.
	Change func(list []map[string]any) []map[string]any
}

// StateFile writes the state of a new sandbox to a file of the test, for sandboxtest.WithStateFile, and applies edits
// to it.
func StateFile(t testing.TB, edits ...Edit) (file string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	file = filepath.Join(t.TempDir(), "state.json")
	Start(t, sandboxtest.WithStateFile(file)).Stop()
	content, err := os.ReadFile(file)
	must(err)
	var state struct {
		Offset json.RawMessage                       `json:"offset"`
		Clouds map[string]map[string]json.RawMessage `json:"clouds"`
	}
	must(json.Unmarshal(content, &state))
	for _, e := range edits {
		var list []map[string]any
		must(json.Unmarshal(state.Clouds[e.Cloud][e.Key], &list))
		state.Clouds[e.Cloud][e.Key], err = json.Marshal(e.Change(list))
		must(err)
	}
	content, err = json.Marshal(state)
	must(err)
	must(os.WriteFile(file, content, 0o600))
	return file
}

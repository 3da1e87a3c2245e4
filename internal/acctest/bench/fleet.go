// Package bench measures what the provider costs in the plan of a fleet, next to a twin that does nothing. Figures that
// depend on no machine are asserted by tests.
package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

// sources is on how many instances the snapshots of a fleet are, where there are as many.
const sources = 10

// Fleet is a sandbox with snapshots of one cloud, and the configurations that have them.
type Fleet struct {
	*acctest.Sandbox
	// Configs has one configuration per snapshot, IDs its import ID.
	Configs []prototest.Values
	IDs     []string
}

// slots are the slots of the instances in the state file of a sandbox.
var slots = regexp.MustCompile(`"slots":\d+`)

// NewFleet starts a sandbox until the test ends, and creates snapshots of a cloud in it.
func NewFleet(t testing.TB, cloudName string, size int) *Fleet {
	t.Helper()
	// The seed has few slots, and a fleet needs many.
	file := filepath.Join(t.TempDir(), "state.json")
	seed := acctest.Start(t, sandboxtest.WithStateFile(file))
	seed.Stop()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content = slots.ReplaceAll(content, fmt.Appendf(nil, `"slots":%d`, size))
	//nolint:gosec // The path is that of the test's own folder.
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	s := acctest.Start(t, sandboxtest.WithStateFile(file))
	f := &Fleet{Sandbox: s}
	c, cl := s.Case(t, cloudName), s.Cloud(t, cloudName)
	of := c.Sources[:min(sources, len(c.Sources))]
	for i := range size {
		source := of[i%len(of)]
		spec := driver.SnapshotSpec{SourceID: source.SourceID, Location: source.Location}
		config := prototest.Values{"cloud": cloudName, "source_id": source.SourceID}
		if source.Location != "" {
			config["location"] = source.Location
		}
		if cl.Limits.Snapshot["name"].Settable() {
			spec.Name = fmt.Sprintf("snapshot %d", i)
			config["name"] = spec.Name
		}
		made, operation, err := cl.CreateSnapshot(t.Context(), spec)
		if err == nil {
			made, err = cl.WaitSnapshot(t.Context(), made, operation, driver.ReadyWhen{})
		}
		if err != nil {
			t.Fatal(err)
		}
		f.Configs = append(f.Configs, config)
		f.IDs = append(f.IDs, cl.FormatID(cl.Limits.SnapshotID, made.Ref()))
	}
	s.ClearJournal()
	return f
}

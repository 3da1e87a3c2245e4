// Package bench measures what the provider costs in the plan of a fleet, next to a twin that does nothing. Figures that
// depend on no machine are asserted by tests.
package bench

import (
	"fmt"
	"slices"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
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

// Count is how many snapshots a fleet has at a cloud, and on how many machines.
type Count struct{ Sources, Snapshots int }

// NewFleet starts a sandbox until the test ends, and creates snapshots of a cloud in it.
func NewFleet(t testing.TB, cloudName string, size int) *Fleet {
	t.Helper()
	return NewMix(t, map[string]Count{cloudName: {sources, size}})
}

// NewMix is NewFleet with snapshots of several clouds. A cloud that has fewer machines has the snapshots on those.
func NewMix(t testing.TB, counts map[string]Count) *Fleet {
	t.Helper()
	more, room := 0, 0
	for _, n := range counts {
		// A machine may have a snapshot already.
		more, room = max(more, n.Sources), max(room, n.Snapshots+1)
	}
	f := &Fleet{Sandbox: acctest.Start(t, sandboxtest.WithStateFile(stateFile(t, more, room)))}
	for name, n := range counts {
		f.add(t, name, n)
	}
	f.ClearJournal()
	return f
}

// add creates snapshots at a cloud, one after the other on each of its machines.
func (f *Fleet) add(t testing.TB, name string, count Count) {
	t.Helper()
	cl, of := f.Cloud(t, name), f.Inventory()[name].Sources
	of = slices.DeleteFunc(of, func(s simkit.Source) bool { return s.Slots == 0 })
	of = of[:min(count.Sources, len(of))]
	for i := range count.Snapshots {
		source := of[i%len(of)]
		spec := driver.SnapshotSpec{SourceID: source.SourceID, ReplaceExisting: cl.Limits.SingleSnapshot()}
		config := prototest.Values{"cloud": name, "source_id": source.SourceID}
		if cl.Limits.Location.Settable() {
			spec.Location = source.Location
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
}

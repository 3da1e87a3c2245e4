package drivertest

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// probe is a cloud with facts that no descriptor has. A try in a simulation of its own finds them.
type probe struct {
	*env
	// waits is true if a new snapshot is not ready at once. identifiesRequests is true if the cloud's errors have a
	// request ID. hasPages is true if the requests of a listing state a page. walks is true if a listing of all snapshots
	// sends a request for each source.
	waits, identifiesRequests, hasPages, walks bool
}

// condition reports whether a requirement applies to a cloud.
type condition func(p probe) bool

func newProbe(t *testing.T, h Harness) probe {
	t.Helper()
	p := probe{env: newEnv(t, h, slow), waits: Waits(t, h)}
	src := p.source(1)
	spec := p.spec(src)
	spec.SourceID = p.absentSource(src)
	if _, _, err := p.cloud.CreateSnapshot(p.Context(), spec); err == nil {
		p.Fatalf("the unknown source %q is accepted", spec.SourceID)
	}
	p.identifiesRequests = len(p.recorder.requestIDs()) > 0
	p.list(p.cloud, src)
	p.hasPages = p.Requests()[len(p.Requests())-1].Query != ""
	if _, err := idsOf(p.listing()); err != nil {
		p.Fatalf("list: %v", err)
	}
	p.walks = p.lists() > len(p.Sources())
	return p
}

// Waits reports whether the cloud takes time for a snapshot. It creates one in a simulation of its own.
func Waits(t *testing.T, h Harness) bool {
	t.Helper()
	e := newEnv(t, h, slow)
	made, operation, err := e.cloud.CreateSnapshot(e.Context(), e.spec(e.source(1)))
	if err != nil {
		e.Fatalf("create: %v", err)
	}
	return !operation.Done() || !e.cloud.IsReady(made, driver.ReadyWhen{})
}

func always(probe) bool               { return true }
func waits(p probe) bool              { return p.waits }
func identifiesRequests(p probe) bool { return p.identifiesRequests }
func keepsOne(p probe) bool           { return p.Limits.SingleSnapshot() }
func keepsSeveral(p probe) bool       { return !p.Limits.SingleSnapshot() }

// checksSources reports whether the engine reads the source of a create at plan time.
func checksSources(p probe) bool {
	return keepsSeveral(p) && driver.Supports(p.harness.Driver, driver.CapabilitySnapshotSources)
}

// limitsSources reports whether some source holds a limited number of snapshots, and the cloud refuses more.
func limitsSources(p probe) bool { return keepsSeveral(p) && len(p.limitedSources()) > 0 }

// fillsPages reports whether a source can have more snapshots than a page of its cloud.
func fillsPages(p probe) bool { return p.hasPages && keepsSeveral(p) && len(p.unlimitedSources()) > 0 }

// walksSources reports whether a listing of all snapshots lists source by source.
func walksSources(p probe) bool { return p.walks }

// has is the condition that the driver has all of these capabilities.
func has(capabilities ...driver.Capability) condition {
	return func(p probe) bool {
		for _, c := range capabilities {
			if !driver.Supports(p.harness.Driver, c) {
				return false
			}
		}
		return true
	}
}

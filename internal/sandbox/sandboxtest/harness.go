package sandboxtest

import (
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// Harness returns the harness with which the conformance suite tests a driver on a sandbox.
func Harness(drv driver.Driver) drivertest.Harness {
	return drivertest.Harness{
		Driver: drv,
		Start: func(t *testing.T, latency time.Duration) drivertest.Simulation {
			t.Helper()
			return simulationOf(Start(t, []driver.Driver{drv}, WithLatency(latency)), drv)
		},
	}
}

func simulationOf(s *Sandbox, drv driver.Driver) drivertest.Simulation {
	name := drv.Descriptor().Name
	return drivertest.Simulation{
		Settings: s.Settings(drv),
		Sources: func() []drivertest.Source {
			var out []drivertest.Source
			for _, source := range s.Inventory()[name].Sources {
				out = append(
					out,
					drivertest.Source{ID: source.SourceID, Location: source.Location, Slots: source.Slots},
				)
			}
			return out
		},
		Snapshots: func() []drivertest.Snapshot {
			var out []drivertest.Snapshot
			for _, snap := range s.Inventory()[name].Snapshots {
				out = append(
					out,
					drivertest.Snapshot{ID: snap.SnapshotID, SourceID: snap.SourceID, Location: snap.Location},
				)
			}
			return out
		},
		Images: func() []string {
			var out []string
			for _, image := range s.Inventory()[name].Images {
				out = append(out, image.ImageID)
			}
			for _, template := range s.Inventory()[name].Templates {
				out = append(out, template.TemplateID)
			}
			return out
		},
		SetSourceState: s.SetSourceState,
		Requests: func() []drivertest.Request {
			var out []drivertest.Request
			for _, e := range s.Journal() {
				out = append(out, drivertest.Request{
					Method: e.Method, Path: e.Path, Query: e.Query, Status: e.Status, Fault: e.Fault,
				})
			}
			return out
		},
		Fault: func(faults ...drivertest.Fault) {
			var out []sandbox.Fault
			for _, f := range faults {
				out = append(out, faultOf(f))
			}
			s.Fault(out...)
		},
		Advance: func(by time.Duration) { s.Advance(by) },
	}
}

// faultOf converts a fault of the conformance suite to one of the sandbox.
func faultOf(f drivertest.Fault) sandbox.Fault {
	out := sandbox.Fault{
		Method: f.Method, Path: f.Path, From: f.From, To: f.To, Do: f.Do, Status: f.Status,
		Delay:  sandbox.Delay(f.Delay),
		Header: sandbox.Header{},
	}
	for name, value := range f.Header {
		out.Header[name] = sandbox.Values{value}
	}
	if f.Body != "" {
		out.Body = f.Body
	}
	return out
}

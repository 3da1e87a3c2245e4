package drivertest

import (
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// Harness is a driver and its simulation.
type Harness struct {
	Driver driver.Driver
	// Start starts a new simulation that ends with the test. Slow work takes latency; 0 finishes it at the first read.
	// The simulation has the same objects with the same IDs at every start.
	Start func(t *testing.T, latency time.Duration) Simulation
}

// Simulation is a simulated cloud, seen from its own side. Its functions block until they have a result, and end the
// test if there is none.
type Simulation struct {
	// Settings open a client of the simulation.
	Settings driver.Settings
	// Sources lists the sources of snapshots.
	Sources func() []Source
	// Snapshots lists the snapshots that exist now.
	Snapshots func() []Snapshot
	// Images lists the IDs of the custom images and templates that exist now.
	Images func() []string
	// SetSourceState starts or stops a source behind the client's back, in the words of the cloud.
	SetSourceState func(sourceID, state string)
	// Requests lists the requests in order of arrival.
	Requests func() []Request
	// Fault replaces all faults. Without arguments there are none.
	Fault func(faults ...Fault)
	// Advance moves the clock of the simulation.
	Advance func(by time.Duration)
}

// Source is an instance, a volume or a VM. Slots is how many snapshots it can hold, 0 for none, -1 for no limit.
type Source struct {
	ID       string
	Location string
	Slots    int
}

// Snapshot is a snapshot that exists.
type Snapshot struct {
	ID       string
	SourceID string
	Location string
}

// Request is a request and its answer. Status is 0 if the answer was dropped. Fault is the Do of the applied fault, or
// empty.
type Request struct {
	Method, Path, Query string
	Status              int
	Fault               string
}

// Fault is a failure of requests.
type Fault struct {
	// Method and Path select the requests: Path is a regular expression on the whole path. Empty means any.
	Method, Path string
	// From and To are the first and last occurrence, counted from 1; 0 means from the first, and without an end.
	From, To int
	// Do is one of the constants below.
	Do string
	// Status, Header and Body are the answer of DoStatus.
	Status int
	Header map[string]string
	Body   string
	// Delay is how long DoDelay waits.
	Delay time.Duration
}

// The faults: answer without acting; drop the connection before acting; act and drop the connection; wait and act; act
// and send half of the answer; act and send an answer that is not JSON; never answer.
const (
	DoStatus   = "status"
	DoReset    = "reset"
	DoLose     = "lose"
	DoDelay    = "delay"
	DoTruncate = "truncate"
	DoGarbage  = "garbage"
	DoHang     = "hang"
)

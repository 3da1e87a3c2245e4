// Package sandboxtest starts a sandbox for a test, on a TCP listener of its own. It controls the sandbox through the
// HTTP control API, as other programs do. It does not depend on any cloud: the test passes the drivers.
package sandboxtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// UserAgent is what clients with Settings send.
const UserAgent = "terraform-provider-cloudsnap/test"

// Option changes the options of the sandbox.
type Option func(*sandbox.Options)

// WithLatency sets how long slow work takes. Without it, the next request finds the work finished.
func WithLatency(latency time.Duration) Option {
	return func(o *sandbox.Options) { o.Latency = latency }
}

// WithPageLimit sets the largest size of a page of a listing, as of a cloud that serves fewer items than a client
// requests. Without it, the size is that of each cloud.
func WithPageLimit(limit int) Option {
	return func(o *sandbox.Options) { o.PageLimit = limit }
}

// WithStateFile keeps the state in a file.
func WithStateFile(file string) Option {
	return func(o *sandbox.Options) { o.StateFile = file }
}

// WithState begins with the content of a state file, and keeps the state in memory.
func WithState(content []byte) Option {
	return func(o *sandbox.Options) { o.State = content }
}

// Sandbox is a running sandbox. Its methods end the test on an error.
type Sandbox struct {
	t   testing.TB
	box *sandbox.Sandbox
	url string
	// transport reaches the sandbox, and closeServer ends its listener.
	transport   http.RoundTripper
	closeServer func()
}

// Start starts a sandbox that ends with the test.
func Start(t testing.TB, drivers []driver.Driver, options ...Option) *Sandbox {
	t.Helper()
	box := open(t, drivers, options)
	server := httptest.NewServer(box)
	s := &Sandbox{t: t, box: box, url: server.URL, transport: server.Client().Transport, closeServer: func() {
		server.CloseClientConnections()
		server.Close()
	}}
	t.Cleanup(s.Stop)
	return s
}

// open creates a sandbox. Its warnings are errors of the test.
func open(t testing.TB, drivers []driver.Driver, options []Option) *sandbox.Sandbox {
	t.Helper()
	o := sandbox.Options{Warn: func(err error) { t.Errorf("sandbox: %v", err) }}
	for _, option := range options {
		option(&o)
	}
	box, err := sandbox.New(drivers, o)
	if err != nil {
		t.Fatalf("start the sandbox: %v", err)
	}
	return box
}

// Stop ends the sandbox before the test does, and saves its state. It may be repeated.
func (s *Sandbox) Stop() {
	s.t.Helper()
	// Close first: it aborts the requests that hang, and the server waits for them.
	if err := s.box.Close(); err != nil {
		s.t.Errorf("close the sandbox: %v", err)
	}
	s.closeServer()
}

// URL returns the URL of the sandbox without a slash at the end.
func (s *Sandbox) URL() string { return s.url }

// Environment returns the variables that clients of all its clouds need.
func (s *Sandbox) Environment() []simkit.Variable { return s.box.Environment(s.URL()) }

// Settings returns the settings of one cloud, from the variables that the driver's fields name.
func (s *Sandbox) Settings(drv driver.Driver) driver.Settings {
	s.t.Helper()
	values := map[string]string{}
	for _, v := range s.Environment() {
		values[v.Name] = v.Value
	}
	d := drv.Descriptor()
	out := driver.Settings{Values: map[string]string{}, UserAgent: UserAgent, RetryWait: time.Millisecond}
	for _, field := range d.Fields {
		for _, name := range field.Env {
			if values[name] != "" {
				out.Values[field.Name] = values[name]
				break
			}
		}
		// The default is the real cloud, which a test must never reach.
		if field.Endpoint && out.Values[field.Name] == "" {
			s.t.Fatalf("the simulator of %s says nothing of the endpoint %q", d.Name, field.Name)
		}
	}
	return out
}

// Journal lists all requests to the clouds, in order of arrival.
func (s *Sandbox) Journal() []sandbox.Entry {
	s.t.Helper()
	var out []sandbox.Entry
	s.control(http.MethodGet, "journal", nil, &out)
	return out
}

// ClearJournal empties the journal.
func (s *Sandbox) ClearJournal() {
	s.t.Helper()
	s.control(http.MethodDelete, "journal", nil, nil)
}

// Fault replaces all faults. Without arguments it removes them.
func (s *Sandbox) Fault(faults ...sandbox.Fault) {
	s.t.Helper()
	if faults == nil {
		faults = []sandbox.Fault{}
	}
	s.control(http.MethodPut, "faults", faults, nil)
}

// Faults lists the faults with the number of requests that matched each.
func (s *Sandbox) Faults() []sandbox.Counted {
	s.t.Helper()
	var out []sandbox.Counted
	s.control(http.MethodGet, "faults", nil, &out)
	return out
}

// Advance moves the clock and returns its new time.
func (s *Sandbox) Advance(by time.Duration) time.Time {
	s.t.Helper()
	var out sandbox.Now
	s.control(http.MethodPost, "clock", map[string]string{"advance": by.String()}, &out)
	return out.Now
}

// Inventory returns what exists, by the name of the cloud.
func (s *Sandbox) Inventory() map[string]simkit.Inventory {
	s.t.Helper()
	var out sandbox.Inventory
	s.control(http.MethodGet, "world", nil, &out)
	return out.Clouds
}

// SetSourceState stops, starts or otherwise changes a machine or volume at once, as in "stopped" or "detached".
func (s *Sandbox) SetSourceState(sourceID, state string) {
	s.t.Helper()
	s.control(http.MethodPost, "sources", sandbox.SourceState{SourceID: sourceID, State: state}, nil)
}

// Reset restores the start.
func (s *Sandbox) Reset() {
	s.t.Helper()
	s.control(http.MethodPost, "reset", nil, nil)
}

func (s *Sandbox) control(method, what string, in, out any) {
	s.t.Helper()
	content, err := json.Marshal(in)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, what, err)
	}
	// In a cleanup the context of the test has already ended.
	//nolint:noctx // The listener is in this process.
	req, err := http.NewRequest(method, s.URL()+"/_sandbox/"+what, bytes.NewReader(content))
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, what, err)
	}
	resp, err := (&http.Client{Transport: s.transport}).Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, what, err)
	}
	defer resp.Body.Close() // The body has been read, so an error does not matter.
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: HTTP %d: %s (%v)", method, what, resp.StatusCode, answer, err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		s.t.Fatalf("%s %s: %v in %s", method, what, err, answer)
	}
}

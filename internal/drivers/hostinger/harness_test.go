package hostinger_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// account is the simulator on a server, with the requests that it saw.
type account struct {
	t      *testing.T
	url    string
	config *simkit.Config

	mu   sync.Mutex
	sim  *sim.Simulator
	seen []string
	// meddle sees each request before the simulator: true means that it has answered.
	meddle func(w http.ResponseWriter, r *http.Request) bool
}

const machines = "/hostinger/api/vps/v1/virtual-machines"

func start(t *testing.T, latency time.Duration) *account {
	t.Helper()
	w := &simkit.Config{Latency: latency, Mount: "/hostinger", Clock: &simkit.Clock{}}
	a := &account{t: t, config: w, sim: sim.New(w)}
	server := httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

func (a *account) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Date", a.config.Now().Format(http.TimeFormat))
	a.seen = append(a.seen, r.Method+" "+strings.TrimPrefix(r.URL.Path, machines))
	if a.meddle != nil && a.meddle(w, r) {
		return
	}
	a.sim.ServeHTTP(w, r)
}

// open makes a Cloud with the simulator's own environment; settings may change it.
func (a *account) open(change ...func(*driver.Settings)) *cloud.Cloud {
	a.t.Helper()
	settings := driver.Settings{Values: map[string]string{}, UserAgent: "test", RetryWait: time.Millisecond}
	for _, f := range (hostinger.Driver{}).Descriptor().Fields {
		for _, v := range a.sim.Environment(a.url) {
			if v.Name == f.Env[0] {
				settings.Values[f.Name] = v.Value
			}
		}
	}
	for _, c := range change {
		c(&settings)
	}
	c, err := cloud.Open(hostinger.Driver{}, settings, cloud.Options{PollInterval: time.Millisecond})
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// client is the driver's own, for what Cloud has no method for.
func (a *account) client() driver.Client {
	a.t.Helper()
	values := map[string]string{"endpoint": a.url + "/hostinger", "token": a.sim.Environment("")[0].Value}
	c, err := hostinger.Driver{}.Open(driver.Settings{Values: values, RetryWait: time.Millisecond})
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// with runs a change of the account between two requests.
func (a *account) with(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
}

func (a *account) advance(d time.Duration) { a.with(func() { a.config.Clock.Offset += d }) }

func (a *account) put(m sim.Machine) { a.with(func() { a.sim.Put(m) }) }

// requests returns what came since the last call.
func (a *account) requests() (seen []string) {
	a.with(func() { seen, a.seen = a.seen, nil })
	return seen
}

// slot is the ID of the snapshot of a VM, as the simulator knows it.
func (a *account) slot(vm string) (id string) {
	a.with(func() {
		for _, s := range a.sim.Inventory().Snapshots {
			if s.SourceID == vm {
				id = s.SnapshotID
			}
		}
	})
	return id
}

// onFirst lets the first request with a method and an end of the path be answered otherwise.
func onFirst(
	method, end string,
	do func(w http.ResponseWriter, r *http.Request),
) func(http.ResponseWriter, *http.Request) bool {
	done := false
	return func(w http.ResponseWriter, r *http.Request) bool {
		if done || r.Method != method || !strings.HasSuffix(r.URL.Path, end) {
			return false
		}
		done = true
		do(w, r)
		return true
	}
}

// lose lets the simulator act and drops its answer.
func (a *account) lose(w http.ResponseWriter, r *http.Request) {
	a.sim.ServeHTTP(httptest.NewRecorder(), r)
	drop(a.t, w)
}

// drop closes the connection without an answer.
func drop(t *testing.T, w http.ResponseWriter) {
	t.Helper()
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		t.Fatal("the connection cannot be taken over")
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
}

// say answers with a status and a body.
func say(status int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func isKind(t *testing.T, what string, err error, want driver.Kind) *driver.Error {
	t.Helper()
	if got := driver.KindOf(err); err == nil || got != want {
		t.Fatalf("%s: kind %d (%v), want %d", what, got, err, want)
	}
	out := &driver.Error{}
	if !asError(err, &out) {
		t.Fatalf("%s: %T is not a *cloud.Error", what, err)
	}
	return out
}

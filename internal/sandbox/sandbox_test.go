package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

func twoClouds() []driver.Driver { return []driver.Driver{fakeDriver{"alpha"}, fakeDriver{"beta"}} }

// reply is what a client got.
type reply struct {
	status int
	header http.Header
	body   string
	err    error
}

func ask(t *testing.T, method, url, body string) reply {
	t.Helper()
	return do(newRequest(t, method, url, body))
}

func newRequest(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// do sends one request on a connection of its own.
func do(req *http.Request) reply {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return reply{err: err}
	}
	defer resp.Body.Close() // It is read to its end.
	content, err := io.ReadAll(resp.Body)
	return reply{status: resp.StatusCode, header: resp.Header, body: string(content), err: err}
}

func notes(t *testing.T, s *sandboxtest.Sandbox, name string) []string {
	t.Helper()
	var out []string
	for _, snap := range s.Inventory()[name].Snapshots {
		out = append(out, snap.Name)
	}
	return out
}

func TestSandbox_mountsEachCloud(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	if got := ask(t, "POST", s.URL()+"/alpha/notes", "one"); got.status != 201 {
		t.Fatalf("POST: %+v", got)
	}
	if diff := cmp.Diff([]string{"seed", "one"}, notes(t, s, "alpha")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"seed"}, notes(t, s, "beta")); diff != "" {
		t.Error(diff)
	}
	if got := ask(t, "GET", s.URL()+"/gamma/notes", ""); got.status != 404 ||
		!strings.Contains(got.body, "/alpha, /beta") {
		t.Errorf("unknown cloud: %+v", got)
	}
}

func TestSandbox_journalKeepsWhatWasSent(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	ask(t, "POST", s.URL()+"/alpha/notes", "one")
	ask(t, "GET", s.URL()+"/beta/notes/a%2Fb:go?q=1&r=%20", "")
	ask(t, "GET", s.URL()+"/beta/nothing", "")
	ask(t, "GET", s.URL()+"/_sandbox/health", "")
	ask(t, "GET", s.URL()+"/gamma", "")
	got := s.Journal()
	want := []sandbox.Entry{
		{Cloud: "alpha", Method: "POST", Path: "/alpha/notes", Status: 201},
		{Cloud: "beta", Method: "GET", Path: "/beta/notes/a%2Fb:go", Query: "q=1&r=%20", Status: 200},
		{Cloud: "beta", Method: "GET", Path: "/beta/nothing", Status: 404},
	}
	for i := range got {
		if d := time.Since(got[i].Time); d < 0 || d > time.Minute {
			t.Errorf("entry %d is from %s ago", i, d)
		}
		got[i].Time = time.Time{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	s.ClearJournal()
	if left := ask(t, "GET", s.URL()+"/_sandbox/journal", ""); strings.TrimSpace(left.body) != "[]" {
		t.Errorf("after DELETE: %s", left.body)
	}
}

// A request that the journal shows has been answered. A test that waits for it and then advances the clock relies on
// this: otherwise, the work would begin after the advance.
func TestSandbox_journalShowsAnsweredRequests(t *testing.T) {
	s := sandboxtest.StartInProcess(t, twoClouds())
	done := make(chan struct{})
	go func() {
		defer close(done)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 250 {
					resp, err := s.Transport().RoundTrip(newRequest(t, "POST", s.URL()+"/alpha/notes", "one"))
					if err != nil {
						t.Error(err)
						return
					}
					_ = resp.Body.Close() // The answer is not read.
				}
			})
		}
		all.Wait()
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		for i, e := range s.Journal() {
			if e.Status != http.StatusCreated {
				t.Errorf("request %d in the journal has the status %d", i, e.Status)
				running = false
				break
			}
		}
		s.ClearJournal()
	}
	<-done
}

func TestSandbox_inventoryHasFourListsForEveryCloud(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds(), sandboxtest.WithLatency(time.Hour))
	ask(t, "POST", s.URL()+"/beta/notes", "slow")
	var got struct {
		Now    time.Time                              `json:"now"`
		Clouds map[string]map[string][]map[string]any `json:"clouds"`
	}
	answer := ask(t, "GET", s.URL()+"/_sandbox/world", "")
	if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Clouds) != 2 || got.Now.IsZero() {
		t.Fatalf("inventory: %s", answer.body)
	}
	for name, lists := range got.Clouds {
		for _, list := range []string{"sources", "snapshots", "images", "templates"} {
			if lists[list] == nil {
				t.Errorf("%s: %s is missing or null", name, list)
			}
		}
	}
	if state := got.Clouds["beta"]["snapshots"][1]["state"]; state != "creating" {
		t.Errorf("before the latency has passed: %v", state)
	}
	s.Advance(time.Hour)
	if state := s.Inventory()["beta"].Snapshots[1].State; state != "ready" {
		t.Errorf("after the latency has passed: %v", state)
	}
}

func TestSandbox_clockMovesTheDateHeader(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	for _, by := range []time.Duration{720 * time.Hour, -721 * time.Hour, time.Hour} {
		s.Advance(by)
	}
	s.Advance(48 * time.Hour)
	s.Fault(sandbox.Fault{Path: "faulty", Do: sandbox.DoStatus, Status: 500})
	for _, path := range []string{
		"/alpha/notes", "/alpha/faulty", "/_sandbox/health", "/_sandbox/nothing", "/nowhere",
	} {
		got := ask(t, "GET", s.URL()+path, "")
		date, err := http.ParseTime(got.header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		if d := time.Until(date); d < 48*time.Hour-10*time.Second || d > 48*time.Hour {
			t.Errorf("%s: Date is %s from now", path, d)
		}
	}
	var now sandbox.Now
	if err := json.Unmarshal([]byte(ask(t, "GET", s.URL()+"/_sandbox/clock", "").body), &now); err != nil ||
		time.Until(now.Now) < 47*time.Hour {
		t.Errorf("GET clock: %v %v", now, err)
	}
}

func TestSandbox_controlMistakes(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	s.Fault(sandbox.Fault{Path: "/kept", Do: sandbox.DoReset})
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"unknown path", "GET", "nothing", "", 404, "/_sandbox/nothing"},
		{"wrong method", "POST", "world", "", 405, "GET"},
		{"clock without a duration", "POST", "clock", "{}", 400, "advance"},
		{"clock with a bare number", "POST", "clock", `{"advance":"3"}`, 400, "unit"},
		{"clock with an unknown field", "POST", "clock", `{"forward":"3h"}`, 400, "forward"},
		{"unknown do", "PUT", "faults", `[{"do":"explode"}]`, 400, `"explode"`},
		{"no do", "PUT", "faults", `[{"path":"x"}]`, 400, "do must be"},
		{"second is bad", "PUT", "faults", `[{"do":"lose"},{"do":"lose","path":"("}]`, 400, "fault 2"},
		{"unknown field", "PUT", "faults", `[{"do":"lose","times":3}]`, 400, "times"},
		{"not a list", "PUT", "faults", `{"do":"lose"}`, 400, "list of faults"},
		{"status without status", "PUT", "faults", `[{"do":"status"}]`, 400, "200 to 599"},
		{"window", "PUT", "faults", `[{"do":"lose","from":3,"to":2}]`, 400, "before"},
		{"delay without delay", "PUT", "faults", `[{"do":"delay"}]`, 400, "how long"},
		{"delay that is a number", "PUT", "faults", `[{"do":"delay","delay":5}]`, 400, "duration"},
		{"header that is a number", "PUT", "faults", `[{"do":"status","status":500,"header":{"A":1}}]`, 400, "header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ask(t, c.method, s.URL()+"/_sandbox/"+c.path, c.body)
			var body struct {
				Error string `json:"error"`
			}
			if err := json.Unmarshal([]byte(got.body), &body); err != nil {
				t.Fatalf("%v in %s", err, got.body)
			}
			if got.status != c.status || !strings.Contains(body.Error+got.header.Get("Allow"), c.says) {
				t.Errorf("got %d %q, want %d with %q", got.status, body.Error, c.status, c.says)
			}
		})
	}
	if faults := s.Faults(); len(faults) != 1 || faults[0].Path != "/kept" {
		t.Errorf("a refused change was made: %+v", faults)
	}
}

func TestSandbox_resetPutsEverythingBack(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	ask(t, "POST", s.URL()+"/alpha/notes", "one")
	s.Advance(1000 * time.Hour)
	s.Fault(sandbox.Fault{Do: sandbox.DoReset})
	s.Reset()
	if got := ask(t, "GET", s.URL()+"/_sandbox/faults", ""); strings.TrimSpace(got.body) != "[]" {
		t.Errorf("faults: %s", got.body)
	}
	if got := s.Journal(); len(got) != 0 {
		t.Errorf("journal: %+v", got)
	}
	if diff := cmp.Diff([]string{"seed"}, notes(t, s, "alpha")); diff != "" {
		t.Error(diff)
	}
	if at := s.Inventory()["alpha"].Snapshots[0].CreatedAt; time.Since(at) > 2*time.Hour || time.Since(at) < 0 {
		t.Errorf("seeded by the moved clock: %s", at)
	}
}

func TestSandbox_stateFileSurvivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	first := sandboxtest.Start(t, twoClouds(), sandboxtest.WithStateFile(file))
	ask(t, "POST", first.URL()+"/alpha/notes", "one")
	first.Advance(50 * time.Hour)
	// The first is not stopped: what was answered is in the file already.
	second := sandboxtest.Start(t, twoClouds(), sandboxtest.WithStateFile(file))
	if diff := cmp.Diff([]string{"seed", "one"}, notes(t, second, "alpha")); diff != "" {
		t.Error(diff)
	}
	if now := second.Advance(0); time.Until(now) < 49*time.Hour {
		t.Errorf("the clock was not kept: %s", now)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*"))
	hidden, err2 := filepath.Glob(filepath.Join(filepath.Dir(file), ".*-*"))
	if err != nil || err2 != nil || len(left) != 1 || len(hidden) != 0 {
		t.Errorf("files left: %v %v", left, hidden)
	}
}

func TestSandbox_brokenStateFileIsNamed(t *testing.T) {
	for name, content := range map[string]string{
		"not JSON":      "{",
		"no offset":     "{}",
		"unknown cloud": `{"offset":"0s","clouds":{"gamma":{}}}`,
		"wrong state":   `{"offset":"0s","clouds":{"alpha":"text"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "broken.json")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := sandbox.New(twoClouds(), sandbox.Options{StateFile: file}); err == nil ||
				!strings.Contains(err.Error(), file) {
				t.Errorf("got %v", err)
			}
			if kept, err := os.ReadFile(file); err != nil || !bytes.Equal(kept, []byte(content)) {
				t.Errorf("the file was touched: %s %v", kept, err)
			}
		})
	}
	nowhere := filepath.Join(t.TempDir(), "missing", "state.json")
	if _, err := sandbox.New(twoClouds(), sandbox.Options{StateFile: nowhere}); err == nil ||
		!strings.Contains(err.Error(), nowhere) {
		t.Errorf("a file that cannot be written: %v", err)
	}
}

func TestSandbox_driversThatCannotBeServed(t *testing.T) {
	if _, err := sandbox.New([]driver.Driver{bareDriver{}}, sandbox.Options{}); err == nil ||
		!strings.Contains(err.Error(), `"bare"`) {
		t.Errorf("no simulator: %v", err)
	}
	if _, err := sandbox.New([]driver.Driver{fakeDriver{"a"}, fakeDriver{"a"}}, sandbox.Options{}); err == nil ||
		!strings.Contains(err.Error(), "twice") {
		t.Errorf("twice: %v", err)
	}
}

func TestSandbox_answersLoopbackOnly(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	for host, status := range map[string]int{
		"127.0.0.1:8484": 200, "127.0.0.1": 200, "localhost:1": 200, "LOCALHOST": 200, "[::1]:8484": 200, "[::1]": 200,
		"127.8.8.8":    200,
		"evil.example": 403, "evil.example:8484": 403, "10.0.0.1": 403, "localhost.evil.example:80": 403,
		"127.0.0.1.evil.example": 403, "0.0.0.0": 403,
	} {
		for _, path := range []string{"/alpha/notes", "/_sandbox/health"} {
			req := newRequest(t, "GET", s.URL()+path, "")
			req.Host = host
			if got := do(req); got.status != status {
				t.Errorf("Host %q: %+v, want %d", host, got, status)
			}
		}
	}
}

func TestCheckListen(t *testing.T) {
	for _, good := range []string{"127.0.0.1:8484", "127.0.0.1:0", "localhost:80", "[::1]:80", "127.1.2.3:9"} {
		if err := sandbox.CheckListen(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", ":8484", "0.0.0.0:8484", "[::]:8484", "192.168.1.2:80", "example.com:80", "127.0.0.1",
		"8484", "localhost.example:1",
	} {
		if err := sandbox.CheckListen(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestSandboxtest_settingsComeFromTheEnvironment(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	got := s.Settings(fakeDriver{"beta"}).Values
	want := map[string]string{"token": "it's a token", "endpoint": s.URL() + "/beta"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	all := s.Environment()
	if len(all) != 4 || all[0] != (simkit.Variable{Name: "ALPHA_TOKEN", Value: "it's a token"}) {
		t.Errorf("environment: %v", all)
	}
}

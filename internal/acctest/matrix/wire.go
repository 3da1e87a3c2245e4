package matrix

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// call is one request of an operation: the method, the pattern of the path, and which one of those it is.
type call struct {
	method, path string
	number       int
}

// matches reports whether another call counts towards the number of this one.
func (c call) matches(other call) bool {
	return c.number > 0 && (c.method == "" || c.method == other.method && c.path == other.path)
}

// isToken reports whether the call fetches a credential.
func (c call) isToken() bool { return strings.HasSuffix(c.path, "/token$") }

// identifier is a part of a path that differs between two runs.
var identifier = regexp.MustCompile(`^([0-9]+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27})(:|$)`)

// pattern replaces the IDs of a path, so that it matches in another run.
func pattern(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if id := identifier.FindStringSubmatch(part); id != nil {
			parts[i] = "[^/:]+" + regexp.QuoteMeta(strings.TrimPrefix(part, id[1]))
		} else {
			parts[i] = regexp.QuoteMeta(part)
		}
	}
	return "^" + strings.Join(parts, "/") + "$"
}

// wire is the network between the provider and the sandbox. It records the calls, refuses those that a fault refuses,
// and keeps the tokens that the clouds issue. It is safe for concurrent use.
type wire struct {
	next http.RoundTripper

	mu    sync.Mutex
	calls []call
	// counts counts the calls by method and path.
	counts map[call]int
	// target is the call at which arrived runs. Without a method it counts all calls; the number 0 is no call.
	target  call
	forever bool
	refuse  bool
	arrived func()
	// met runs before the call of the fault is sent, which waits for it.
	met    func()
	seen   int
	hits   int
	tokens []string
	// foreign are the requests to another host than the sandbox.
	foreign []string
}

// strike applies a fault of the network to a call.
func (w *wire) strike(target call, forever, refuse bool, arrived func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts = map[call]int{}
	w.calls, w.target, w.forever, w.refuse, w.arrived, w.seen, w.hits = nil, target, forever, refuse, arrived, 0, 0
	w.met = nil
}

// meet runs a function before the call of the fault is sent for the first time.
func (w *wire) meet(met func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.met = met
}

// recorded returns the calls since strike.
func (w *wire) recorded() []call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.calls)
}

// reached returns how often the call of the fault was sent.
func (w *wire) reached() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hits
}

// arrive records a request, and reports whether it is refused.
func (w *wire) arrive(req *http.Request) (refused bool) {
	w.mu.Lock()
	var met func()
	defer func() {
		w.mu.Unlock()
		if met != nil {
			met()
		}
	}()
	one := call{method: req.Method, path: pattern(req.URL.EscapedPath())}
	w.counts[one]++
	one.number = w.counts[one]
	w.calls = append(w.calls, one)
	if req.URL.Hostname() != "127.0.0.1" {
		w.foreign = append(w.foreign, req.Method+" "+req.URL.String())
		return true
	}
	if req.UserAgent() == personsAgent || !w.target.matches(one) {
		return false
	}
	w.seen++
	if w.seen < w.target.number || (!w.forever && w.seen > w.target.number) {
		return false
	}
	w.hits++
	if w.arrived != nil && w.hits == 1 {
		go w.arrived()
	}
	met, w.met = w.met, nil
	return w.refuse
}

// RoundTrip sends a request to the sandbox.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if w.arrive(req) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	resp, err := w.next.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, "/token") {
		return resp, err
	}
	content, err := io.ReadAll(resp.Body)
	closed := resp.Body.Close()
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(content), failing{err}))
	w.keepToken(content)
	return resp, closed
}

// failing ends a body with an error; nil is its orderly end.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// keepToken keeps a token of an answer, to search it in texts later.
func (w *wire) keepToken(content []byte) {
	var grant struct {
		AccessToken string `json:"access_token"`
	}
	if json.Unmarshal(content, &grant) != nil || grant.AccessToken == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens = append(w.tokens, grant.AccessToken, url.QueryEscape(grant.AccessToken))
}

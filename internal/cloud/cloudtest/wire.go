package cloudtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// wire carries a client's requests and watches what no journal has: headers, and the moment of each answer.
type wire struct {
	next http.RoundTripper

	mu       sync.Mutex
	agents   map[string]int
	secrets  map[string]struct{}
	log      []string
	answered func(req *http.Request)
	// ids are the request IDs of all exchanges that ended with an error.
	ids map[string]struct{}
}

func newWire(next http.RoundTripper, secrets []string) *wire {
	w := &wire{next: next, agents: map[string]int{}, secrets: map[string]struct{}{}, ids: map[string]struct{}{}}
	for _, s := range secrets {
		w.secrets[s] = struct{}{}
	}
	return w
}

// RoundTrip sends one request.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.agents[req.Header.Get("User-Agent")]++
	// The last word is the token or the signature; the scheme in front of it is no secret.
	if words := strings.Fields(req.Header.Get("Authorization")); len(words) > 1 {
		w.secrets[words[len(words)-1]] = struct{}{}
	}
	answered := w.answered
	w.mu.Unlock()

	resp, err := w.next.RoundTrip(req)
	if err == nil {
		resp = w.identify(req, resp)
	}
	if answered != nil {
		answered(req)
	}
	return resp, err
}

// onAnswer sets what is called after each answer; nil ends it.
func (w *wire) onAnswer(f func(req *http.Request)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answered = f
}

// debug keeps the lines of the client's log.
func (w *wire) debug(_ context.Context, msg string, fields ...map[string]any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, fmt.Sprint(msg, " ", fields))
}

// leaked returns what of a text nobody may see.
func (w *wire) leaked(text string) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for secret := range w.secrets {
		if strings.Contains(text, secret) {
			return secret, true
		}
	}
	return "", false
}

var (
	idHeader = regexp.MustCompile(`(?i)(request|correlation)-?id$`)
	idField  = regexp.MustCompile(`(?i)"(?:request|correlation)[-_]?id"\s*:\s*"([^"]+)"`)
)

// identify notes the request IDs of an exchange that ended with an error, wherever the cloud puts them.
func (w *wire) identify(req *http.Request, resp *http.Response) *http.Response {
	if resp.StatusCode < http.StatusBadRequest {
		return resp
	}
	content, broken := io.ReadAll(resp.Body)
	rest := io.MultiReader(bytes.NewReader(content), failing{broken})
	resp.Body = struct {
		io.Reader
		io.Closer
	}{rest, resp.Body}

	w.mu.Lock()
	defer w.mu.Unlock()
	for _, header := range []http.Header{req.Header, resp.Header} {
		for name, values := range header {
			if idHeader.MatchString(name) && len(values) > 0 {
				w.ids[values[0]] = struct{}{}
			}
		}
	}
	for _, found := range idField.FindAllSubmatch(content, -1) {
		w.ids[string(found[1])] = struct{}{}
	}
	return resp
}

// failing ends a body as it ended on the wire.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil || errors.Is(f.err, io.EOF) {
		return 0, io.EOF
	}
	return 0, f.err
}

// guard adds a secret.
func (w *wire) guard(secret string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets[secret] = struct{}{}
}

func (w *wire) requestIDs() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.ids))
}

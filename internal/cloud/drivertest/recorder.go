package drivertest

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

// recorder sends a client's requests and records what the journal lacks: headers, logs, secrets and request IDs.
type recorder struct {
	next http.RoundTripper

	mu       sync.Mutex
	agents   map[string]int
	secrets  map[string]struct{}
	log      []string
	answered func(req *http.Request)
	// running is how many requests are under way, and peak the highest number since resetPeak.
	running, peak int
	// ids are the request IDs of all exchanges that ended with an error.
	ids map[string]struct{}
}

func newRecorder(next http.RoundTripper, secrets []string) *recorder {
	r := &recorder{next: next, agents: map[string]int{}, secrets: map[string]struct{}{}, ids: map[string]struct{}{}}
	for _, s := range secrets {
		r.secrets[s] = struct{}{}
	}
	return r
}

// RoundTrip sends one request.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.agents[req.Header.Get("User-Agent")]++
	// The last word is the token or the signature. The scheme before it is not secret.
	if words := strings.Fields(req.Header.Get("Authorization")); len(words) > 1 {
		r.secrets[words[len(words)-1]] = struct{}{}
	}
	answered := r.answered
	r.running++
	r.peak = max(r.peak, r.running)
	r.mu.Unlock()

	resp, err := r.next.RoundTrip(req)
	r.mu.Lock()
	r.running--
	r.mu.Unlock()
	if err == nil {
		resp = r.recordRequestIDs(req, resp)
	}
	if answered != nil {
		answered(req)
	}
	return resp, err
}

// resetPeak returns the highest number of requests under way since the last call.
func (r *recorder) resetPeak() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	peak := r.peak
	r.peak = r.running
	return peak
}

// onAnswer sets the function that is called after each answer. nil removes it.
func (r *recorder) onAnswer(f func(req *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered = f
}

// debug keeps the lines of the client's log.
func (r *recorder) debug(_ context.Context, msg string, fields ...map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log = append(r.log, fmt.Sprint(msg, " ", fields))
}

// leaked returns a secret that a text contains.
func (r *recorder) leaked(text string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for secret := range r.secrets {
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

// recordRequestIDs records the request IDs of an exchange that ended with an error, wherever the cloud puts them.
func (r *recorder) recordRequestIDs(req *http.Request, resp *http.Response) *http.Response {
	if resp.StatusCode < http.StatusBadRequest {
		return resp
	}
	content, broken := io.ReadAll(resp.Body)
	rest := io.MultiReader(bytes.NewReader(content), failingReader{broken})
	resp.Body = struct {
		io.Reader
		io.Closer
	}{rest, resp.Body}

	r.mu.Lock()
	defer r.mu.Unlock()
	for _, header := range []http.Header{req.Header, resp.Header} {
		for name, values := range header {
			if idHeader.MatchString(name) && len(values) > 0 {
				r.ids[values[0]] = struct{}{}
			}
		}
	}
	for _, found := range idField.FindAllSubmatch(content, -1) {
		r.ids[string(found[1])] = struct{}{}
	}
	return resp
}

// failingReader ends a body with the original error.
type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) {
	if f.err == nil || errors.Is(f.err, io.EOF) {
		return 0, io.EOF
	}
	return 0, f.err
}

// addSecret adds a secret.
func (r *recorder) addSecret(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.secrets[secret] = struct{}{}
}

func (r *recorder) requestIDs() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.ids))
}

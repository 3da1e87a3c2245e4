package bench

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// replay is a transport that sends each request once, and repeats its answer from then on: a benchmark then measures
// the provider and not the sandbox. It counts the requests. It is safe for concurrent use.
type replay struct {
	next  http.RoundTripper
	calls atomic.Int64

	mu      sync.Mutex
	answers map[string]recorded
}

type recorded struct {
	response http.Response
	body     []byte
}

func newReplay(next http.RoundTripper) *replay {
	return &replay{next: next, answers: map[string]recorded{}}
}

// RoundTrip answers a request.
func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	r.calls.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	key := req.Method + " " + req.URL.String()
	answer, ok := r.answers[key]
	if !ok {
		resp, err := r.next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		if err := resp.Body.Close(); err != nil {
			return nil, err
		}
		answer = recorded{*resp, body}
		r.answers[key] = answer
	} else if req.Body != nil {
		if err := req.Body.Close(); err != nil {
			return nil, err
		}
	}
	resp := answer.response
	resp.Request, resp.Body = req, io.NopCloser(bytes.NewReader(answer.body))
	return &resp, nil
}

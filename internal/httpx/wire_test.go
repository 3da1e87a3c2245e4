package httpx_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// step answers one attempt.
type step func(*http.Request) (*http.Response, error)

// wire is a transport in memory: it plays its steps, the last one for ever, and keeps what was sent and when.
type wire struct {
	steps []step

	mu     sync.Mutex
	sent   []*http.Request
	bodies []string
	times  []time.Time
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	w.mu.Lock()
	w.sent = append(w.sent, req)
	w.bodies = append(w.bodies, string(body))
	w.times = append(w.times, time.Now())
	do := w.steps[min(len(w.sent), len(w.steps))-1]
	w.mu.Unlock()
	return do(req)
}

// attempts is how often something was sent.
func (w *wire) attempts() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.sent)
}

// pauses are the times between the attempts.
func (w *wire) pauses() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []time.Duration
	for i := 1; i < len(w.times); i++ {
		out = append(out, w.times[i].Sub(w.times[i-1]))
	}
	return out
}

// answers gives a status and a body; header is made of names and values in turn.
func answers(status int, body string, header ...string) step {
	return func(req *http.Request) (*http.Response, error) {
		resp := &http.Response{
			StatusCode: status,
			Header:     http.Header{},
			Body:       io.NopCloser(strings.NewReader(body)),
			Request:    req,
		}
		for i := 0; i+1 < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, nil
	}
}

// breaks gives the beginning of an answer, and then the connection is gone.
func breaks(status int, start string) step {
	return func(req *http.Request) (*http.Response, error) {
		body := io.NopCloser(io.MultiReader(strings.NewReader(start), brokenReader{}))
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: body, Request: req}, nil
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// refuses is a connection that nobody accepts, resets is one that ends before an answer.
func refuses(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

func resets(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
}

// hangs never answers.
func hangs(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// newClient makes a client over a wire; change may set more options.
func newClient(t *testing.T, w http.RoundTripper, change ...func(*httpx.Options)) *httpx.Client {
	t.Helper()
	options := httpx.Options{BaseURL: "https://api.example/base", Transport: w, UserAgent: "test/1"}
	for _, c := range change {
		c(&options)
	}
	client, err := httpx.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// seconds reads a made-up vendor's header of a rate limit.
func seconds(h http.Header) (time.Duration, bool) {
	n, err := strconv.Atoi(h.Get("X-Reset"))
	return time.Duration(n) * time.Second, err == nil
}

package httpx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxTries and maxLimited are how often a request is repeated: after failures, and after answers 429, which say themselves
	// how long to wait. A context that ends sooner wins.
	maxTries   = 4
	maxLimited = 12
	// maxPause bounds the pause that this client chooses itself, maxAsked the one that a server asks for.
	maxPause = time.Minute
	maxAsked = 24 * time.Hour

	defaultTimeout = time.Minute
	defaultWait    = time.Second
)

// sender repeats requests by the rules of doc.go.
type sender struct {
	options Options
	client  *http.Client
	// arrived sees each answer that is not to be repeated before its body is read; nil sees none.
	arrived func(*http.Response)
}

func newSender(options Options) *sender {
	if options.RetryWait <= 0 {
		options.RetryWait = defaultWait
	}
	return &sender{options: options, client: newHTTPClient(options)}
}

func newHTTPClient(options Options) *http.Client {
	transport := options.Transport
	if transport == nil {
		transport = cleanhttp.DefaultPooledTransport()
	}
	timeout := options.Timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	return &http.Client{
		Transport:     &logged{next: transport, userAgent: options.UserAgent, idHeader: options.RequestIDHeader, debug: options.Debug},
		Timeout:       timeout,
		CheckRedirect: sameHost,
	}
}

// NewHTTPClient makes a plain client with the same transport, deadlines, log and repetitions, for libraries that bring their own requests. All
// its requests must be such that they may be repeated. Sign and Renew are not used.
func NewHTTPClient(options Options) *http.Client {
	return &http.Client{Transport: &repeating{newSender(options)}, CheckRedirect: sameHost}
}

// repeating is a transport that repeats by the rules of doc.go, and counts for each request anew.
type repeating struct{ sender *sender }

// RoundTrip sends a request as often as it takes.
func (r *repeating) RoundTrip(req *http.Request) (*http.Response, error) {
	return (&retryablehttp.RoundTripper{Client: r.sender.repeater(&attempts{})}).RoundTrip(req)
}

// sameHost follows redirects of reads on the same host, a few of them, and leaves all others to the caller as answers.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	const most = 3
	if len(via) > most || first.Method != http.MethodGet || req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

// attempts counts what has happened to one request.
type attempts struct {
	once            bool
	failed, limited int
	renewed         bool
	// pause is how long to rest before the next attempt; resting is true while that goes on.
	pause   time.Duration
	resting bool
}

// send blocks until there is an answer that is not to be repeated, and returns it with its body. The error is a transport error; the answer comes with
// it when only its body is missing, and an empty one that knows its request when there was none.
func (s *sender) send(ctx context.Context, call Call, target string, body []byte) (*http.Response, []byte, error) {
	wrapped, err := newRequest(ctx, call.Method, target, body)
	if err != nil {
		return nil, nil, &unsentError{err}
	}
	var content []byte
	wrapped.SetResponseHandler(func(resp *http.Response) (err error) {
		if s.arrived != nil {
			s.arrived(resp)
		}
		content, err = readBody(resp)
		return err
	})
	seen := &attempts{once: call.Once}
	sign := func(req *http.Request) error {
		seen.resting = false
		if s.options.Sign == nil {
			return nil
		}
		if err := s.options.Sign(req, body); err != nil {
			return &unsentError{err}
		}
		return nil
	}
	if err := sign(wrapped.Request); err != nil {
		return nil, nil, err
	}
	repeater := s.repeater(seen)
	repeater.PrepareRetry = sign
	resp, err := repeater.Do(wrapped)
	if err != nil {
		if resp == nil {
			// No answer at all; but the request still tells under which ID the vendor may know it.
			resp = &http.Response{Request: wrapped.Request}
		}
		return resp, nil, explain(ctx, seen, err)
	}
	return resp, content, nil
}

func newRequest(ctx context.Context, method, target string, body []byte) (*retryablehttp.Request, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, reader)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return retryablehttp.FromRequest(req)
}

// readBody reads an answer to its end, and closes it. What breaks off is a failed attempt like a connection that does.
func readBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close() // What has been read is what counts.
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", err)
	}
	return content, nil
}

// explain tells a transport error apart from others of the same type.
func explain(ctx context.Context, seen *attempts, err error) error {
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		// The limit of one attempt: it must not be taken for the caller's deadline.
		slow := errors.New(plain(err))
		if neverSent(err) {
			return &unsentError{slow}
		}
		return slow
	}
	if seen.resting {
		// Only what was surely not acted on is repeated when it makes something, and the pause was cut short.
		return &unsentError{err}
	}
	return err
}

// repeater makes the library's client for one request: the library counts tries, and this project counts kinds of failure.
func (s *sender) repeater(seen *attempts) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: s.client,
		RetryMax:   maxTries + maxLimited + 1,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			return s.again(ctx, seen, resp, err), nil
		},
		Backoff: func(_, _ time.Duration, _ int, _ *http.Response) time.Duration {
			seen.resting = true
			return seen.pause
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// again decides whether a request is sent once more, and after which pause. When the context has ended, or will have before the pause is over, what is at
// hand says more than the end of the context would.
func (s *sender) again(ctx context.Context, seen *attempts, resp *http.Response, err error) bool {
	if ctx.Err() != nil || !s.worth(seen, resp, err) {
		return false
	}
	seen.pause = s.pause(seen, resp)
	deadline, ok := ctx.Deadline()
	return !ok || time.Now().Add(seen.pause).Before(deadline)
}

// worth applies the rules of doc.go.
func (s *sender) worth(seen *attempts, resp *http.Response, err error) bool {
	switch {
	case err != nil && (hopeless(err) || (seen.once && !neverSent(err))):
		return false
	case err != nil:
		seen.failed++
		return seen.failed <= maxTries
	case resp.StatusCode == http.StatusTooManyRequests:
		seen.limited++
		return seen.limited <= maxLimited
	case resp.StatusCode == http.StatusUnauthorized && s.options.Renew != nil && !seen.renewed:
		seen.renewed = true
		return s.options.Renew(resp.Request)
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented && !seen.once:
		seen.failed++
		return seen.failed <= maxTries
	}
	return false
}

// pause is how long to rest before the next try: what the server asks for, else doubling. Jitter is on top, so that requests that were turned away
// together do not come back together.
func (s *sender) pause(seen *attempts, resp *http.Response) time.Duration {
	if resp != nil && resp.StatusCode == http.StatusUnauthorized {
		return 0
	}
	n := max(seen.failed+seen.limited, 1)
	d := maxPause
	if doubled := s.options.RetryWait << (n - 1); doubled > 0 {
		d = min(doubled, maxPause)
	}
	jitter := time.Duration(rand.Int64N(int64(min(d, s.options.RetryWait))/4 + 1)) //nolint:gosec // Jitter needs no secrecy.
	if asked, ok := s.asked(resp); ok && asked > 0 {
		d = min(asked, maxAsked)
	}
	return d + jitter
}

// asked reads how long the server wants to be left alone.
func (s *sender) asked(resp *http.Response) (time.Duration, bool) {
	if resp == nil || (resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable) {
		return 0, false
	}
	if after := strings.TrimSpace(resp.Header.Get("Retry-After")); after != "" {
		if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
			return time.Duration(min(seconds, int(maxAsked/time.Second))) * time.Second, true
		}
		if at, err := http.ParseTime(after); err == nil {
			return time.Until(at), true
		}
	}
	if s.options.RateReset != nil && resp.StatusCode == http.StatusTooManyRequests {
		return s.options.RateReset(resp.Header)
	}
	return 0, false
}

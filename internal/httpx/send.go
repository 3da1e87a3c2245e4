package httpx

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxTries and maxLimited are how often a request is repeated: after failures, and after answers 429, which say themselves
	// how long to wait. A context that ends sooner wins.
	maxTries   = 4
	maxLimited = 12
	// maxPause bounds the pause that this client chooses itself.
	maxPause = time.Minute

	defaultTimeout = time.Minute
	defaultWait    = time.Second
)

// sender repeats requests by the rules of doc.go.
type sender struct {
	options Options
	client  *http.Client
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
}

// send blocks until there is an answer that is not to be repeated. The error is a transport error.
func (s *sender) send(ctx context.Context, call Call, target string, body []byte) (*http.Response, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, target, reader)
	if err != nil {
		return nil, &unsentError{err}
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	wrapped, err := retryablehttp.FromRequest(req)
	if err != nil {
		return nil, &unsentError{err}
	}
	sign := func(req *http.Request) error {
		if s.options.Sign == nil {
			return nil
		}
		if err := s.options.Sign(req, body); err != nil {
			return &unsentError{err}
		}
		return nil
	}
	if err := sign(wrapped.Request); err != nil {
		return nil, err
	}
	repeater := s.repeater(&attempts{once: call.Once})
	repeater.PrepareRetry = sign
	return repeater.Do(wrapped)
}

// repeater makes the library's client for one request: the library counts tries, and this project counts kinds of failure.
func (s *sender) repeater(seen *attempts) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   s.client,
		RetryMax:     maxTries + maxLimited,
		RetryWaitMin: s.options.RetryWait,
		RetryWaitMax: maxPause,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			return s.again(ctx, seen, resp, err)
		},
		Backoff:      func(_, _ time.Duration, _ int, resp *http.Response) time.Duration { return s.pause(seen, resp) },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// again decides whether a request is sent once more.
func (s *sender) again(ctx context.Context, seen *attempts, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	switch {
	case err != nil && seen.once && !neverSent(err):
		return false, nil
	case err != nil:
		seen.failed++
		return seen.failed <= maxTries, nil
	case resp.StatusCode == http.StatusTooManyRequests:
		seen.limited++
		return seen.limited <= maxLimited && s.timeLeft(ctx, resp), nil
	case resp.StatusCode == http.StatusUnauthorized && s.options.Renew != nil && !seen.renewed:
		seen.renewed = true
		return s.options.Renew(resp.Request), nil
	case resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented && !seen.once:
		seen.failed++
		return seen.failed <= maxTries, nil
	}
	return false, nil
}

// timeLeft reports whether the pause that the server asks for ends before the context does.
func (s *sender) timeLeft(ctx context.Context, resp *http.Response) bool {
	deadline, ok := ctx.Deadline()
	asked, told := s.asked(resp)
	return !ok || !told || time.Now().Add(asked).Before(deadline)
}

// pause is how long to rest before the next try: what the server asks for, else doubling, with jitter.
func (s *sender) pause(seen *attempts, resp *http.Response) time.Duration {
	if asked, ok := s.asked(resp); ok {
		return asked
	}
	if resp != nil && resp.StatusCode == http.StatusUnauthorized {
		return 0
	}
	n := max(seen.failed+seen.limited, 1)
	d := min(s.options.RetryWait<<(n-1), maxPause)
	return d + time.Duration(rand.Int64N(int64(d)/4+1)) //nolint:gosec // Jitter needs no secrecy.
}

// asked reads how long the server wants to be left alone.
func (s *sender) asked(resp *http.Response) (time.Duration, bool) {
	if resp == nil || (resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable) {
		return 0, false
	}
	switch after := resp.Header.Get("Retry-After"); {
	case after == "":
	default:
		if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
			return time.Duration(seconds) * time.Second, true
		}
		if at, err := http.ParseTime(after); err == nil {
			return max(time.Until(at), 0), true
		}
	}
	if s.options.RateReset != nil && resp.StatusCode == http.StatusTooManyRequests {
		return s.options.RateReset(resp.Header)
	}
	return 0, false
}

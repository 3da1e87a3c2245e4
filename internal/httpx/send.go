package httpx

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"golang.org/x/net/http/httpguts"
)

const (
	// maxTries and maxLimited are how often a request is repeated: after failures, and after answers 429, which contain
	// their own pause. A context that ends sooner wins.
	maxTries   = 4
	maxLimited = 12
	// maxPause is the limit of a pause that this client chooses, maxAsked of one that a server asks for.
	maxPause = time.Minute
	maxAsked = 24 * time.Hour

	defaultTimeout = time.Minute
	defaultGrace   = 5 * time.Second
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
	if options.Timeout <= 0 {
		options.Timeout = defaultTimeout
	}
	if options.Grace <= 0 {
		options.Grace = defaultGrace
	}
	if options.Limiter == nil {
		options.Limiter = new(Limiter)
	}
	transport := options.Transport
	if transport == nil {
		transport = cleanhttp.DefaultPooledTransport()
	}
	logging := &logged{
		next:      transport,
		userAgent: options.UserAgent,
		idHeader:  options.RequestIDHeader,
		debug:     options.Debug,
	}
	return &sender{options: options, client: &http.Client{Transport: logging, CheckRedirect: sameHost}}
}

// NewHTTPClient returns an http.Client with the same transport, deadlines, log and repetitions, for libraries with
// their own requests. It may repeat each of their requests. accept validates successful answers; nil accepts all. Sign,
// Renew, Observe and Limiter are not used: its pauses are its own.
func NewHTTPClient(options Options, accept func(status int, content []byte) error) *http.Client {
	options.Sign, options.Renew, options.Observe, options.Limiter = nil, nil, nil, nil
	return &http.Client{Transport: &repeating{newSender(options), accept}, CheckRedirect: sameHost}
}

// repeating is a transport that repeats by the rules of doc.go. It returns an answer whose body has been read
// completely.
type repeating struct {
	sender *sender
	accept func(status int, content []byte) error
}

// RoundTrip sends a request and repeats it if necessary.
func (r *repeating) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close() // The body is complete.
	}
	a := r.sender.send(
		req.Context(),
		request{method: req.Method, target: req.URL.String(), header: req.Header, body: body, accept: r.accept},
	)
	if a.err != nil {
		return nil, a.err
	}
	a.resp.Body = io.NopCloser(bytes.NewReader(a.content))
	return a.resp, nil
}

// sameHost follows a few redirects of reads on the same host. It returns all others to the caller as answers.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	const most = 3
	if len(via) > most || first.Method != http.MethodGet || req.URL.Host != first.URL.Host ||
		req.URL.Scheme != first.URL.Scheme {
		return http.ErrUseLastResponse
	}
	return nil
}

// request is a request that may be sent more than once.
type request struct {
	method, target string
	// header is the header of each attempt. nil means the headers of JSON.
	header http.Header
	body   []byte
	once   bool
	// accept validates a successful answer. nil accepts all.
	accept func(status int, content []byte) error
}

// answer is the result of an attempt. resp is nil if there was no answer. If both resp and err are set, the answer is
// unusable.
type answer struct {
	// sent is when the attempt began.
	sent    time.Time
	req     *http.Request
	resp    *http.Response
	content []byte
	err     error
	// pause is how long requests are still paused, if resp is the answer to another request.
	pause time.Duration
}

// isLimited reports whether the answer is a 429.
func (a answer) isLimited() bool {
	return a.resp != nil && a.resp.StatusCode == http.StatusTooManyRequests
}

// send sends a request, repeats it by the rules of doc.go, and returns the last answer. It blocks. When ctx ends, a
// pause and an attempt end at once, but an attempt of a request marked once continues for the grace period.
func (s *sender) send(ctx context.Context, r request) answer {
	seen := attempts{once: r.once}
	var a answer
	for {
		if err := s.options.Limiter.wait(ctx); err != nil {
			return a.ended(err, r.once)
		}
		a = s.attempt(ctx, r)
		again := s.shouldRetry(ctx, &seen, a)
		switch {
		case a.isLimited():
			pause := func(repeated int) time.Duration { return s.pause(seen, repeated, a.resp) }
			s.logPause(ctx, a, s.options.Limiter.limit(a, pause, s.step(), !again))
		case a.resp != nil:
			s.options.Limiter.allow(a.sent)
		}
		if !again {
			return a
		}
		if a.isLimited() {
			continue
		}
		pause := s.pause(seen, 0, a.resp)
		if pause > 0 {
			pause += jitter(s.step())
		}
		if deadline, ok := ctx.Deadline(); ok && !time.Now().Add(pause).Before(deadline) {
			// The last answer has more information than the end of the context.
			return a
		}
		if err := rest(ctx, pause); err != nil {
			return a.ended(err, r.once)
		}
	}
}

// ended returns the answer of a request that ended in a pause. a is the last answer, or the zero answer if nothing was
// sent.
func (a answer) ended(err error, once bool) answer {
	var limited *limitedError
	switch {
	case errors.As(err, &limited) && a.isLimited():
		// The last answer has more information than the end of the context.
		return a
	case errors.As(err, &limited):
		return limited.refusal
	}
	// The last failure did not end the request; the context did. A request marked once is repeated only after failures
	// on which the server did not act.
	unsent := once || a.req == nil
	a = answer{sent: a.sent, req: a.req, err: &endedError{err}}
	if unsent {
		a.err = &unsentError{a.err}
	}
	return a
}

// attempt sends a request once and reads the answer completely.
func (s *sender) attempt(ctx context.Context, r request) (a answer) {
	limited, cancel := s.limit(ctx, r.once)
	defer cancel()
	var connecting connection
	req, err := r.http(httptrace.WithClientTrace(limited, connecting.trace()))
	if err != nil {
		return answer{err: &unsentError{&permanentError{err}}}
	}
	a.req = req
	if err := s.sign(req, r.body); err != nil {
		a.err = &unsentError{&permanentError{err}}
		return a
	}
	a.sent = time.Now()
	a.resp, a.err = s.client.Do(req) //nolint:bodyclose // readBody closes it.
	if a.err == nil {
		if s.options.Observe != nil {
			s.options.Observe(a.resp.Header)
		}
		a.content, a.err = readBody(a.resp)
	} else if connecting.failed() {
		a.err = &unsentError{a.err}
	}
	switch {
	case a.err != nil && ctx.Err() != nil && limited.Err() != nil:
		a.err = asSent(&endedError{ctx.Err()}, a.err)
	case a.err != nil && limited.Err() != nil:
		// The limit of one attempt must not look like the caller's deadline.
		a.err = asSent(errors.New(noAnswer), a.err)
	case a.err == nil && r.accept != nil && a.resp.StatusCode >= 200 && a.resp.StatusCode <= 299:
		if err := r.accept(a.resp.StatusCode, a.content); err != nil {
			a.err = &unusableError{err}
		}
	}
	return a
}

// connection notes whether a request got a connection.
type connection struct{ got, refused atomic.Bool }

func (c *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn:          func(httptrace.GotConnInfo) { c.got.Store(true) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { c.refused.Store(err != nil) },
	}
}

// failed reports whether the handshake failed, so that the request was not sent.
func (c *connection) failed() bool { return c.refused.Load() && !c.got.Load() }

// asSent returns err, marked as unsent if cause happened before the request was sent.
func asSent(err, cause error) error {
	if notSent(cause) {
		return &unsentError{err}
	}
	return err
}

// limit derives the context of one attempt. A request that may be repeated has its own limit and ends with ctx. Any
// other has none, and continues for the grace period when ctx ends.
func (s *sender) limit(ctx context.Context, once bool) (context.Context, context.CancelFunc) {
	if !once {
		return context.WithTimeout(ctx, s.options.Timeout)
	}
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(s.options.Grace, cancel) })
	return out, func() {
		stop()
		cancel()
	}
}

// http returns the request of one attempt.
func (r request) http(ctx context.Context) (*http.Request, error) {
	var reader io.Reader
	if r.body != nil {
		reader = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.target, reader)
	if err != nil {
		return nil, err
	}
	if r.header != nil {
		req.Header = r.header.Clone()
		return req, nil
	}
	req.Header.Set("Accept", "application/json")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// sign adds the headers of an attempt. An invalid header is an error here, because net/http reports it after it may
// have begun to send.
func (s *sender) sign(req *http.Request, body []byte) error {
	if s.options.Sign == nil {
		return nil
	}
	if err := s.options.Sign(req, body); err != nil {
		return err
	}
	for name, values := range req.Header {
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return fmt.Errorf(
					"the header %s cannot be sent: its value has a line break or another control character",
					name,
				)
			}
		}
	}
	return nil
}

// readBody reads an answer completely, and closes it. An incomplete answer is a failed attempt.
func readBody(resp *http.Response) ([]byte, error) {
	defer resp.Body.Close() // An error of Close changes nothing.
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer ended early: %w", err)
	case len(content) > maxBody:
		return nil, &permanentError{fmt.Errorf("the answer is larger than %d bytes", maxBody)}
	}
	return content, nil
}

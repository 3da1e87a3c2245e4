package httpx

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// maxBody is the largest answer that is read, in bytes: a listing of tens of thousands of snapshots fits.
const maxBody = 16 << 20

// Options are what makes the client of one vendor.
type Options struct {
	// BaseURL is put before every path; CheckEndpoint says what it may be.
	BaseURL string
	// UserAgent is sent with every request.
	UserAgent string
	// Transport carries the requests; nil means a pooled one of its own.
	Transport http.RoundTripper
	// Sign prepares each attempt: authorization, request ID. The body is what will be sent.
	Sign func(req *http.Request, body []byte) error
	// Renew makes fresh credentials after a 401 and reports whether the request is worth another try; it is asked once
	// per request. failed is the attempt that was refused. nil means never.
	Renew func(failed *http.Request) bool
	// DecodeError reads a vendor's error body; the zero Detail means that it is not one. nil means that nothing is
	// read.
	DecodeError func(status int, body []byte) Detail
	// RequestIDHeader names the header, of the answer or else of the request, that carries the request ID.
	RequestIDHeader string
	// RateReset reads how long to wait after a 429 where a vendor has its own header. nil means that it has none.
	RateReset func(http.Header) (time.Duration, bool)
	// RetryWait is the first pause before a request is repeated; it doubles with each try. 0 means one second.
	RetryWait time.Duration
	// Timeout is the longest time for one attempt of a request that may be repeated, with its body; 0 means one minute.
	// A request marked NonIdempotent has no limit but the caller's context.
	Timeout time.Duration
	// Grace is how long an attempt of a request marked NonIdempotent may continue after the caller's context has ended,
	// so that its answer is not lost; 0 means five seconds.
	Grace time.Duration
	// Debug receives one line per attempt; nil drops them.
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
	// Observe receives the header of each answer before its body is read. nil means that nothing is observed.
	Observe func(header http.Header)
}

// Client sends requests to one vendor. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	options Options
	sender  *sender
}

// New makes a client. The only errors are those of CheckEndpoint.
func New(options Options) (*Client, error) {
	base, err := CheckEndpoint(options.BaseURL)
	if err != nil {
		return nil, err
	}
	return &Client{base: base, options: options, sender: newSender(options)}, nil
}

// Call is one request.
type Call struct {
	Method string
	// Path is escaped already and begins with a slash.
	Path  string
	Query url.Values
	// Body is sent as JSON; nil sends none.
	Body any
	// Out receives the JSON of an answer of success. An empty body sets it to its zero value. nil means that the answer
	// must carry nothing: a body is an error.
	Out any
	// Check judges an answer of success after Out has received it. Its error says what the answer lacks: the ID of what
	// was made, or the object that was asked for. nil accepts every answer.
	Check func() error
	// Success is the only status that is a success; 0 accepts every 2xx.
	Success int
	// NonIdempotent marks a request that makes something or destroys data: it is repeated only when it surely was not
	// acted on.
	NonIdempotent bool
}

// Do sends a call and blocks until its answer is read. Every error is an *Error.
func (c *Client) Do(ctx context.Context, call Call) error {
	failed := &Error{Method: call.Method, Path: c.base.EscapedPath() + call.Path, once: call.NonIdempotent}
	var body []byte
	if call.Body != nil {
		var err error
		if body, err = json.Marshal(call.Body); err != nil {
			failed.Err = &unsentError{err}
			return failed
		}
	}
	target := strings.TrimRight(c.base.String(), "/") + call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	accept := func(status int, content []byte) error { return call.accept(status, content) }
	a := c.sender.send(ctx, request{method: call.Method, target: target, body: body, once: call.NonIdempotent, accept: accept})
	if a.resp != nil {
		failed.Status = a.resp.StatusCode
		failed.RetryAfter = c.sender.retryAfter(a.resp)
	}
	failed.RequestID, failed.Sent = c.requestID(a), a.sent
	switch {
	case a.err != nil:
		failed.Err = a.err
		return failed
	case a.resp.StatusCode < 200 || a.resp.StatusCode > 299:
		return c.refused(failed, a.content)
	}
	return nil
}

// accept reads an answer of success into Out and judges it. The error says why the answer cannot be used.
func (call Call) accept(status int, content []byte) error {
	text := string(bytes.TrimSpace(content))
	if call.Success != 0 && status != call.Success {
		return fmt.Errorf("the answer has the status %d instead of %d", status, call.Success)
	}
	if call.Out == nil {
		if text != "" {
			return unexpected(text, errors.New("the answer is not empty: "+redact(excerpt(text))))
		}
		return nil
	}
	// An earlier attempt may have left something.
	reflect.ValueOf(call.Out).Elem().SetZero()
	if text != "" {
		if err := json.Unmarshal(content, call.Out); err != nil {
			return unexpected(text, fmt.Errorf("the answer is not the expected JSON: %w", err))
		}
	}
	if call.Check != nil {
		if err := call.Check(); err != nil {
			return fmt.Errorf("the answer is incomplete: %w", err)
		}
	}
	return nil
}

// unexpected is err, or a clearer error where the answer is a web page.
func unexpected(text string, err error) error {
	if isPage(text) {
		return errors.New("the answer is a web page, not an answer of the API: " + pageTitle(text))
	}
	return err
}

// refused fills in what an answer other than 2xx says.
func (c *Client) refused(failed *Error, content []byte) error {
	if c.options.DecodeError != nil {
		id := failed.RequestID
		failed.Detail = c.options.DecodeError(failed.Status, content)
		failed.RequestID = cmp.Or(failed.RequestID, id)
		failed.Message = redact(failed.Message)
		for i := range failed.Fields {
			failed.Fields[i].Message = redact(failed.Fields[i].Message)
		}
	}
	text := strings.TrimSpace(string(content))
	failed.FromIntermediary = text != "" && !json.Valid(content)
	if failed.Message != "" {
		return failed
	}
	switch {
	case failed.Status < 400:
		failed.Message = "the server answers with a redirect, which is not followed because it could take credentials to another host"
	case text == "":
		failed.Message = cmp.Or(http.StatusText(failed.Status), "the answer is empty")
	case isPage(text):
		failed.Message = "the answer is a web page, not an answer of the API: " + pageTitle(text)
	default:
		failed.Message = redact(excerpt(text))
	}
	return failed
}

// requestID is the ID that the answer carries, or else the one that was sent with the last attempt.
func (c *Client) requestID(a answer) string {
	name := c.options.RequestIDHeader
	if name == "" {
		return ""
	}
	if a.resp != nil {
		if id := a.resp.Header.Get(name); id != "" {
			return id
		}
	}
	if a.req == nil {
		return ""
	}
	return a.req.Header.Get(name)
}

// excerpt keeps enough of a foreign text to recognise it.
func excerpt(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// isPage tells HTML, which gateways answer, from JSON and plain text.
func isPage(text string) bool { return strings.HasPrefix(text, "<") }

// pageTitle finds what an HTML error page calls itself.
func pageTitle(page string) string {
	lower := strings.ToLower(page)
	start := strings.Index(lower, "<title>")
	end := strings.Index(lower, "</title>")
	if start < 0 || end < start {
		return "it has no title"
	}
	return fmt.Sprintf("%q", redact(excerpt(page[start+len("<title>"):end])))
}

// Get reads and decodes. check judges what came; see Call.Check.
func Get[T any](ctx context.Context, c *Client, path string, query url.Values, check func(T) error) (T, error) {
	return Send(ctx, c, Call{Method: http.MethodGet, Path: path, Query: query}, check)
}

// Send sends a call and decodes its answer. check judges what came; see Call.Check.
func Send[T any](ctx context.Context, c *Client, call Call, check func(T) error) (out T, err error) {
	call.Out = &out
	if check != nil {
		call.Check = func() error { return check(out) }
	}
	err = c.Do(ctx, call)
	return out, err
}

// SameID is the check of an answer that must be one object: it has an ID, and the one that was asked for where want is
// not empty. noun is what the object is, as in "snapshot".
func SameID(noun, got, want string) error {
	switch {
	case got == "":
		return errors.New("it holds no " + noun)
	case want != "" && !strings.EqualFold(got, want):
		return fmt.Errorf("it holds the %s %s instead of %s", noun, got, want)
	}
	return nil
}

// maxPages ends a listing whose server never says that it is over.
const maxPages = 10_000

// Pages collects a listing. fetch gets the number of the page, from 1, and reports whether there are more.
func Pages[T any](ctx context.Context, fetch func(ctx context.Context, page int) (items []T, more bool, err error)) ([]T, error) {
	var all []T
	for page := 1; page <= maxPages; page++ {
		items, more, err := fetch(ctx, page)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if !more || len(items) == 0 {
			return all, nil
		}
	}
	return nil, fmt.Errorf("the listing did not end after %d pages", maxPages)
}

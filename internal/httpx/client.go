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
	"regexp"
	"strings"
	"time"
)

// maxBody is the limit of an answer in bytes. A listing of tens of thousands of snapshots fits.
const maxBody = 16 << 20

// Options configure the client of one vendor.
type Options struct {
	// BaseURL is the prefix of every path. It must satisfy CheckEndpoint.
	BaseURL string
	// UserAgent is the User-Agent header of every request.
	UserAgent string
	// Transport sends the requests. nil means a pooled transport of the client's own.
	Transport http.RoundTripper
	// Sign adds headers to each attempt: authorization, request ID. body is the body of the request.
	Sign func(req *http.Request, body []byte) error
	// Renew obtains new credentials after a 401 and reports whether to repeat the request. It is called at most once
	// per request. failed is the refused attempt. nil means never.
	Renew func(failed *http.Request) bool
	// DecodeError reads a vendor's error body. The zero Detail means that the body is not one. nil decodes nothing.
	DecodeError func(status int, body []byte) Detail
	// RequestIDHeader is the header of the answer, or else of the request, with the request ID.
	RequestIDHeader string
	// RateReset reads the pause after a 429 from the vendor's own header. nil means that the vendor has none.
	RateReset func(http.Header) (time.Duration, bool)
	// Limiter pauses the requests of all clients that share it after a 429. nil means one of the client's own.
	Limiter *Limiter
	// RetryWait is the first pause before a request is repeated. It doubles with each attempt. 0 means one second.
	RetryWait time.Duration
	// Timeout is the limit of one attempt, including its body, of a request that may be repeated; 0 means one minute. A
	// request marked NonIdempotent has no limit but the caller's context.
	Timeout time.Duration
	// Grace is how long an attempt of a request marked NonIdempotent may continue after the caller's context has ended,
	// so that its answer is not lost; 0 means five seconds.
	Grace time.Duration
	// Debug receives one line per attempt. nil drops the lines.
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
	// Info receives a line when an answer 429 begins a pause of the account, or extends it. nil drops the lines.
	Info func(ctx context.Context, msg string, fields ...map[string]any)
	// Observe receives the header of each answer before its body is read. nil means that nothing is observed.
	Observe func(header http.Header)
}

// Client sends requests to one vendor. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	options Options
	sender  *sender
}

// New returns a client. It sends no request. The errors are those of CheckEndpoint.
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
	// Path is escaped and begins with a slash. An empty segment or a dot segment is an error, and nothing is sent.
	Path  string
	Query url.Values
	// Body is sent as JSON. nil sends no body.
	Body any
	// Out receives the JSON of a successful answer. An empty body sets it to its zero value. nil means that a body is
	// an error.
	Out any
	// Check validates a successful answer after Out has received it. Its error names what is missing, such as the ID of
	// the created object. nil accepts every answer.
	Check func() error
	// Success is the only successful status. 0 accepts every 2xx.
	Success int
	// NonIdempotent marks a request that creates something or destroys data. It is repeated only if the server did not
	// act on it.
	NonIdempotent bool
}

// Do sends a call. It blocks until the answer is read. Every error is an *Error.
func (c *Client) Do(ctx context.Context, call Call) error {
	failed := &Error{Method: call.Method, Path: c.base.EscapedPath() + call.Path, once: call.NonIdempotent}
	if err := checkPath(call.Path); err != nil {
		failed.Err = &unsentError{err}
		return failed
	}
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
	a := c.sender.send(
		ctx,
		request{method: call.Method, target: target, body: body, once: call.NonIdempotent, accept: accept},
	)
	if a.resp != nil {
		failed.Status = a.resp.StatusCode
		failed.RetryAfter = cmp.Or(a.pause, c.sender.retryAfter(a.resp))
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

// checkPath refuses a path that addresses another object than the ID in it: an empty ID is the collection, and servers
// and proxies remove dot segments.
func checkPath(path string) error {
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if segment == "" || segment == "." || segment == ".." {
			return fmt.Errorf("the ID %q cannot be a part of a path", segment)
		}
	}
	return nil
}

// accept decodes a successful answer into Out and validates it. The error is the reason why the answer is unusable.
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
	// An earlier attempt may have set fields.
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

// unexpected returns err, or a clearer error if the answer is a web page.
func unexpected(text string, err error) error {
	if isPage(text) {
		return errors.New("the answer is a web page, not an answer of the API: " + pageTitle(text))
	}
	return err
}

// refused adds the parts of an unsuccessful answer to an error.
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
		failed.Message = "the server sent a redirect, which is not followed because it could send credentials to " +
			"another host"
	case text == "":
		failed.Message = cmp.Or(http.StatusText(failed.Status), "the answer is empty")
	case isPage(text):
		failed.Message = "the answer is a web page, not an answer of the API: " + pageTitle(text)
	default:
		failed.Message = redact(excerpt(text))
	}
	return failed
}

// requestID returns the ID of the answer, or else of the last attempt.
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

// excerpt shortens a foreign text.
func excerpt(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// isPage reports whether a text is HTML, which gateways send.
func isPage(text string) bool { return strings.HasPrefix(text, "<") }

// title matches the title of an HTML page. The page may have any encoding.
var title = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// pageTitle returns the quoted title of an HTML page.
func pageTitle(page string) string {
	found := title.FindStringSubmatch(page)
	if found == nil {
		return "it has no title"
	}
	return fmt.Sprintf("%q", redact(excerpt(found[1])))
}

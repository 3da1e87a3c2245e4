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
	"strings"
	"sync/atomic"
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
	// Renew makes fresh credentials after a 401 and reports whether the request is worth another try; it is asked once per request.
	// failed is the attempt that was refused. nil means never.
	Renew func(failed *http.Request) bool
	// DecodeError reads a vendor's error body; the zero Detail means that it is not one. nil means that nothing is read.
	DecodeError func(status int, body []byte) Detail
	// RequestIDHeader names the header, of the answer or else of the request, that carries the request ID.
	RequestIDHeader string
	// RateReset reads how long to wait after a 429 where a vendor has its own header. nil means that it has none.
	RateReset func(http.Header) (time.Duration, bool)
	// RetryWait is the first pause before a request is repeated; it doubles with each try. 0 means one second.
	RetryWait time.Duration
	// Timeout is the longest time for one attempt, with its body; 0 means one minute.
	Timeout time.Duration
	// Debug receives one line per attempt; nil drops them.
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
}

// Client sends requests to one vendor. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	options Options
	sender  *sender
	// skew is the server's clock minus ours in nanoseconds; known tells whether it has ever been seen.
	skew  atomic.Int64
	known atomic.Bool
}

// New makes a client. The only errors are those of CheckEndpoint.
func New(options Options) (*Client, error) {
	base, err := CheckEndpoint(options.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{base: base, options: options, sender: newSender(options)}
	c.sender.arrived = c.observe
	return c, nil
}

// Call is one request.
type Call struct {
	Method string
	// Path is escaped already and begins with a slash.
	Path  string
	Query url.Values
	// Body is sent as JSON; nil sends none.
	Body any
	// Out receives the JSON of the answer; nil drops it. An empty body leaves it as it is. An Out with a method Complete() error is asked
	// afterwards: its error says that an answer of success lacks what it must carry, such as the ID of what was made.
	Out any
	// Once marks a request that makes something or destroys data: it is repeated only when it surely was not acted on.
	Once bool
}

// Do sends a call and blocks until its answer is read. Every error is an *Error.
func (c *Client) Do(ctx context.Context, call Call) error {
	failed := &Error{Method: call.Method, Path: c.base.EscapedPath() + call.Path, once: call.Once}
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
	resp, content, err := c.sender.send(ctx, call, target, body) //nolint:bodyclose // send has read and closed it.
	if resp != nil {
		failed.Status = resp.StatusCode
		failed.RequestID = c.requestID(resp)
	}
	switch {
	case err != nil:
		failed.Err = err
		return failed
	case len(content) > maxBody:
		failed.Err = fmt.Errorf("the answer is larger than %d bytes", maxBody)
		return failed
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return c.refused(failed, resp, content)
	}
	if call.Out == nil {
		return nil
	}
	if err := decode(content, call.Out); err != nil {
		failed.Err = err
		return failed
	}
	return nil
}

// decode reads the body of a success into out, and asks out whether it is complete where it can tell.
func decode(content []byte, out any) error {
	if text := string(bytes.TrimSpace(content)); text != "" {
		err := json.Unmarshal(content, out)
		switch {
		case err != nil && isPage(text):
			return errors.New("the answer is a web page, not an answer of the API: " + pageTitle(text))
		case err != nil:
			return fmt.Errorf("the answer is not the expected JSON: %w", err)
		}
	}
	if judge, ok := out.(interface{ Complete() error }); ok {
		if err := judge.Complete(); err != nil {
			return fmt.Errorf("the answer is incomplete: %w", err)
		}
	}
	return nil
}

// refused fills in what an answer other than 2xx says.
func (c *Client) refused(failed *Error, resp *http.Response, content []byte) error {
	if c.options.DecodeError != nil {
		id := failed.RequestID
		failed.Detail = c.options.DecodeError(resp.StatusCode, content)
		failed.RequestID = cmp.Or(failed.RequestID, id)
		failed.Message = cutSecrets(failed.Message)
		for i := range failed.Fields {
			failed.Fields[i].Message = cutSecrets(failed.Fields[i].Message)
		}
	}
	text := strings.TrimSpace(string(content))
	failed.Foreign = text != "" && !json.Valid(content)
	if failed.Message != "" {
		return failed
	}
	switch {
	case resp.StatusCode < 400:
		failed.Message = "the server answers with a redirect, which is not followed because it could take credentials to another host"
	case text == "":
		failed.Message = cmp.Or(http.StatusText(resp.StatusCode), "the answer is empty")
	case isPage(text):
		failed.Message = "the answer is a web page, not an answer of the API: " + pageTitle(text)
	default:
		failed.Message = cutSecrets(excerpt(text))
	}
	return failed
}

func (c *Client) requestID(resp *http.Response) string {
	name := c.options.RequestIDHeader
	if name == "" {
		return ""
	}
	if id := resp.Header.Get(name); id != "" || resp.Request == nil {
		return id
	}
	return resp.Request.Header.Get(name)
}

// observe keeps how far the server's clock is from ours.
func (c *Client) observe(resp *http.Response) {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.skew.Store(int64(time.Until(at)))
		c.known.Store(true)
	}
}

// Skew is the server's clock minus this machine's, to about a second, and false before the first answer that told its time.
func (c *Client) Skew() (time.Duration, bool) {
	return time.Duration(c.skew.Load()), c.known.Load()
}

// BaseURL is the endpoint, without a slash at the end.
func (c *Client) BaseURL() string { return c.base.String() }

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
	return fmt.Sprintf("%q", cutSecrets(excerpt(page[start+len("<title>"):end])))
}

// Get reads and decodes.
func Get[T any](ctx context.Context, c *Client, path string, query url.Values) (out T, err error) {
	err = c.Do(ctx, Call{Method: http.MethodGet, Path: path, Query: query, Out: &out})
	return out, err
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

// Package apidocs validates HTTP exchanges against the OpenAPI documents of the clouds: each request of a driver and
// each answer of the sandbox. What a driver states about its document is in its testdata/document.json.
package apidocs

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// Document is the OpenAPI document of a cloud, with the known deviations applied to it.
type Document struct {
	notes      notes
	router     routers.Router
	operations []string
}

// Operations returns all operations of the document that belong to the product, as "GET /v1/snapshots/{id}", sorted.
func (d *Document) Operations() []string { return slices.Clone(d.operations) }

// Required returns the operations that a run of the driver must send.
func (d *Document) Required() []string { return d.notes.Required }

// Check holds one exchange against the document and returns what does not fit.
func (d *Document) Check(req *http.Request, sent []byte, resp *http.Response, got []byte) []string {
	where := fmt.Sprintf("%s %s → %d", req.Method, req.URL.Path, resp.StatusCode)
	if d.outside(req) {
		return nil
	}
	clone := req.Clone(req.Context())
	clone.Body = io.NopCloser(bytes.NewReader(sent))
	route, parameters, err := d.router.FindRoute(clone)
	if err != nil {
		if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusMethodNotAllowed {
			return nil
		}
		return []string{fmt.Sprintf("%s: the document has no such operation: %v", where, err)}
	}
	options := &openapi3filter.Options{
		AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		IncludeResponseStatus: true,
		MultiError:            true,
	}
	input := &openapi3filter.RequestValidationInput{Request: clone, PathParams: parameters, Route: route, Options: options}
	problems := unknownParameters(where, route, req.URL.Query())
	// What the sandbox refuses for its form need not have the document's form: the conformance suite tries wrong things
	// too.
	if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil && resp.StatusCode < 300 {
		problems = append(problems, fmt.Sprintf("%s: request: %v", where, err))
	}
	if d.undeclared(route.Operation, resp.StatusCode) {
		return append(
			problems,
			fmt.Sprintf("%s: the document does not declare this status, and no deviation explains it", where),
		)
	}
	if route.Operation.Responses.Status(resp.StatusCode) == nil && resp.StatusCode >= 400 {
		return problems
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input,
		Status:                 resp.StatusCode,
		Header:                 resp.Header,
		Body:                   io.NopCloser(bytes.NewReader(got)),
		Options:                options,
	}
	if err := openapi3filter.ValidateResponse(req.Context(), answer); err != nil {
		problems = append(problems, fmt.Sprintf("%s: answer: %v", where, err))
	}
	return problems
}

// unknownParameters finds what the document does not name in a query.
func unknownParameters(where string, route *routers.Route, query url.Values) []string {
	var out []string
	for name := range query {
		named := func(p *openapi3.ParameterRef) bool {
			return p.Value != nil && p.Value.In == "query" && p.Value.Name == name
		}
		if !slices.ContainsFunc(route.Operation.Parameters, named) && !slices.ContainsFunc(route.PathItem.Parameters, named) {
			out = append(out, fmt.Sprintf("%s: the document has no query parameter %q", where, name))
		}
	}
	return out
}

// outside reports whether a request goes to what the document does not describe, with a deviation that says why.
func (d *Document) outside(req *http.Request) bool {
	return slices.ContainsFunc(d.notes.Deviations, func(dev deviation) bool {
		return dev.Path != "" && strings.Contains(req.URL.Path, dev.Path)
	})
}

// undeclared reports whether a status is neither declared nor explained.
func (d *Document) undeclared(operation *openapi3.Operation, status int) bool {
	if operation.Responses.Status(status) != nil || operation.Responses.Default() != nil {
		return false
	}
	return !slices.ContainsFunc(d.notes.Deviations, func(dev deviation) bool {
		return slices.Contains(dev.Statuses, status)
	})
}

// Watcher is a transport that holds every exchange against a document. It is safe for concurrent use.
type Watcher struct {
	Next     http.RoundTripper
	Document *Document

	mu       sync.Mutex
	problems map[string]struct{}
	seen     map[string]int
}

// RoundTrip sends a request and looks at both sides of it.
func (w *Watcher) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		var err error
		if sent, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := w.Next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	got, broken := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // It has been read as far as it goes.
	resp.Body = io.NopCloser(bytes.NewReader(got))
	switch {
	case broken != nil:
		// A broken answer is a fault's work, and the caller must see it broken.
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(got), failing{broken}))
	case resp.Header.Get(sandbox.FaultHeader) == "":
		w.note(req, w.Document.Check(req, sent, resp, got))
	}
	return resp, nil
}

func (w *Watcher) note(req *http.Request, problems []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.seen == nil {
		w.seen, w.problems = map[string]int{}, map[string]struct{}{}
	}
	if route, _, err := w.Document.router.FindRoute(req); err == nil {
		w.seen[route.Method+" "+route.Path]++
	}
	for _, p := range problems {
		w.problems[p] = struct{}{}
	}
}

// Problems are what did not fit, each once.
func (w *Watcher) Problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for p := range w.problems {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// Seen counts the exchanges by operation, as "GET /v1/snapshots/{id}".
func (w *Watcher) Seen() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]int{}
	for k, v := range w.seen {
		out[k] = v
	}
	return out
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

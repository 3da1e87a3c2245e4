// Package apidocs holds exchanges of HTTP against the clouds' official OpenAPI documents: every request that a driver
// sends, and every answer that the sandbox gives. The documents are not part of this repository; CLOUDSNAP_API_DOCS
// names the folder that has them.
package apidocs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// Variable names the environment variable with the documents' folder.
const Variable = "CLOUDSNAP_API_DOCS"

// Document is one cloud's official document, with the deviations that are known applied to it.
type Document struct {
	cloud      string
	router     routers.Router
	operations []string
}

// Operations are all that the document describes, as "GET /v1/snapshots/{id}", in the order of their names.
func (d *Document) Operations() []string { return slices.Clone(d.operations) }

// Load reads the document of a cloud. base is the URL at which the sandbox serves that API, without what the document's
// paths begin with.
func Load(folder, cloud, base string) (*Document, error) {
	matches, err := filepath.Glob(filepath.Join(folder, cloud+".*.json"))
	if err != nil || len(matches) != 1 {
		return nil, fmt.Errorf("want one document of %s in %s, found %d", cloud, folder, len(matches))
	}
	content, err := os.ReadFile(matches[0])
	if err != nil {
		return nil, err
	}
	doc, err := parse(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", matches[0], err)
	}
	doc.Servers = openapi3.Servers{{URL: base}}
	strict(doc)
	for _, d := range deviations {
		if d.cloud == cloud && d.amend != nil {
			d.amend(doc)
		}
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", matches[0], err)
	}
	out := &Document{cloud: cloud, router: router}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			out.operations = append(out.operations, method+" "+path)
		}
	}
	slices.Sort(out.operations)
	return out, nil
}

func parse(content []byte) (*openapi3.T, error) {
	var version struct {
		Swagger string `json:"swagger"`
	}
	if err := json.Unmarshal(content, &version); err != nil {
		return nil, err
	}
	if version.Swagger == "" {
		return openapi3.NewLoader().LoadFromData(content)
	}
	var two openapi2.T
	if err := json.Unmarshal(content, &two); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3(&two)
}

// strict forbids fields in requests that the document does not name: a driver must not invent any.
func strict(doc *openapi3.T) {
	closed := false
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody == nil {
				continue
			}
			for _, media := range operation.RequestBody.Value.Content {
				if media.Schema != nil && media.Schema.Value != nil {
					media.Schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: &closed}
				}
			}
		}
	}
}

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
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true, MultiError: true}
	input := &openapi3filter.RequestValidationInput{Request: clone, PathParams: parameters, Route: route, Options: options}
	problems := unknownParameters(where, route, req.URL.Query())
	// What the sandbox refuses for its form need not have the document's form: the conformance suite tries wrong things
	// too.
	if err := openapi3filter.ValidateRequest(req.Context(), input); err != nil && resp.StatusCode < 300 {
		problems = append(problems, fmt.Sprintf("%s: request: %v", where, err))
	}
	if d.undeclared(route.Operation, resp.StatusCode) {
		return append(problems, fmt.Sprintf("%s: the document does not declare this status, and no deviation explains it", where))
	}
	if route.Operation.Responses.Status(resp.StatusCode) == nil && resp.StatusCode >= 400 {
		return problems
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: resp.StatusCode, Header: resp.Header, Body: io.NopCloser(bytes.NewReader(got)), Options: options,
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
	return slices.ContainsFunc(deviations, func(dev deviation) bool {
		return dev.cloud == d.cloud && dev.path != "" && strings.Contains(req.URL.Path, dev.path)
	})
}

// undeclared reports whether a status is neither declared nor explained.
func (d *Document) undeclared(operation *openapi3.Operation, status int) bool {
	if operation.Responses.Status(status) != nil || operation.Responses.Default() != nil {
		return false
	}
	return !slices.ContainsFunc(deviations, func(dev deviation) bool {
		return dev.cloud == d.cloud && slices.Contains(dev.statuses, status)
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

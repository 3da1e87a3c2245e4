package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// received is what a server saw.
type received struct {
	Method, URI, Body string
	Header            http.Header
}

func serve(t *testing.T, handle http.HandlerFunc) (*httpx.Client, func() received) {
	t.Helper()
	var last received
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		last = received{r.Method, r.RequestURI, string(body), r.Header}
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	c, err := httpx.New(httpx.Options{BaseURL: server.URL + "/base/", UserAgent: "cloudsnap/1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return c, func() received { return last }
}

func TestDo_sendsExactlyTheCall(t *testing.T) {
	c, last := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"id":7}`) })
	var out struct{ ID int }
	err := c.Do(t.Context(), httpx.Call{
		Method: http.MethodPatch, Path: "/v1/a%2Fb/x:revert", Query: url.Values{"z": {"1"}, "name": {"a b&c"}},
		Body: map[string]string{"name": "n"}, Out: &out,
	})
	if err != nil {
		t.Fatal(err)
	}
	got := last()
	if got.Method != "PATCH" || got.URI != "/base/v1/a%2Fb/x:revert?name=a+b%26c&z=1" || got.Body != `{"name":"n"}` {
		t.Errorf("sent %s %s %s", got.Method, got.URI, got.Body)
	}
	for name, want := range map[string]string{
		"User-Agent": "cloudsnap/1.2.3", "Accept": "application/json",
		"Content-Type": "application/json", "Content-Length": "12",
	} {
		if v := got.Header.Get(name); v != want {
			t.Errorf("%s is %q, want %q", name, v, want)
		}
	}
	if out.ID != 7 {
		t.Errorf("decoded %d", out.ID)
	}
}

func TestDo_withoutBodySendsNoContentType(t *testing.T) {
	c, last := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		if err := c.Do(t.Context(), httpx.Call{Method: method, Path: "/x"}); err != nil {
			t.Fatal(err)
		}
		if got := last(); got.Body != "" || got.Header.Get("Content-Type") != "" || got.Method != method {
			t.Errorf("%s sent %q as %q", got.Method, got.Body, got.Header.Get("Content-Type"))
		}
	}
}

func TestDo_unencodableBodySendsNothing(t *testing.T) {
	w := &wire{steps: []step{answers(200, "")}}
	err := newClient(
		t,
		w,
	).Do(
		t.Context(),
		httpx.Call{Method: http.MethodPost, Path: "/x", Body: func() {}, NonIdempotent: true},
	)
	var e *httpx.Error
	if !errors.As(err, &e) || e.Ambiguous() || w.attempts() != 0 {
		t.Errorf("got %v after %d attempts", err, w.attempts())
	}
}

func TestDo_pathOfAnotherObjectSendsNothing(t *testing.T) {
	for _, path := range []string{"/x/", "/x/..", "/x/.", "/x//y", "/../x", "/"} {
		w := &wire{steps: []step{answers(200, "")}}
		err := newClient(t, w).Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: path, NonIdempotent: true})
		var e *httpx.Error
		if !errors.As(err, &e) || e.Ambiguous() || w.attempts() != 0 {
			t.Errorf("%s: got %v after %d attempts", path, err, w.attempts())
		}
	}
}

func TestDo_answers(t *testing.T) {
	big := strings.Repeat(" ", 16<<20+1)
	for name, tc := range map[string]struct {
		status int
		body   string
		want   string // empty: no error
	}{
		"object":  {200, `{"id":7}`, ""},
		"created": {201, `{"id":7}`, ""},
		"empty":   {200, "", ""},
		"blank":   {204, "\n ", ""},
		"null":    {200, "null", ""},
		"not JSON": {
			200, "garbage", "GET /base/x: HTTP 200: the answer is not the expected JSON: invalid character",
		},
		"wrong type": {200, `{"id":"seven"}`, "the answer is not the expected JSON"},
		"web page": {
			200, "<html><title>Log in</title>",
			`GET /base/x: HTTP 200: the answer is a web page, not an answer of the API: "Log in"`,
		},
		"too large":  {200, big, "the answer is larger than 16777216 bytes"},
		"largest":    {200, `{"id":7}` + big[:16<<20-8], ""},
		"json error": {404, `{"message":"gone"}`, "GET /base/x: HTTP 404: gone"},
		"plain text": {400, "  you\n did  it wrong ", "GET /base/x: HTTP 400: you did it wrong"},
		"long text":  {400, strings.Repeat("ä", 300), "HTTP 400: " + strings.Repeat("ä", 200) + "…"},
		"html error": {
			403, "<!DOCTYPE html><TITLE> Access\n denied </TITLE>",
			`HTTP 403: the answer is a web page, not an answer of the API: "Access denied"`,
		},
		"html in Latin-1": {
			403, "<p>" + strings.Repeat("\xe4", 90) + "<title lang=de>Zur\xfcck</title>",
			`the answer is a web page, not an answer of the API: "Zur\xfcck"`,
		},
		"html no title": {403, "<html>", "the answer is a web page, not an answer of the API: it has no title"},
		"no text":       {409, "", "GET /base/x: HTTP 409: Conflict"},
		"no text known": {499, "", "GET /base/x: HTTP 499: the answer is empty"},
		"redirect":      {301, "moved", "a redirect, which is not followed"},
		"presigned": {
			400, "cannot fetch https://u:p@h.example/a?X-Amz-Signature=abc now",
			"HTTP 400: cannot fetch https://…@h.example/a?… now",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(
				t,
				&wire{steps: []step{answers(tc.status, tc.body)}},
				decodeMessage,
				func(o *httpx.Options) { o.RetryWait = time.Microsecond },
			)
			out, err := httpx.Get[struct{ ID int }](t.Context(), c, "/x", nil, nil)
			if tc.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(tc.body, "{") && out.ID != 7 {
					t.Errorf("decoded %+v", out)
				}
				return
			}
			var e *httpx.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v (%T)", err, err)
			}
			if !strings.Contains(err.Error(), tc.want) || e.HTTPStatus() != tc.status {
				t.Errorf("got  %s\nwant %s", err, tc.want)
			}
		})
	}
}

// Observe receives the header of every answer of the API, whatever its status, and none of another server.
func TestObserve_everyAnswer(t *testing.T) {
	var seen []string
	observe := func(o *httpx.Options) {
		o.RetryWait = time.Microsecond
		o.Observe = func(h http.Header) { seen = append(seen, h.Get("Date")) }
	}
	w := &wire{steps: []step{
		answers(503, "", "Date", "first"), resets, answers(200, "", "Date", "second"),
		answers(500, "", "Date", "third"),
	}}
	c := newClient(t, w, observe)
	if err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true}); err == nil {
		t.Error("a 500 is an error")
	}
	if got := strings.Join(seen, " "); got != "first second third" {
		t.Errorf("observed %q", got)
	}
	options := httpx.Options{Transport: &wire{steps: []step{answers(200, "", "Date", "granted")}}}
	observe(&options)
	post(t, httpx.NewHTTPClient(options, nil), "https://auth.example/token")
	if len(seen) != 3 {
		t.Errorf("observed %q of another server", seen)
	}
}

func TestPages(t *testing.T) {
	pages := [][]int{{1, 2}, {3}, {}}
	var fetched []httpx.Page
	list := func(more func(page int) bool) iter.Seq2[[]int, error] {
		return httpx.Pages(t.Context(), func(_ context.Context, page httpx.Page) ([]int, bool, error) {
			fetched = append(fetched, page)
			return pages[page.Number-1], more(page.Number), nil
		})
	}
	for name, tc := range map[string]struct {
		more  func(int) bool
		loops int
		want  string
		pages string
	}{
		"until an empty page": {func(int) bool { return true }, 9, "[[1 2] [3]]", "[{1 0} {2 2} {3 3}]"},
		"until it is over":    {func(page int) bool { return page < 2 }, 9, "[[1 2] [3]]", "[{1 0} {2 2}]"},
		"one page":            {func(int) bool { return false }, 9, "[[1 2]]", "[{1 0}]"},
		"ended early":         {func(int) bool { return true }, 1, "[[1 2]]", "[{1 0}]"},
	} {
		// A second loop reads the listing again.
		for range 2 {
			fetched = nil
			var got [][]int
			for page, err := range list(tc.more) {
				if err != nil {
					t.Error(name, err)
				}
				if got = append(got, page); len(got) == tc.loops {
					break
				}
			}
			if fmt.Sprint(got) != tc.want || fmt.Sprint(fetched) != tc.pages {
				t.Errorf("%s: %v after the pages %v", name, got, fetched)
			}
		}
	}
}

func TestPages_fails(t *testing.T) {
	broken := errors.New("page two is broken")
	var got []string
	for page, err := range httpx.Pages(
		t.Context(), func(_ context.Context, page httpx.Page) ([]int, bool, error) {
			if page.Number == 2 {
				return nil, false, broken
			}
			return []int{1}, true, nil
		},
	) {
		got = append(got, fmt.Sprint(page, err))
	}
	if fmt.Sprint(got) != "[[1] <nil> [] page two is broken]" {
		t.Errorf("got %v, want page one and then the error", got)
	}
	var last error
	for _, err := range httpx.Pages(
		t.Context(), func(context.Context, httpx.Page) ([]int, bool, error) { return []int{1}, true, nil },
	) {
		last = err
	}
	if last == nil {
		t.Error("a listing without an end must end")
	}
}

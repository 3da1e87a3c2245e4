package httpx_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

func TestRedirect_otherHostGetsNothing(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host got %s %s with %v", r.Method, r.URL, r.Header)
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			c := redirecting(t, status, func(*http.Request) string { return other.URL + "/stolen" })
			err := c.Do(t.Context(), httpx.Call{Method: method, Path: "/x", Body: "secret"})
			if err == nil ||
				!strings.Contains(err.Error(), fmt.Sprintf("HTTP %d: the server sent a redirect", status)) {
				t.Errorf("%s %d: %v", method, status, err)
			}
		}
	}
}

func TestRedirect_otherSchemeOrEndlessIsNotFollowed(t *testing.T) {
	for name, target := range map[string]func(*http.Request) string{
		"scheme":  func(r *http.Request) string { return "https://" + r.Host + "/x" },
		"endless": func(*http.Request) string { return "/x" },
	} {
		err := redirecting(t, http.StatusFound, target).Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"})
		if err == nil || !strings.Contains(err.Error(), "a redirect, which is not followed") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRedirect_sameHostIsFollowedForReads(t *testing.T) {
	target := func(r *http.Request) string {
		if r.URL.Path == "/there" {
			return ""
		}
		return "/there"
	}
	var out struct{ Auth string }
	c := redirecting(t, http.StatusMovedPermanently, target)
	err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x", Out: &out})
	if err != nil || out.Auth != "Bearer t" {
		t.Errorf("got %+v, %v", out, err)
	}
	c = redirecting(t, http.StatusTemporaryRedirect, target)
	if err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x"}); err == nil {
		t.Error("a POST must not be sent to another place")
	}
}

// redirecting makes a client of a server that redirects to wherever target says, and answers with the credentials where
// it says nothing.
func redirecting(t *testing.T, status int, target func(*http.Request) string) *httpx.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := target(r); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(status)
			return
		}
		fmt.Fprintf(w, `{"auth":%q}`, r.Header.Get("Authorization"))
	}))
	t.Cleanup(server.Close)
	c, err := httpx.New(httpx.Options{BaseURL: server.URL, Sign: func(req *http.Request, _ []byte) error {
		req.Header.Set("Authorization", "Bearer t")
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDo_connectionLostAfterTheServerActed(t *testing.T) {
	var acted atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		acted.Add(1)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		conn.Close() // The point is that it ends.
	}))
	defer server.Close()
	c, err := httpx.New(httpx.Options{BaseURL: server.URL, RetryWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Do(
		t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", Body: 1, NonIdempotent: true},
	); err == nil ||
		acted.Load() != 1 {
		t.Errorf("acted %d times: %v", acted.Load(), err)
	}
}

func TestDo_truncatedReadIsReadAgain(t *testing.T) {
	var n atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 1 {
			w.Header().Set("Content-Length", "100")
		}
		fmt.Fprint(w, `{"id":7}`)
	}))
	defer server.Close()
	c, err := httpx.New(httpx.Options{BaseURL: server.URL, RetryWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	out, err := httpx.Get[struct{ ID int }](t.Context(), c, "/x", nil, nil)
	if err != nil || out.ID != 7 || n.Load() != 2 {
		t.Errorf("got %+v, %v after %d requests", out, err, n.Load())
	}
}

func TestDebug_writesNoSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const canary = "canary-19cc"
		var lines []string
		steps := []step{
			refuses, resets,
			answers(503, `{"message":"`+canary+`"}`, "Set-Cookie", canary),
			answers(200, `{"token":"`+canary+`"}`, "X-Secret", canary),
		}
		c := newClient(t, &wire{steps: steps}, func(o *httpx.Options) {
			o.RequestIDHeader = "X-Id"
			o.Sign = func(req *http.Request, _ []byte) error {
				req.Header.Set("Authorization", "Bearer "+canary)
				req.Header.Set("X-Id", "request-1")
				return nil
			}
			o.Debug = func(_ context.Context, msg string, fields ...map[string]any) {
				lines = append(lines, fmt.Sprint(msg, fields))
			}
		})
		var out struct{ Token string }
		err := c.Do(
			t.Context(),
			httpx.Call{
				Method: http.MethodPut,
				Path:   "/things/7",
				Query:  url.Values{"sig": {canary}},
				Body:   canary,
				Out:    &out,
			},
		)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(lines, "\n")
		if len(lines) != len(steps) || strings.Contains(all, canary) {
			t.Errorf("%d lines:\n%s", len(lines), all)
		}
		for _, want := range []string{
			"method:PUT", "path:/base/things/7", "status:200", "duration_ms:", "request_id:request-1",
			"host:api.example", "connection refused",
		} {
			if !strings.Contains(all, want) {
				t.Errorf("%s is missing in\n%s", want, all)
			}
		}
	})
}

func TestNewHTTPClient_countsEachRequestAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		for range 10 {
			w.steps = append(w.steps, answers(503, ""), answers(200, "ok"))
		}
		client := httpx.NewHTTPClient(httpx.Options{Transport: w, UserAgent: "test/1"}, nil)
		for range 10 {
			if body := post(t, client, "https://auth.example/token"); body != "ok" {
				t.Errorf("got %q", body)
			}
		}
		if w.attempts() != 20 || w.sent[19].Header.Get("User-Agent") != "test/1" || w.bodies[19] != "password=p" {
			t.Errorf("%d attempts, the last was %v %s", w.attempts(), w.sent[19].Header, w.bodies[19])
		}
	})
}

func TestNewHTTPClient_isSafeForConcurrentUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{answers(503, ""), answers(503, ""), answers(503, ""), answers(200, "ok")}}
		client := httpx.NewHTTPClient(httpx.Options{Transport: w}, nil)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { post(t, client, "https://auth.example/token") })
		}
		all.Wait()
	})
}

func TestNewHTTPClient_carriesNoPasswordElsewhere(t *testing.T) {
	w := &wire{steps: []step{answers(307, "", "Location", "https://other.example/token")}}
	post(t, httpx.NewHTTPClient(httpx.Options{Transport: w}, nil), "https://auth.example/token")
	if w.attempts() != 1 {
		t.Errorf("the password went to %s", w.sent[1].URL)
	}
}

func post(t *testing.T, client *http.Client, target string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target, strings.NewReader("password=p"))
	if err != nil {
		t.Error(err)
		return ""
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer resp.Body.Close() // Read to its end below.
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

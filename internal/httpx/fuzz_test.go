package httpx_test

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// A fuzz target runs its seeds with every test run. `make fuzz` searches for more.

// answering is a transport that gives every request the same answer, and records the last request.
type answering struct {
	status int
	header http.Header
	body   string
	last   *http.Request
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	a.last = r
	rec := httptest.NewRecorder()
	for name, values := range a.header {
		rec.Header()[name] = values
	}
	// A recorder accepts no status below 100 or above 999.
	rec.WriteHeader(100 + (a.status%900+900)%900)
	_, _ = rec.WriteString(a.body)
	return rec.Result(), nil
}

func FuzzCheckEndpoint(f *testing.F) {
	for _, raw := range []string{
		"https://api.example.net", "https://api.example.net:8443/v1/", "http://127.0.0.1:8484/koyeb",
		"http://[::1]:80/x", "http://localhost", "HTTPS://api.example.net", "https://ä.example/ü%2f",
		"http://api.example.net", "http://127.0.0.1.evil.example", "https://user:secret@api.example.net",
		"https://api.example.net?key=secret", "https://api.example.net#secret", "https:api.example.net",
		"//api.example.net", "https://", "https://[::1", "https://a b/", "https://a/\x1b[2J\r\n", "https://h/%zz",
		"https://api-{zone}.example.net/v2", "", "https://h:99999", "https://h/a/../b", "https://h\\@evil.example",
		"https://h:",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := httpx.CheckEndpoint(raw)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Errorf("%q: the error has a control character: %q", raw, err)
			}
			return
		}
		ip := net.ParseIP(u.Hostname())
		loopback := strings.EqualFold(u.Hostname(), "localhost") || (ip != nil && ip.IsLoopback())
		if u.Scheme != "https" && !loopback {
			t.Errorf("%q: %s is neither https nor loopback", raw, u)
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q has more than a scheme, a host and a path", raw)
		}
		transport := &answering{status: 100}
		client, err := httpx.New(httpx.Options{BaseURL: raw, Transport: transport})
		if err != nil {
			t.Fatal(err)
		}
		_ = client.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"})
		if got := transport.last; got != nil && (got.URL.Host != u.Host || !strings.HasSuffix(got.URL.Path, "/x")) {
			t.Errorf("%q: the request went to %s", raw, got.URL)
		}
	})
}

// A pause is never negative, and never longer than a day, whatever the headers of an answer are.
func FuzzPause(f *testing.F) {
	for _, seed := range []struct{ after, reset, date string }{
		{"120", "", ""},
		{"-1", "", ""},
		{"99999999999999999999", "", ""},
		{"9223372036854775807", "", ""},
		{"1.5", "", ""},
		{" 7 ", "", ""},
		{"Wed, 21 Oct 2015 07:28:00 GMT", "", ""},
		{"+3", "", ""},
		{"Fri, 31 Dec 9999 23:59:59 GMT", "", ""},
		{"", "30", ""},
		{"", "-30", ""},
		{"", "499999999", ""},
		{"", "500000000", ""},
		{"", "9223372036854775807", ""},
		{"", "1767225600", "Thu, 01 Jan 2026 00:00:00 GMT"},
		{"", "1767225600", "Fri, 31 Dec 9999 23:59:59 GMT"},
		{"x", "y", "z"},
		{"\x00", "\r\n", "\xff"},
	} {
		f.Add(seed.after, seed.reset, seed.date, true)
		f.Add(seed.after, seed.reset, seed.date, false)
	}
	f.Fuzz(func(t *testing.T, after, reset, date string, limited bool) {
		header := http.Header{"Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "Date": {date}}
		status, most := http.StatusServiceUnavailable, 5
		if limited {
			status, most = http.StatusTooManyRequests, 13
		}
		if pause, ok := httpx.RateReset(header); ok && pause < time.Second {
			t.Errorf("RateReset is %s", pause)
		}
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			client, err := httpx.New(httpx.Options{
				BaseURL: "https://api.example.net", RateReset: httpx.RateReset,
				Transport: &answering{status: status - 100, header: header},
			})
			if err != nil {
				t.Fatal(err)
			}
			err = client.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"})
			var failed *httpx.Error
			if !errors.As(err, &failed) || failed.Status != status {
				t.Fatalf("got %v", err)
			}
			// One second more for the jitter.
			const day = 24 * time.Hour
			if failed.RetryAfter < 0 || failed.RetryAfter > day {
				t.Errorf("the pause is %s", failed.RetryAfter)
			}
			if took := time.Since(start); took > time.Duration(most)*(day+time.Second) {
				t.Errorf("%d attempts took %s", most, took)
			}
		})
	})
}

// The error of an answer is short, has neither a password nor a query of a URL, and no answer is a success unless it is
// the expected JSON.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		"", "{}", "null", "[]", `"text"`, "<html><title>Sign in</title></html>", "<TITLE>a</TITLE>", "<</title><title>",
		"<p>" + strings.Repeat("Ⱥ", 40) + "<title>x</title>", "<title>" + strings.Repeat("\xe4", 40) + "</title>",
		`{"message":"see https://user:canary@h/x?sig=canary"}`, "see ftp://:canary@h?canary", `{"id":"1"}`, `{"id":1}`,
		`{"id":"1"}{"id":"2"}`, "\xef\xbb\xbf{}", "\x1b[2J", strings.Repeat("[", 20_000), `{"id":"\ud800"}`,
	} {
		for _, status := range []int{200, 204, 302, 400, 404, 429, 503} {
			f.Add(status-100, body)
		}
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		client, err := httpx.New(httpx.Options{
			BaseURL: "https://api.example.net", RetryWait: 1, Transport: &answering{status: status, body: body},
			DecodeError: func(_ int, body []byte) httpx.Detail {
				var wire struct {
					Message json.RawMessage `json:"message"`
				}
				_ = json.Unmarshal(body, &wire)
				return httpx.Detail{Message: httpx.Text(wire.Message)}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		query := url.Values{"token": {"canary"}}
		type object struct{ ID string }
		// A create is not repeated after an unusable answer, so this does not pause. A 429 pauses a nanosecond.
		got, err := httpx.Send(t.Context(), client,
			httpx.Call{Method: http.MethodPost, Path: "/x", Query: query, NonIdempotent: true},
			func(o object) error { return httpx.SameID("object", o.ID, "") })
		if err == nil {
			if got.ID == "" || !json.Valid([]byte(body)) {
				t.Errorf("%q is a success", body)
			}
			return
		}
		var failed *httpx.Error
		if !errors.As(err, &failed) {
			t.Fatalf("%T: %v", err, err)
		}
		for _, secret := range []string{"sig=canary", ":canary@", "token=canary"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error of %q has a secret: %s", body, err)
			}
		}
		if failed.Status >= 200 && failed.Status < 300 && !failed.Ambiguous() {
			t.Errorf("the unusable success %q is not ambiguous: %s", body, err)
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, text := range []string{
		"", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05", "2026-01-02T03:04:05.999999999+0130", "0000-00-00T00:00:00Z",
		"9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z", "now", "\x00",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at := httpx.ParseTime(text)
		if at.Location() != time.UTC {
			t.Errorf("%q is in %s", text, at.Location())
		}
		again := httpx.ParseTime(at.Format(time.RFC3339Nano))
		if year := at.Year(); year >= 0 && year < 10_000 && !again.Equal(at) {
			t.Errorf("%q is %s, and that is %s", text, at, again)
		}
	})
}

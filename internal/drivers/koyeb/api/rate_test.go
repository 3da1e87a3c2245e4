package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestUntilReset_forms(t *testing.T) {
	now := time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"58":                            58 * time.Second,
		"0":                             0,
		" 7 ":                           7 * time.Second,
		"1.5":                           1500 * time.Millisecond,
		"30s":                           30 * time.Second,
		"12, 12;w=60":                   12 * time.Second,
		"12;w=60":                       12 * time.Second,
		"1789984830":                    30 * time.Second,
		"2026-09-21T10:00:45Z":          45 * time.Second,
		"Mon, 21 Sep 2026 10:00:50 GMT": 50 * time.Second,
	} {
		if got, ok := untilReset(value, now); !ok || got != want {
			t.Errorf("%q: got %s, %t, want %s", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "soon", "-3", "NaN", "1e300"} {
		if got, ok := untilReset(value, now); ok {
			t.Errorf("%q: got %s, want nothing", value, got)
		}
	}
}

// handlerTransport answers without a network, so that the test clock runs.
type handlerTransport struct{ http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestClient_waitsOutTheRateLimit(t *testing.T) {
	for reset, least := range map[string]time.Duration{"58": 58 * time.Second, "0": time.Second} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			client, err := New(Options{Token: "canary", RetryWait: time.Millisecond, Transport: handlerTransport{
				http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					if requests++; requests == 1 {
						w.Header().Set("x-ratelimit-reset", reset)
						w.WriteHeader(http.StatusTooManyRequests)
						return
					}
					_, _ = w.Write([]byte(`{"snapshot":{"id":"a"}}`))
				}),
			}})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			if _, err := client.CreateSnapshot(t.Context(), CreateSnapshotRequest{}); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(start); requests != 2 || waited < least || waited > least*9/8 {
				t.Errorf("reset %s: %d requests, waited %s, want two and at least %s", reset, requests, waited, least)
			}
		})
	}
}

func TestClient_tokenIsInNoError(t *testing.T) {
	client, err := New(Options{Token: "canary", RetryWait: time.Millisecond, Transport: handlerTransport{
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetSnapshot(t.Context(), "a"); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

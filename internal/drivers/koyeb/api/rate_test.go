package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

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
			client, err := New(httpx.Options{RetryWait: time.Millisecond, Transport: handlerTransport{
				http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					if requests++; requests == 1 {
						w.Header().Set("x-ratelimit-reset", reset)
						w.WriteHeader(http.StatusTooManyRequests)
						return
					}
					_, _ = w.Write([]byte(`{"snapshot":{"id":"a"}}`))
				}),
			}}, Account{Token: "canary"})
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
	client, err := New(httpx.Options{RetryWait: time.Millisecond, Transport: handlerTransport{
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }),
	}}, Account{Token: "canary"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetSnapshot(t.Context(), "a"); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

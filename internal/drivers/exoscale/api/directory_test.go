package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const oneZone = "https://api.example.net/v2"

// zonesAfter answers the list of zones after a delay with a status, and counts the requests.
func zonesAfter(t *testing.T, delay time.Duration, status *int, asked *int) *Client {
	t.Helper()
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		*asked++
		if r.Header.Get("Authorization") != "" {
			t.Error("the list of zones is signed")
		}
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		rec := httptest.NewRecorder()
		rec.WriteHeader(*status)
		_, _ = rec.WriteString(`{"zones":[{"name":"ch-gva-2","api-endpoint":"https://gva.example.net/v2"}]}`)
		return rec.Result(), nil
	})
	c, err := New(httpx.Options{BaseURL: oneZone, RetryWait: time.Millisecond, Transport: transport}, Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// zones calls Zone from several callers at once and returns their errors.
func zones(c *Client, contexts ...context.Context) []error {
	out, done := make([]error, len(contexts)), make(chan struct{})
	for i, ctx := range contexts {
		go func() {
			_, out[i] = c.Zone(ctx, "ch-gva-2")
			done <- struct{}{}
		}()
		synctest.Wait()
	}
	for range contexts {
		<-done
	}
	return out
}

func TestZone_callersShareTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, status := 0, http.StatusNotFound
		c := zonesAfter(t, time.Second, &status, &asked)
		for _, err := range zones(c, t.Context(), t.Context(), t.Context()) {
			if err == nil {
				t.Error("a list that is not there was read")
			}
		}
		if asked != 1 {
			t.Errorf("listed %d times, want 1: the callers share a failure", asked)
		}
		status = http.StatusOK
		for _, err := range zones(c, t.Context(), t.Context(), t.Context()) {
			if err != nil {
				t.Error(err)
			}
		}
		if asked != 2 {
			t.Errorf("listed %d times, want 2: once more after the failure, and never again", asked)
		}
	})
}

// The deadline of each caller holds for itself alone.
func TestZone_deadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, status := 0, http.StatusOK
		c := zonesAfter(t, 10*time.Second, &status, &asked)
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		shorter, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		start := time.Now()
		errs := zones(c, short, shorter, t.Context())
		if !errors.Is(errs[0], context.DeadlineExceeded) || !errors.Is(errs[1], context.DeadlineExceeded) ||
			errs[2] != nil {
			t.Errorf("errors = %v", errs)
		}
		if took := time.Since(start); asked != 2 || took != 11*time.Second {
			t.Errorf(
				"listed %d times in %v, want 2 in 11s: the remaining caller repeats the request of the ended one",
				asked,
				took,
			)
		}
	})
}

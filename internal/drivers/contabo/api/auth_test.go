package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// endpoint answers in place of the network: a token for each grant, and a request ID for all else.
type endpoint struct {
	// life is expires_in, lag how long a grant takes.
	life int
	lag  time.Duration
	// refuse answers grants with this instead.
	refuse string

	mu     sync.Mutex
	grants int
	// good is the number of the oldest token that is accepted.
	good int
}

// RoundTrip answers one request.
func (e *endpoint) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/token") {
		select {
		case <-time.After(e.lag):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.grants++
		if e.refuse != "" {
			return reply(http.StatusUnauthorized, e.refuse), nil
		}
		expires := ""
		if e.life > 0 {
			expires = fmt.Sprintf(`"expires_in":%d,`, e.life)
		}
		return reply(
			http.StatusOK,
			fmt.Sprintf(`{%s"access_token":"token-%d","token_type":"bearer"}`, expires, e.grants),
		), nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var n int
	if _, err := fmt.Sscanf(req.Header.Get("Authorization"), "Bearer token-%d", &n); err != nil || n < e.good {
		return reply(http.StatusUnauthorized, `{"statusCode":401,"message":"Unauthorized"}`), nil
	}
	return reply(http.StatusOK, `{"data":[{"snapshotId":"snap1"}]}`), nil
}

func reply(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(body)),
	}
}

func (e *endpoint) open(t *testing.T) *Client {
	t.Helper()
	return client(t, "https://contabo.invalid", func(o *httpx.Options) { o.Transport = e })
}

func read(ctx context.Context, c *Client) error {
	_, err := c.RetrieveSnapshot(ctx, 1, "snap1")
	return err
}

func (e *endpoint) want(t *testing.T, grants int) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.grants != grants {
		t.Errorf("%d grants, want %d", e.grants, grants)
	}
}

func TestTokens_renewedBeforeTheirEnd(t *testing.T) {
	for name, c := range map[string]struct {
		life  int
		until time.Duration
	}{
		"five minutes":   {300, 270 * time.Second},
		"twenty seconds": {20, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := &endpoint{life: c.life}
				api := e.open(t)
				for _, step := range []struct {
					wait   time.Duration
					grants int
				}{{0, 1}, {c.until - time.Second, 1}, {time.Second, 2}} {
					time.Sleep(step.wait) //nolint:forbidigo // The clock of the bubble.
					if err := read(t.Context(), api); err != nil {
						t.Fatal(err)
					}
					e.want(t, step.grants)
				}
			})
		})
	}
}

func TestTokens_withoutAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{}
		api := e.open(t)
		for range 3 {
			if err := read(t.Context(), api); err != nil {
				t.Fatal(err)
			}
			time.Sleep(24 * time.Hour) //nolint:forbidigo // The clock of the bubble.
		}
		e.want(t, 1)
	})
}

func TestTokens_oneGrantForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{life: 300, lag: time.Second}
		api := e.open(t)
		tenAtOnce := func() {
			var group sync.WaitGroup
			for range 10 {
				group.Go(func() {
					if err := read(t.Context(), api); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
		tenAtOnce()
		e.want(t, 1)
		e.mu.Lock()
		e.good = 2
		e.mu.Unlock()
		tenAtOnce()
		e.want(t, 2)
	})
}

func TestTokens_firstToAskGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{life: 300, lag: 10 * time.Second}
		api := e.open(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		var group sync.WaitGroup
		group.Go(func() {
			if err := read(ctx, api); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("after %s: %v", time.Since(start), err)
			}
		})
		group.Go(func() {
			if err := read(t.Context(), api); err != nil {
				t.Error(err)
			}
		})
		group.Wait()
		e.want(t, 1)
	})
}

func TestTokens_refusalHoldsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{refuse: `{"error":"invalid_grant","error_description":"wrong: the-secret and pa&ss=wo rd"}`}
		api := e.open(t)
		for range 3 {
			err := read(t.Context(), api)
			var refused *TokenError
			if !errors.As(err, &refused) || !refused.Refused() || refused.Status != http.StatusUnauthorized {
				t.Fatalf("%v", err)
			}
			want := "the token endpoint https://contabo.invalid/token refused the credentials: invalid_grant: " +
				"wrong: … and …"
			if refused.Error() != want {
				t.Errorf("%q, want %q", refused.Error(), want)
			}
		}
		e.want(t, 1)
		time.Sleep(refusalHolds) //nolint:forbidigo // The clock of the bubble.
		e.mu.Lock()
		e.refuse = ""
		e.mu.Unlock()
		if err := read(t.Context(), api); err != nil {
			t.Error(err)
		}
		e.want(t, 2)
	})
}

// A rate limit of the token endpoint that outlasts a grant is reported at once, and to all who wait.
func TestTokens_rateLimitIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limited := roundTrip(func(*http.Request) (*http.Response, error) {
			answer := reply(http.StatusTooManyRequests, `{"error":"slow_down"}`)
			answer.Header.Set("Retry-After", "3600")
			return answer, nil
		})
		c := client(t, "https://contabo.invalid", func(o *httpx.Options) { o.Transport = limited })
		start := time.Now()
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			err := read(ctx, c)
			var failed *TokenError
			if !errors.As(err, &failed) || failed.Status != http.StatusTooManyRequests {
				t.Errorf("got %v", err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("took %s", took)
		}
	})
}

// A grant has a deadline of its own, whatever its callers have.
func TestTokens_grantEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{lag: 24 * time.Hour}
		c := e.open(t)
		start := time.Now()
		err := read(t.Context(), c)
		var failed *TokenError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), "no answer in time") {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != grantTimeout {
			t.Errorf("took %s", took)
		}
	})
}

// One odd answer of the token endpoint is followed by another request.
func TestTokens_oddAnswerIsRepeated(t *testing.T) {
	for _, odd := range []string{"", "{}", "null", `{"access_token":"to`, "<html>"} {
		synctest.Test(t, func(t *testing.T) {
			grants := 0
			c := client(t, "https://contabo.invalid", func(o *httpx.Options) {
				o.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
					if !strings.HasSuffix(req.URL.Path, "/token") {
						return reply(http.StatusOK, `{"data":[{"snapshotId":"snap1"}]}`), nil
					}
					if grants++; grants == 1 {
						return reply(http.StatusOK, odd), nil
					}
					return reply(http.StatusOK, `{"access_token":"token"}`), nil
				})
			})
			if err := read(t.Context(), c); err != nil || grants != 2 {
				t.Errorf("%q: %v after %d grants", odd, err, grants)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// The clock of the server that grants tokens is not the API's.
func TestClient_grantsAreNotObserved(t *testing.T) {
	e := &endpoint{}
	observed := 0
	c := client(t, "https://contabo.invalid", func(o *httpx.Options) {
		o.Transport = e
		o.Observe = func(http.Header) { observed++ }
	})
	if err := read(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if e.grants != 1 || observed != 1 {
		t.Errorf("%d grants, observed %d answers, want 1 of each", e.grants, observed)
	}
}

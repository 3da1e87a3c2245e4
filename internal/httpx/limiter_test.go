package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

var read = httpx.Call{Method: http.MethodGet, Path: "/x"}

// reads sends n reads at once, and waits for their answers.
func reads(t *testing.T, c *httpx.Client, n int) {
	t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if err := c.Do(t.Context(), read); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// since returns when the attempts were sent, from a start.
func (w *wire) since(start time.Time) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []time.Duration
	for _, at := range w.times {
		out = append(out, at.Sub(start))
	}
	return out
}

// lagging answers a tenth of a second later.
func lagging(next step) step {
	return func(req *http.Request) (*http.Response, error) {
		<-time.After(time.Second / 10)
		return next(req)
	}
}

// limited begins a pause of 30 seconds with a read, and returns when the answer 429 has come.
func limited(t *testing.T, c *httpx.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := c.Do(ctx, read); err == nil {
		t.Fatal("the first read must be limited")
	}
}

var (
	slowDown = answers(429, `{"message":"slow down"}`, "Retry-After", "30")
	fine     = answers(200, "")
)

const pause = 30 * time.Second

func TestLimiter_pausesAllAndLetsThemOutOneByOne(t *testing.T) {
	for name, n := range map[string]int{"few": 20, "more than a window has places": 500} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				w := &wire{steps: []step{slowDown, fine}}
				c := newClient(t, w)
				go func() { _ = c.Do(t.Context(), read) }()
				synctest.Wait()
				reads(t, c, n-1)
				synctest.Wait()
				sent := w.since(start)
				if len(sent) != n+1 || sent[0] != 0 {
					t.Fatalf("%d requests: %v", len(sent), sent)
				}
				busiest := map[time.Duration]int{}
				for _, at := range sent[1:] {
					if at < pause || at > 4*pause {
						t.Errorf("a request left after %s", at)
					}
					busiest[at.Truncate(time.Second)]++
				}
				// Four places a second, and twice as many in each window after the first.
				for second, count := range busiest {
					if most := 4<<(second/pause-1) + 2; count > most {
						t.Errorf("%d requests in second %s, want at most %d", count, second, most)
					}
				}
			})
		})
	}
}

func TestLimiter_requestsUnderWayExtendNothingTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := &wire{}
		for range 20 {
			w.steps = append(w.steps, lagging(answers(429, "")))
		}
		w.steps = append(w.steps, fine)
		reads(t, newClient(t, w), 20)
		sent := w.since(start)
		if len(sent) != 40 || sent[19] != 0 || sent[20] < time.Second || sent[39] > 5*time.Second {
			t.Errorf("twenty answers to one burst are one limit, with one pause of a second: %v", sent)
		}
	})
}

func TestLimiter_pauseWithoutHeaderDoublesForTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{
			answers(429, ""), answers(429, ""), answers(429, ""), answers(429, ""), fine, answers(429, ""), fine,
		}}
		c := newClient(t, w)
		for range 4 {
			limited(t, c)
			<-time.After(time.Minute)
		}
		start := time.Now()
		reads(t, c, 1)
		<-time.After(time.Second)
		reads(t, c, 1)
		sent := w.since(start)
		if p := sent[6] - sent[5]; p < time.Second || p > time.Second+time.Second/4 {
			t.Errorf("a success resets the doubling: paused %s", p)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := &wire{steps: []step{answers(429, ""), answers(429, ""), answers(429, ""), fine}}
		c := newClient(t, w)
		go func() { _ = c.Do(t.Context(), read) }()
		synctest.Wait()
		reads(t, c, 2)
		synctest.Wait()
		sent := w.since(start)
		for i, least := range []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second} {
			if sent[i] < least || sent[i] > least+time.Second {
				t.Errorf("request %d left after %s, want %s: whichever request is refused", i, sent[i], least)
			}
		}
	})
}

func TestLimiter_anotherRefusalExtendsThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := &wire{steps: []step{slowDown, fine, fine, slowDown, fine}}
		c := newClient(t, w)
		go func() { _ = c.Do(t.Context(), read) }()
		synctest.Wait()
		reads(t, c, 19)
		synctest.Wait()
		sent := w.since(start)
		if len(sent) != 22 {
			t.Fatalf("%d requests: %v", len(sent), sent)
		}
		second := sent[3]
		if second < pause || second > pause+time.Second {
			t.Errorf("the second refusal came at %s", second)
		}
		if next := sent[4]; next < second+pause {
			t.Errorf("a request left %s after the second refusal", next-second)
		}
		if last := sent[21]; last > second+2*pause {
			t.Errorf("the last request left after %s", last)
		}
	})
}

func TestLimiter_nothingShortensThePause(t *testing.T) {
	for name, late := range map[string]step{
		"success":         fine,
		"shorter refusal": answers(429, "", "Retry-After", "1"),
		"failure":         answers(500, ""),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				w := &wire{steps: []step{
					func(req *http.Request) (*http.Response, error) {
						<-time.After(10 * time.Second)
						return late(req)
					},
					slowDown, fine,
				}}
				c := newClient(t, w)
				var all sync.WaitGroup
				all.Go(func() { reads(t, c, 1) })
				synctest.Wait()
				all.Go(func() { reads(t, c, 1) })
				<-time.After(11 * time.Second)
				reads(t, c, 3)
				all.Wait()
				for _, at := range w.since(start)[2:] {
					if at < pause {
						t.Errorf("a request left after %s", at)
					}
				}
			})
		})
	}
}

func TestLimiter_pauseBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	for _, once := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{steps: []step{slowDown, fine}}
			c := newClient(t, w, decodeMessage)
			limited(t, c)
			<-time.After(10 * time.Second)
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 19*time.Second)
			defer cancel()
			call := httpx.Call{Method: http.MethodPost, Path: "/y", NonIdempotent: once}
			var e *httpx.Error
			if err := c.Do(ctx, call); !errors.As(err, &e) {
				t.Fatalf("got %v", err)
			}
			if e.HTTPStatus() != 429 || e.VendorMessage() != "slow down" || e.Path != "/base/y" || e.Ambiguous() ||
				!e.SentAt().IsZero() {
				t.Errorf("want the refusal that began the pause, and nothing sent: %+v", e)
			}
			if e.Pause() != 20*time.Second {
				t.Errorf("the pause ends in %s, want 20s", e.Pause())
			}
			if time.Since(start) != 0 || w.attempts() != 1 {
				t.Errorf("took %s, %d requests", time.Since(start), w.attempts())
			}
		})
	}
}

func TestLimiter_deadlineInTheSpreadIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{slowDown, fine}}
		c := newClient(t, w)
		limited(t, c)
		ctx, cancel := context.WithTimeout(t.Context(), pause+time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if err := c.Do(ctx, read); err != nil {
					t.Errorf("the pause ends before the deadline: %v", err)
				}
			})
		}
		all.Wait()
	})
}

func TestLimiter_cancelEndsThePauseAtOnce(t *testing.T) {
	for _, once := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &wire{steps: []step{slowDown, fine}}
			c := newClient(t, w)
			limited(t, c)
			start := time.Now()
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			err := c.Do(ctx, httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: once})
			var e *httpx.Error
			if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || e.Ambiguous() {
				t.Errorf("nothing was sent: %v", err)
			}
			if time.Since(start) != 3*time.Second || w.attempts() != 1 {
				t.Errorf("took %s, %d requests", time.Since(start), w.attempts())
			}
		})
	}
}

func TestLimiter_isSharedByClientsOfOneAccountOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{slowDown, fine}}
		account := new(httpx.Limiter)
		share := func(o *httpx.Options) { o.Limiter = account }
		limited(t, newClient(t, w, share))
		start := time.Now()
		reads(t, newClient(t, w), 1)
		if took := time.Since(start); took != 0 {
			t.Errorf("another account paused for %s", took)
		}
		grants := httpx.NewHTTPClient(httpx.Options{Transport: w, Limiter: account}, nil)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://auth.example/token", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := grants.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if took := time.Since(start); took != 0 {
			t.Errorf("a client for a library paused for %s", took)
		}
		reads(t, newClient(t, w, share), 1)
		if took := time.Since(start); took < pause {
			t.Errorf("another client of the account paused for %s", took)
		}
	})
}

// A create that waits is sent once when the pause is over, like every other request.
func TestLimiter_createWaitsAndIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := &wire{steps: []step{slowDown, answers(500, "")}}
		c := newClient(t, w)
		limited(t, c)
		var e *httpx.Error
		if err := c.Do(t.Context(), create); !errors.As(err, &e) || !e.Ambiguous() {
			t.Errorf("got %v", err)
		}
		sent := w.since(start)
		if len(sent) != 2 || sent[1] < pause || !slices.IsSorted(sent) {
			t.Errorf("sent at %v", sent)
		}
	})
}

// A pause has one line in the log, however many requests wait for its end.
func TestLimiter_logsThePause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var lines []string
		c := newClient(t, &wire{steps: []step{slowDown, fine}}, func(o *httpx.Options) {
			o.Info = func(_ context.Context, msg string, fields ...map[string]any) {
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, fmt.Sprint(msg, fields))
			}
		})
		go func() { _ = c.Do(t.Context(), read) }()
		synctest.Wait()
		reads(t, c, 9)
		synctest.Wait()
		want := []string{
			"The cloud limits the rate of requests: all requests of the account pause" +
				"[map[host:api.example pause:30s]]",
		}
		if !slices.Equal(lines, want) {
			t.Errorf("the log is %q", lines)
		}
	})
}

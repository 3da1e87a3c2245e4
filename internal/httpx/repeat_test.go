package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// TestDo_repeats is the table of doc.go: how often each failure is sent when the same call may be repeated, and when it
// makes something. A good answer follows the failure, so success means that it was waited out.
func TestDo_repeats(t *testing.T) {
	good := answers(200, "{}")
	for name, tc := range map[string]struct {
		fault            step
		repeatable, once int
	}{
		"refused connection": {refuses, 2, 2},
		"reset":              {resets, 2, 1},
		"broken off":         {breaks(200, "{"), 2, 1},
		"500":                {answers(500, ""), 2, 1},
		"502":                {answers(502, "<html>"), 2, 1},
		"503":                {answers(503, "", "Retry-After", "1"), 2, 1},
		"504":                {answers(504, ""), 2, 1},
		"501":                {answers(501, ""), 1, 1},
		"429":                {answers(429, ""), 2, 2},
		"429 Retry-After":    {answers(429, "", "Retry-After", "3"), 2, 2},
		"429 reset":          {answers(429, "", "X-Reset", "3"), 2, 2},
		"401":                {answers(401, ""), 2, 2},
		"400":                {answers(400, ""), 1, 1},
		"403":                {answers(403, ""), 1, 1},
		"404":                {answers(404, ""), 1, 1},
		"409":                {answers(409, ""), 1, 1},
		"423":                {answers(423, ""), 1, 1},
		"not JSON":           {answers(200, "garbage"), 2, 1},
	} {
		for _, once := range []bool{false, true} {
			want := tc.repeatable
			if once {
				want = tc.once
			}
			t.Run(fmt.Sprintf("%s once=%t", name, once), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := &wire{steps: []step{tc.fault, good}}
					c := newClient(t, w, func(o *httpx.Options) {
						o.RateReset = seconds
						o.Renew = func(*http.Request) bool { return true }
					})
					var out struct{}
					err := c.Do(
						t.Context(),
						httpx.Call{
							Method:        http.MethodPost,
							Path:          "/x",
							Body:          "the body",
							Out:           &out,
							NonIdempotent: once,
						},
					)
					if w.attempts() != want {
						t.Errorf("sent %d times, want %d", w.attempts(), want)
					}
					if (err == nil) != (want == 2) {
						t.Errorf("got %v", err)
					}
					for _, body := range w.bodies {
						if body != `"the body"` {
							t.Errorf("sent %q", body)
						}
					}
				})
			})
		}
	}
}

func TestDo_givesUpInTheEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		fault step
		once  bool
		want  int
	}{
		"refused":     {refuses, true, 5},
		"500":         {answers(500, `{"message":"still broken"}`), false, 5},
		"429":         {answers(429, ""), true, 13},
		"401 renewed": {answers(401, ""), false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{steps: []step{tc.fault}}
				c := newClient(
					t,
					w,
					decodeMessage,
					func(o *httpx.Options) { o.Renew = func(*http.Request) bool { return true } },
				)
				err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: tc.once})
				if err == nil || w.attempts() != tc.want {
					t.Errorf("sent %d times, want %d: %v", w.attempts(), tc.want, err)
				}
			})
		})
	}
}

func TestDo_countsFailuresApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		for range 4 {
			w.steps = append(w.steps, answers(503, ""), answers(429, ""))
		}
		w.steps = append(w.steps, answers(401, ""), answers(200, ""))
		c := newClient(t, w, func(o *httpx.Options) { o.Renew = func(*http.Request) bool { return true } })
		if err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err != nil || w.attempts() != 10 {
			t.Errorf("%d attempts: %v", w.attempts(), err)
		}
	})
}

func TestDo_pauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far := time.Now().Add(30 * 24 * time.Hour).UTC().Format(http.TimeFormat)
		past := time.Now().Add(-time.Minute).UTC().Format(http.TimeFormat)
		s := time.Second
		for name, tc := range map[string]struct {
			fault step
			want  []time.Duration // the least; a quarter of the first pause may be added
		}{
			"doubling":        {answers(500, ""), []time.Duration{s, 2 * s, 4 * s, 8 * s}},
			"seconds":         {answers(429, "", "Retry-After", "7"), []time.Duration{7 * s}},
			"past date":       {answers(429, "", "Retry-After", past), []time.Duration{s}},
			"at once":         {answers(429, "", "Retry-After", "0"), []time.Duration{s}},
			"negative":        {answers(429, "", "Retry-After", "-5"), []time.Duration{s}},
			"nonsense":        {answers(429, "", "Retry-After", "soon"), []time.Duration{s}},
			"endless":         {answers(429, "", "Retry-After", "99999999999999999"), []time.Duration{24 * time.Hour}},
			"far date":        {answers(429, "", "Retry-After", far), []time.Duration{24 * time.Hour}},
			"far reset":       {answers(429, "", "X-Reset", "999999"), []time.Duration{24 * time.Hour}},
			"unavailable":     {answers(503, "", "Retry-After", "9"), []time.Duration{9 * s}},
			"vendor's header": {answers(429, "", "X-Reset", "11"), []time.Duration{11 * s}},
			"both headers":    {answers(429, "", "X-Reset", "11", "Retry-After", "4"), []time.Duration{4 * s}},
			"vendor's, 503":   {answers(503, "", "X-Reset", "11"), []time.Duration{s}},
		} {
			w := &wire{}
			for range tc.want {
				w.steps = append(w.steps, tc.fault)
			}
			w.steps = append(w.steps, answers(200, ""))
			c := newClient(t, w, func(o *httpx.Options) { o.RateReset = seconds })
			if err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got := w.pauses()
			if len(got) != len(tc.want) {
				t.Errorf("%s: paused %v", name, got)
				continue
			}
			for i, least := range tc.want {
				if got[i] < least || got[i] > least+s/4 {
					t.Errorf("%s: pause %d is %s, want %s", name, i, got[i], least)
				}
			}
		}
	})
}

func TestDo_retryAfterDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := time.Now().Add(42 * time.Second).UTC().Format(http.TimeFormat)
		w := &wire{steps: []step{answers(429, "", "Retry-After", at), answers(200, "")}}
		call := httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true}
		if err := newClient(t, w).Do(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		if p := w.pauses(); len(p) != 1 || p[0] < 41*time.Second || p[0] > 43*time.Second {
			t.Errorf("paused %v", p)
		}
	})
}

func TestDo_retryWaitIsTheFirstPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{answers(500, ""), answers(500, ""), answers(200, "")}}
		c := newClient(t, w, func(o *httpx.Options) { o.RetryWait = 40 * time.Second })
		if err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err != nil {
			t.Fatal(err)
		}
		p := w.pauses()
		if p[0] < 40*time.Second || p[0] > 50*time.Second || p[1] < time.Minute || p[1] > 70*time.Second {
			t.Errorf("paused %v: the second is bounded", p)
		}
	})
}

func TestDo_pauseBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		fault  step
		status int
	}{
		"429 seconds": {answers(429, `{"message":"slow down"}`, "Retry-After", "60"), 429},
		"429 reset":   {answers(429, `{"message":"slow down"}`, "X-Reset", "60"), 429},
		"503":         {answers(503, `{"message":"slow down"}`, "Retry-After", "60"), 503},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
				defer cancel()
				start := time.Now()
				w := &wire{steps: []step{tc.fault}}
				c := newClient(t, w, decodeMessage, func(o *httpx.Options) { o.RateReset = seconds })
				err := c.Do(ctx, httpx.Call{Method: http.MethodGet, Path: "/x"})
				var e *httpx.Error
				if !errors.As(err, &e) || e.HTTPStatus() != tc.status || e.VendorMessage() != "slow down" {
					t.Errorf("got %v", err)
				}
				if time.Since(start) != 0 || w.attempts() != 1 {
					t.Errorf("took %s and %d attempts", time.Since(start), w.attempts())
				}
			})
		})
	}
}

func TestDo_cancelledPauseEndsAtOnceAndIsNotAmbiguous(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		start := time.Now()
		w := &wire{steps: []step{answers(429, "", "Retry-After", "60")}}
		err := newClient(t, w).Do(ctx, httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true})
		var e *httpx.Error
		if !errors.As(err, &e) || !errors.Is(err, context.Canceled) || e.Ambiguous() {
			t.Errorf("a 429 was surely not acted on: %v", err)
		}
		if time.Since(start) != 3*time.Second {
			t.Errorf("took %s", time.Since(start))
		}
	})
}

func TestDo_answerThatCameBeforeTheEndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := &wire{steps: []step{func(req *http.Request) (*http.Response, error) {
			cancel()
			return answers(201, `{"id":7}`)(req)
		}}}
		var out struct{ ID int }
		call := httpx.Call{Method: http.MethodPost, Path: "/x", Out: &out, NonIdempotent: true}
		if err := newClient(t, w).Do(ctx, call); err != nil || out.ID != 7 {
			t.Errorf("what the cloud has made is lost: %v, %+v", err, out)
		}
	})
}

func TestDo_cancelledBeforeSendsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := &wire{steps: []step{hangs}}
	err := newClient(t, w).Do(ctx, httpx.Call{Method: http.MethodGet, Path: "/x"})
	if !errors.Is(err, context.Canceled) || w.attempts() > 1 {
		t.Errorf("%d attempts: %v", w.attempts(), err)
	}
}

func TestDo_signsEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w := &wire{steps: []step{answers(429, ""), refuses, answers(401, ""), answers(409, "")}}
		c := newClient(t, w, func(o *httpx.Options) {
			o.RequestIDHeader = "X-Id"
			o.Sign = func(req *http.Request, body []byte) error {
				n++
				req.Header.Set("X-Id", fmt.Sprint("id-", n))
				req.Header.Set("X-Body", string(body))
				return nil
			}
			o.Renew = func(failed *http.Request) bool {
				if got := failed.Header.Get("X-Id"); got != "id-3" {
					t.Errorf("asked to renew after %s", got)
				}
				return true
			}
		})
		err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", Body: 1, NonIdempotent: true})
		for i, req := range w.sent {
			if got, want := req.Header.Get("X-Id"), fmt.Sprint("id-", i+1); got != want ||
				req.Header.Get("X-Body") != "1" {
				t.Errorf("attempt %d carries %s", i+1, got)
			}
		}
		var e *httpx.Error
		if !errors.As(err, &e) || e.RequestIdentifier() != "id-4" {
			t.Errorf("the error must name the last request: %+v", e)
		}
		if p := w.pauses(); p[2] > time.Second/2 {
			t.Errorf("renewed credentials need no pause of their own, not %s", p[2])
		}
	})
}

func TestDo_signingThatFailsLaterIsNotAmbiguous(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w := &wire{steps: []step{answers(429, "")}}
		c := newClient(t, w, func(o *httpx.Options) {
			o.Sign = func(*http.Request, []byte) error {
				if n++; n == 2 {
					return errors.New("no token")
				}
				return nil
			}
		})
		err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true})
		var e *httpx.Error
		if !errors.As(err, &e) || e.Ambiguous() || e.VendorMessage() != "no token" || w.attempts() != 1 {
			t.Errorf("%d attempts: %v", w.attempts(), err)
		}
	})
}

func TestDo_credentialsThatCannotBeRenewed(t *testing.T) {
	asked := 0
	w := &wire{steps: []step{answers(401, "")}}
	c := newClient(t, w, func(o *httpx.Options) { o.Renew = func(*http.Request) bool { asked++; return false } })
	if err := c.Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err == nil || w.attempts() != 1 ||
		asked != 1 {
		t.Errorf("%d attempts, asked %d times: %v", w.attempts(), asked, err)
	}
	w = &wire{steps: []step{answers(401, "")}}
	if err := newClient(t, w).Do(t.Context(), httpx.Call{Method: http.MethodGet, Path: "/x"}); err == nil ||
		w.attempts() != 1 {
		t.Errorf("%d attempts: %v", w.attempts(), err)
	}
}

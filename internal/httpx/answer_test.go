package httpx_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

type object struct{ ID, Name string }

func checkObject(want string) func(object) error {
	return func(o object) error { return httpx.SameID("object", o.ID, want) }
}

var create = httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true}

// after answers with an object when a time has passed.
func after(d time.Duration) step {
	return func(req *http.Request) (*http.Response, error) {
		select {
		case <-req.Context().Done():
			return nil, req.Context().Err()
		case <-time.After(d):
			return answers(201, `{"id":"7"}`)(req)
		}
	}
}

func TestSend_incompleteSuccessIsAmbiguousForACreate(t *testing.T) {
	for _, body := range []string{"", "{}", "null", `{"id":""}`} {
		w := &wire{steps: []step{answers(201, body)}}
		_, err := httpx.Send(t.Context(), newClient(t, w), create, checkObject(""))
		var e *httpx.Error
		if !errors.As(err, &e) || !e.Ambiguous() ||
			!strings.Contains(err.Error(), "the answer is incomplete: it has no object") ||
			w.attempts() != 1 {
			t.Errorf("%q: got %v after %d attempts", body, err, w.attempts())
		}
	}
	out, err := httpx.Send(
		t.Context(),
		newClient(t, &wire{steps: []step{answers(201, `{"ID":"7"}`)}}),
		create,
		checkObject(""),
	)
	if err != nil || out.ID != "7" {
		t.Errorf("got %+v, %v", out, err)
	}
}

// One odd answer of success decides nothing: a request that may be repeated is sent again.
func TestGet_unusableSuccessIsReadAgain(t *testing.T) {
	for name, body := range map[string]string{
		"empty": "", "nothing": "{}", "null": "null", "list": "[]", "another one": `{"id":"8"}`,
		"web page": "<html>", "cut": `{"id":`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{steps: []step{answers(200, body), answers(200, `{"id":"7"}`)}}
				out, err := httpx.Get(t.Context(), newClient(t, w), "/x", nil, checkObject("7"))
				if err != nil || out.ID != "7" || w.attempts() != 2 {
					t.Errorf("got %+v, %v after %d attempts", out, err, w.attempts())
				}
				w = &wire{steps: []step{answers(200, body)}}
				var e *httpx.Error
				_, err = httpx.Get(t.Context(), newClient(t, w), "/x", nil, checkObject("7"))
				if !errors.As(err, &e) || e.HTTPStatus() != 200 || w.attempts() != 5 {
					t.Errorf("got %v after %d attempts", err, w.attempts())
				}
			})
		})
	}
}

// What an earlier attempt has decoded must not shine through.
func TestGet_decodesEachAttemptAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{answers(200, `{"id":"8","name":"other"}`), answers(200, `{"id":"7"}`)}}
		out, err := httpx.Get(t.Context(), newClient(t, w), "/x", nil, checkObject("7"))
		if err != nil || out != (object{ID: "7"}) {
			t.Errorf("got %+v, %v", out, err)
		}
	})
}

func TestDo_answerThatMustCarryNothing(t *testing.T) {
	for name, tc := range map[string]struct {
		step step
		fits bool
	}{
		"204":             {answers(204, ""), true},
		"204 with a page": {answers(204, "<html>"), false},
		"200":             {answers(200, ""), false},
		"200 with a page": {answers(200, "<html><title>Sign in</title>"), false},
		"200 and {}":      {answers(200, "{}"), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{steps: []step{tc.step}}
				err := newClient(
					t,
					w,
				).Do(
					t.Context(),
					httpx.Call{Method: http.MethodDelete, Path: "/x", Success: http.StatusNoContent},
				)
				if (err == nil) != tc.fits || (!tc.fits && w.attempts() != 5) {
					t.Errorf("got %v after %d attempts", err, w.attempts())
				}
			})
		})
	}
}

// A create may take as long as its caller allows, also where its answer is the finished object.
func TestSend_createHasNoLimitOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		out, err := httpx.Send(
			ctx,
			newClient(t, &wire{steps: []step{after(50 * time.Minute)}}),
			create,
			checkObject(""),
		)
		if err != nil || out.ID != "7" {
			t.Errorf("got %+v, %v", out, err)
		}
		start := time.Now()
		w := &wire{steps: []step{hangs, answers(200, `{"id":"7"}`)}}
		if _, err := httpx.Get(ctx, newClient(t, w), "/x", nil, checkObject("7")); err != nil {
			t.Errorf("each attempt of a read has a limit: %v", err)
		}
		if took := time.Since(start); took < time.Minute || took > 2*time.Minute {
			t.Errorf("took %s", took)
		}
	})
}

// The answer of a create that is under way is waited for a little when the caller's context ends; a read ends at once.
func TestSend_graceForTheAnswerOfACreate(t *testing.T) {
	for name, ctxOf := range map[string]func(context.Context) (context.Context, context.CancelFunc){
		"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
			out, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second, cancel)
			return out, cancel
		},
		"timed out": func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := ctxOf(t.Context())
				defer cancel()
				out, err := httpx.Send(
					ctx,
					newClient(t, &wire{steps: []step{after(5 * time.Second)}}),
					create,
					checkObject(""),
				)
				if err != nil || out.ID != "7" {
					t.Errorf("what the cloud has made is lost: %+v, %v", out, err)
				}

				ctx, cancel = ctxOf(t.Context())
				defer cancel()
				start, w := time.Now(), &wire{steps: []step{after(time.Hour)}}
				err = newClient(t, w, func(o *httpx.Options) { o.Grace = 3 * time.Second }).Do(ctx, create)
				var e *httpx.Error
				if !errors.As(err, &e) || !e.Ambiguous() || !errors.Is(err, ctx.Err()) ||
					time.Since(start) != 4*time.Second ||
					w.attempts() != 1 {
					t.Errorf("got %v after %s and %d attempts", err, time.Since(start), w.attempts())
				}

				ctx, cancel = ctxOf(t.Context())
				defer cancel()
				start = time.Now()
				_, err = httpx.Get(
					ctx,
					newClient(t, &wire{steps: []step{after(time.Hour)}}),
					"/x",
					nil,
					checkObject(""),
				)
				if !errors.Is(err, ctx.Err()) || time.Since(start) != time.Second {
					t.Errorf("a read: %v after %s", err, time.Since(start))
				}
			})
		})
	}
}

func TestDo_errorCarriesThePauseThatTheServerAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := newClient(t, &wire{steps: []step{answers(429, "", "Retry-After", "3600")}}).Do(ctx, create)
		var e *httpx.Error
		if !errors.As(err, &e) || e.Pause() != time.Hour || e.Ambiguous() {
			t.Errorf("got %+v", e)
		}
	})
}

// A credential with a line break never leaves this machine, so nothing can be lost.
func TestDo_headerThatCannotBeSentIsNotAmbiguous(t *testing.T) {
	w := &wire{steps: []step{answers(200, "")}}
	c := newClient(t, w, func(o *httpx.Options) {
		o.Sign = func(req *http.Request, _ []byte) error {
			req.Header.Set("Authorization", "Bearer canary\n")
			return nil
		}
	})
	err := c.Do(t.Context(), create)
	var e *httpx.Error
	if !errors.As(err, &e) || e.Ambiguous() || w.attempts() != 0 || strings.Contains(err.Error(), "canary") ||
		!strings.Contains(err.Error(), "the header Authorization cannot be sent") {
		t.Errorf("got %v after %d attempts", err, w.attempts())
	}
}

// A library's request is repeated when its answer breaks off, as the client's own are.
func TestNewHTTPClient_readsABrokenAnswerAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{steps: []step{breaks(200, "{"), answers(200, `{"access_token":"t"}`)}}
		client := httpx.NewHTTPClient(httpx.Options{Transport: w}, nil)
		if got := post(t, client, "https://api.example/token"); got != `{"access_token":"t"}` || w.attempts() != 2 {
			t.Errorf("got %q after %d attempts", got, w.attempts())
		}
	})
}

package httpx_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// decodeMessage reads a made-up vendor's errors.
func decodeMessage(o *httpx.Options) {
	o.DecodeError = func(_ int, body []byte) httpx.Detail {
		var wire struct {
			Message string `json:"message"`
			Code    string `json:"code"`
			Request string `json:"request"`
			Field   string `json:"field"`
		}
		if json.Unmarshal(body, &wire) != nil {
			return httpx.Detail{}
		}
		d := httpx.Detail{Message: wire.Message, Code: wire.Code, RequestID: wire.Request}
		if wire.Field != "" {
			d.Fields = []httpx.Field{{Name: wire.Field, Message: wire.Message}}
		}
		return d
	}
}

func TestError_carriesTheVendorsDetail(t *testing.T) {
	body := `{"message":"no https://b.example/x?sig=abc","code":"E7","request":"from-body","field":"url"}`
	c := newClient(
		t,
		&wire{steps: []step{answers(415, body, "X-Id", "from-header")}},
		decodeMessage,
		func(o *httpx.Options) { o.RequestIDHeader = "X-Id" },
	)
	var e *httpx.Error
	if err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x"}); !errors.As(err, &e) {
		t.Fatal(err)
	}
	want := "no https://b.example/x?…"
	if e.VendorMessage() != want || e.VendorCode() != "E7" || e.RequestIdentifier() != "from-body" ||
		e.HTTPStatus() != 415 {
		t.Errorf("got %+v", e)
	}
	if f := e.InvalidFields(); len(f) != 1 || f[0].Name != "url" || f[0].Message != want {
		t.Errorf("fields %+v", f)
	}
}

func TestError_requestIDComesFromTheAnswerOrTheRequest(t *testing.T) {
	sign := func(o *httpx.Options) {
		o.RequestIDHeader = "X-Id"
		o.Sign = func(req *http.Request, _ []byte) error { req.Header.Set("X-Id", "ours"); return nil }
	}
	for want, header := range map[string][]string{"theirs": {"X-Id", "theirs"}, "ours": nil} {
		bare := func(req *http.Request) (*http.Response, error) {
			resp, err := answers(404, "", header...)(req)
			resp.Request = nil
			return resp, err
		}
		for _, s := range []step{answers(404, "", header...), bare} {
			var e *httpx.Error
			err := newClient(
				t,
				&wire{steps: []step{s}},
				decodeMessage,
				sign,
			).Do(
				t.Context(),
				httpx.Call{Method: http.MethodGet, Path: "/x"},
			)
			if !errors.As(err, &e) || e.RequestIdentifier() != want {
				t.Errorf("want %s, got %+v", want, e)
			}
		}
	}
}

func TestError_ambiguous(t *testing.T) {
	unknownHost := func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{
			Op:  "dial",
			Err: &net.DNSError{Err: "no such host", Name: "api.example", IsNotFound: true},
		}
	}
	proxyDown := func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "proxyconnect", Err: errors.New("refused")}
	}
	untrusted := func(*http.Request) (*http.Response, error) {
		return nil, &tls.CertificateVerificationError{Err: errors.New("x509: unknown authority")}
	}
	eof := func(*http.Request) (*http.Response, error) { return nil, io.EOF }
	for name, tc := range map[string]struct {
		step      step
		ambiguous bool
	}{
		"refused":         {refuses, false},
		"unknown host":    {unknownHost, false},
		"proxy down":      {proxyDown, false},
		"untrusted":       {untrusted, false},
		"reset":           {resets, true},
		"ended":           {eof, true},
		"no answer":       {hangs, true},
		"broken off":      {breaks(201, `{"id":`), true},
		"not JSON":        {answers(200, "garbage"), true},
		"redirect":        {answers(307, ""), false},
		"bad request":     {answers(400, ""), false},
		"unauthorized":    {answers(401, ""), false},
		"unpaid":          {answers(402, ""), false},
		"not found":       {answers(404, ""), false},
		"request timeout": {answers(408, ""), true},
		"conflict":        {answers(409, ""), false},
		"too many":        {answers(429, ""), false},
		"server error":    {answers(500, ""), true},
		"bad gateway":     {answers(502, "<html>"), true},
		"unavailable":     {answers(503, ""), true},
		"gateway timeout": {answers(504, ""), true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for _, once := range []bool{true, false} {
					var e *httpx.Error
					var out struct{ ID int }
					ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
					defer cancel()
					call := httpx.Call{Method: http.MethodPost, Path: "/x", Out: &out, NonIdempotent: once}
					err := newClient(t, &wire{steps: []step{tc.step}}).Do(ctx, call)
					if !errors.As(err, &e) {
						t.Fatalf("got %v", err)
					}
					if want := once && tc.ambiguous; e.Ambiguous() != want {
						t.Errorf("once %t: ambiguous %t, want %t: %v", once, e.Ambiguous(), want, err)
					}
				}
			})
		})
	}
}

func TestError_signingThatFailsIsNotAmbiguous(t *testing.T) {
	w := &wire{steps: []step{answers(200, "")}}
	reason := errors.New("no token")
	c := newClient(t, w, func(o *httpx.Options) { o.Sign = func(*http.Request, []byte) error { return reason } })
	err := c.Do(t.Context(), httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true})
	var e *httpx.Error
	if !errors.As(err, &e) || !errors.Is(err, reason) || e.Ambiguous() || w.attempts() != 0 ||
		err.Error() != "POST /base/x: no token" {
		t.Errorf("got %v after %d attempts", err, w.attempts())
	}
}

func TestError_neverHoldsTheQuery(t *testing.T) {
	const canary = "canary-7f3a"
	query := url.Values{"token": {canary}}
	steps := map[string]step{
		"refused": refuses,
		"reset":   resets,
		"hang":    hangs,
		"broken":  breaks(200, "{"),
		"garbage": answers(200, "garbage"),
		"url": func(req *http.Request) (*http.Response, error) {
			return nil, &url.Error{
				Op:  "Get",
				URL: req.URL.String(),
				Err: errors.New("cannot reach " + req.URL.String()),
			}
		},
		"location": func(req *http.Request) (*http.Response, error) {
			return answers(302, "", "Location", "https://api.example/%zz?"+req.URL.RawQuery)(req)
		},
		"redirect": func(req *http.Request) (*http.Response, error) {
			return answers(302, "", "Location", "https://other.example/?"+req.URL.RawQuery)(req)
		},
	}
	for name, s := range steps {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := httpx.Get[struct{}](t.Context(), newClient(t, &wire{steps: []step{s}}), "/x", query, nil)
				if err == nil {
					t.Fatal("no error")
				}
				if strings.Contains(err.Error(), canary) {
					t.Errorf("the error holds the query: %s", err)
				}
				t.Log(err)
			})
		})
	}
}

func TestError_tellsTheCallersDeadlineFromItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		read := httpx.Call{Method: http.MethodGet, Path: "/x"}
		err := newClient(t, &wire{steps: []step{hangs}}).Do(t.Context(), read)
		if errors.Is(err, context.DeadlineExceeded) || err == nil || err.Error() != "GET /base/x: no answer in time" {
			t.Errorf("the limit of one attempt: %v", err)
		}
		call := httpx.Call{Method: http.MethodPost, Path: "/x", NonIdempotent: true}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err = newClient(t, &wire{steps: []step{hangs}}).Do(ctx, call)
		if !errors.Is(err, context.DeadlineExceeded) || err.Error() != "POST /base/x: no answer in time" {
			t.Errorf("the caller's deadline: %v", err)
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		if err = newClient(t, &wire{steps: []step{hangs}}).Do(ctx, call); !errors.Is(err, context.Canceled) ||
			err.Error() != "POST /base/x: broken off before an answer came" {
			t.Errorf("the caller's cancel: %v", err)
		}
	})
}

// Support needs the ID most of all when no answer came.
func TestDo_lostAnswerKeepsTheRequestID(t *testing.T) {
	client, err := httpx.New(httpx.Options{
		BaseURL: "https://api.example.net", RequestIDHeader: "X-Id",
		Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection lost") }),
		Sign: func(req *http.Request, _ []byte) error {
			req.Header.Set("X-Id", "sent-with-it")
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var failed *httpx.Error
	if err := client.Do(
		t.Context(), httpx.Call{Method: http.MethodPost, Path: "/things", NonIdempotent: true},
	); !errors.As(
		err,
		&failed,
	) ||
		failed.RequestID != "sent-with-it" ||
		failed.Status != 0 {
		t.Errorf("got %+v", failed)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

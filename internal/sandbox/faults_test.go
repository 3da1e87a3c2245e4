package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/sandboxtest"
)

func TestFault_eachKind(t *testing.T) {
	const text = "0123456789"
	for _, c := range []struct {
		fault sandbox.Fault
		acts  bool
		// status is the journal's.
		status int
		check  func(t *testing.T, got reply)
	}{
		{
			sandbox.Fault{
				Do: sandbox.DoStatus, Status: 429, Body: map[string]any{"message": "slow down"},
				Header: sandbox.Header{"retry-after": {"7"}, "X-Two": {"a", "b"}},
			},
			false, 429, func(t *testing.T, got reply) {
				t.Helper()
				if got.status != 429 || got.header.Get("Retry-After") != "7" ||
					strings.Join(got.header.Values("X-Two"), "") != "ab" ||
					got.header.Get("Content-Type") != "application/json" || got.body != `{"message":"slow down"}` {
					t.Errorf("got %+v", got)
				}
			},
		},
		{
			sandbox.Fault{
				Do: sandbox.DoStatus, Status: 502, Body: "<html>bad</html>",
				Header: sandbox.Header{"Content-Type": {"text/html"}},
			},
			false, 502, func(t *testing.T, got reply) {
				t.Helper()
				if got.status != 502 || got.body != "<html>bad</html>" ||
					got.header.Get("Content-Type") != "text/html" {
					t.Errorf("got %+v", got)
				}
			},
		},
		{
			sandbox.Fault{Do: sandbox.DoStatus, Status: 503},
			false, 503, func(t *testing.T, got reply) {
				t.Helper()
				if got.status != 503 || got.body != "" {
					t.Errorf("got %+v", got)
				}
			},
		},
		{sandbox.Fault{Do: sandbox.DoReset}, false, 0, wantDropped},
		{sandbox.Fault{Do: sandbox.DoLose}, true, 0, wantDropped},
		{
			sandbox.Fault{Do: sandbox.DoDelay, Delay: sandbox.Delay(20 * time.Millisecond)},
			true, 201, func(t *testing.T, got reply) {
				t.Helper()
				if got.status != 201 || !strings.Contains(got.body, text) {
					t.Errorf("got %+v", got)
				}
			},
		},
		{
			sandbox.Fault{Do: sandbox.DoTruncate},
			true, 201, func(t *testing.T, got reply) {
				t.Helper()
				if got.status != 201 || !errors.Is(got.err, io.ErrUnexpectedEOF) ||
					got.header.Get("Content-Length") == "" ||
					fmt.Sprint(2*len(got.body)) > got.header.Get("Content-Length") ||
					!strings.HasPrefix(got.body, `{"text":`) {
					t.Errorf("got %+v", got)
				}
			},
		},
		{
			sandbox.Fault{Do: sandbox.DoGarbage},
			true, 201, func(t *testing.T, got reply) {
				t.Helper()
				if got.status != 201 || got.err != nil || !strings.Contains(got.body, "not JSON") {
					t.Errorf("got %+v", got)
				}
			},
		},
		{sandbox.Fault{Do: sandbox.DoMistype}, true, 201, wantBody(`"text":10`)},
		{sandbox.Fault{Do: sandbox.DoUnknown}, true, 201, wantBody(`"text":"0123456789"`)},
		{
			sandbox.Fault{Do: sandbox.DoDrip, Delay: sandbox.Delay(time.Millisecond)},
			true, 201, wantBody(`"text":"0123456789"`),
		},
	} {
		t.Run(fmt.Sprint(c.fault.Do, c.fault.Status), func(t *testing.T) {
			s := sandboxtest.Start(t, twoClouds())
			c.fault.Path, c.fault.To = "^/alpha/notes$", 1
			s.Fault(c.fault)
			start := time.Now()
			c.check(t, ask(t, "POST", s.URL()+"/alpha/notes", text))
			if took := time.Since(start); took < time.Duration(c.fault.Delay) {
				t.Errorf("answered after %s", took)
			}
			want := []string{"seed"}
			if c.acts {
				want = append(want, text)
			}
			if diff := cmp.Diff(want, notes(t, s, "alpha")); diff != "" {
				t.Error(diff)
			}
			if j := s.Journal(); len(j) != 1 || j[0].Status != c.status || j[0].Fault != c.fault.Do {
				t.Errorf("journal: %+v", j)
			}
			if got := ask(t, "POST", s.URL()+"/alpha/notes", text); got.status != 201 {
				t.Errorf("after the window: %+v", got)
			}
		})
	}
}

func wantBody(part string) func(t *testing.T, got reply) {
	return func(t *testing.T, got reply) {
		t.Helper()
		if got.status != 201 || got.err != nil || !strings.Contains(got.body, part) {
			t.Errorf("got %+v, want a body with %s", got, part)
		}
	}
}

func wantDropped(t *testing.T, got reply) {
	t.Helper()
	if !errors.Is(got.err, syscall.ECONNRESET) && !errors.Is(got.err, io.EOF) {
		t.Errorf("got %+v", got)
	}
}

func TestFault_windowsCountPerFault(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	s.Fault(
		sandbox.Fault{Method: "get", Path: "notes", From: 2, To: 3, Do: sandbox.DoStatus, Status: 500},
		sandbox.Fault{Path: "alpha", From: 3, To: 4, Do: sandbox.DoStatus, Status: 400},
		sandbox.Fault{Path: "beta", From: 2, Do: sandbox.DoStatus, Status: 404},
	)
	var got []int
	for _, path := range []string{
		"/alpha/notes", "/alpha/notes", "/alpha/notes", "/alpha/notes", "/alpha/notes",
		"/beta/notes", "/beta/notes", "/beta/notes",
	} {
		got = append(got, ask(t, "GET", s.URL()+path, "").status)
	}
	// The third request is in the windows of the first two faults: the first in the list wins, and both count it.
	if diff := cmp.Diff([]int{200, 500, 500, 400, 200, 200, 404, 404}, got); diff != "" {
		t.Error(diff)
	}
	var counts []int
	for _, f := range s.Faults() {
		counts = append(counts, f.Count)
	}
	if diff := cmp.Diff([]int{8, 5, 3}, counts); diff != "" {
		t.Error(diff)
	}
}

func TestFault_ofOneClient(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	s.Fault(sandbox.Fault{Do: sandbox.DoStatus, Status: 503, UserAgent: "alpha-client"})
	for agent, want := range map[string]int{"alpha-client/1": 503, "beta-client/1": 201} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/alpha/notes", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", agent)
		resp, err := (&http.Client{Transport: s.Transport()}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close() // It has not been read.
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", agent, resp.StatusCode, want)
		}
	}
	if got := s.Faults(); len(got) != 1 || got[0].Count != 1 {
		t.Errorf("%+v", got)
	}
}

func TestFault_whatIsShownCanBeSentBack(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	const sent = `[{"method":"POST","path":"notes","from":2,"to":3,"do":"status","status":500,` +
		`"header":{"A":"b","C":["d","e"]},"body":{"n":12345678901234567890},"delay":"1ms"}]`
	put := ask(t, "PUT", s.URL()+"/_sandbox/faults", sent)
	got := ask(t, "GET", s.URL()+"/_sandbox/faults", "")
	again := ask(t, "PUT", s.URL()+"/_sandbox/faults", got.body)
	if put.status != 200 || got.body != put.body || again.body != got.body {
		t.Errorf("put %+v\ngot %+v\nagain %+v", put, got, again)
	}
	for _, part := range []string{`"A":"b"`, `["d","e"]`, `12345678901234567890`, `"count":0`, `"delay":"1ms"`} {
		if !strings.Contains(got.body, part) {
			t.Errorf("%s is missing in %s", part, got.body)
		}
	}
	if cleared := ask(t, "DELETE", s.URL()+"/_sandbox/faults", ""); cleared.status != 200 || len(s.Faults()) != 0 {
		t.Errorf("DELETE: %+v", cleared)
	}
}

func TestFault_hangEndsWithTheClient(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	s.Fault(sandbox.Fault{Method: "POST", Do: sandbox.DoHang})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	req := newRequest(t, "POST", s.URL()+"/alpha/notes", "never").WithContext(ctx)
	if got := do(req); !errors.Is(got.err, context.DeadlineExceeded) {
		t.Errorf("got %+v", got)
	}
	// Others are served meanwhile, and nothing was done.
	if got := ask(t, "GET", s.URL()+"/alpha/notes", ""); got.status != 200 {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"seed"}, notes(t, s, "alpha")); diff != "" {
		t.Error(diff)
	}
}

func TestFault_hangAndDelayEndWithTheSandbox(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	s.Fault(
		sandbox.Fault{Path: "alpha", Do: sandbox.DoHang},
		sandbox.Fault{Path: "beta", Do: sandbox.DoDelay, Delay: sandbox.Delay(time.Hour)},
	)
	var clients sync.WaitGroup
	for _, name := range []string{"alpha", "beta"} {
		req := newRequest(t, "POST", s.URL()+"/"+name+"/notes", "never")
		clients.Go(func() {
			if got := do(req); got.err == nil {
				t.Errorf("got %+v", got)
			}
		})
	}
	for len(s.Journal()) < 2 {
		if t.Context().Err() != nil {
			t.Fatal("the requests never came")
		}
	}
	start := time.Now()
	s.Stop()
	clients.Wait()
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %s to stop", took)
	}
}

func TestFault_delayHoldsUpNobodyElse(t *testing.T) {
	s := sandboxtest.Start(t, twoClouds())
	s.Fault(sandbox.Fault{Method: "POST", Do: sandbox.DoDelay, Delay: sandbox.Delay(time.Hour)})
	req := newRequest(t, "POST", s.URL()+"/alpha/notes", "late")
	var client sync.WaitGroup
	client.Go(func() { do(req) })
	defer client.Wait()
	defer s.Stop()
	for len(s.Journal()) < 1 {
		if t.Context().Err() != nil {
			t.Fatal("the request never came")
		}
	}
	if got := ask(t, "GET", s.URL()+"/alpha/notes", ""); got.status != 200 || strings.Contains(got.body, "late") {
		t.Errorf("got %+v", got)
	}
}

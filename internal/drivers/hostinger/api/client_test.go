package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// answer is one canned answer.
type answer struct {
	status int
	header map[string]string
	body   string
}

// script answers requests in order, and keeps what came.
type script struct {
	t       *testing.T
	answers []answer
	seen    []string
}

// RoundTrip checks what every request must have, and answers without a network.
func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	s.t.Helper()
	if len(s.answers) == 0 {
		s.t.Fatalf("unexpected request %s %s", req.Method, req.URL)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer secret-token", "Accept": "application/json",
		"Content-Type": "application/json", "User-Agent": "test/1",
	} {
		if got := req.Header.Get(name); got != want {
			s.t.Errorf("%s %s: header %s = %q, want %q", req.Method, req.URL.Path, name, got, want)
		}
	}
	if req.Body != nil {
		if body, err := io.ReadAll(req.Body); err != nil || len(body) > 0 {
			s.t.Errorf("%s %s: body %q, %v, want none", req.Method, req.URL.Path, body, err)
		}
	}
	s.seen = append(s.seen, req.Method+" "+req.URL.RequestURI())
	next := s.answers[0]
	s.answers = s.answers[1:]
	w := httptest.NewRecorder()
	for name, value := range next.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(next.status)
	_, _ = w.WriteString(next.body)
	resp := w.Result()
	resp.Request = req
	return resp, nil
}

func newClient(t *testing.T, retryWait time.Duration, answers ...answer) (*api.Client, *script) {
	t.Helper()
	s := &script{t: t, answers: answers}
	c, err := api.New(httpx.Options{
		BaseURL: "https://api.example/base/", UserAgent: "test/1", Transport: s, RetryWait: retryWait,
	}, "secret-token")
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func at(text string) httpx.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return httpx.Time{Time: t}
}

const vmPath = "/base/api/vps/v1/virtual-machines/17923"

func TestClient_operations(t *testing.T) {
	restoreTime := int64(900)
	for _, test := range []struct {
		name, fixture, request string
		call                   func(context.Context, *api.Client) (any, error)
		want                   any
	}{
		{
			"get snapshot", "get_snapshot.json", "GET " + vmPath + "/snapshot",
			func(ctx context.Context, c *api.Client) (any, error) { return c.GetSnapshot(ctx, 17923) },
			api.Snapshot{
				ID: 9001, RestoreTime: &restoreTime, CreatedAt: at("2026-09-21T10:05:00Z"),
				ExpiresAt: at("2026-10-11T10:05:00.25Z"),
			},
		},
		{
			"create snapshot", "create_snapshot.json", "POST " + vmPath + "/snapshot",
			func(ctx context.Context, c *api.Client) (any, error) { return c.CreateSnapshot(ctx, 17923) },
			api.Action{
				ID: 555001, Name: "snapshot_create", State: "sent", CreatedAt: at("2026-09-21T10:00:00Z"),
				UpdatedAt: at("2026-09-21T10:00:01Z"),
			},
		},
		{
			"delete snapshot", "delete_snapshot.json", "DELETE " + vmPath + "/snapshot",
			func(ctx context.Context, c *api.Client) (any, error) { return c.DeleteSnapshot(ctx, 17923) },
			api.Action{
				ID: 555002, Name: "snapshot_delete", State: "created", CreatedAt: at("2026-09-21T11:00:00Z"),
				UpdatedAt: at("2026-09-21T11:00:00Z"),
			},
		},
		{
			"restore snapshot", "restore_snapshot.json", "POST " + vmPath + "/snapshot/restore",
			func(ctx context.Context, c *api.Client) (any, error) { return c.RestoreSnapshot(ctx, 17923) },
			api.Action{
				ID: 555003, Name: "snapshot_restore", State: "delayed", CreatedAt: at("2026-09-21T12:00:00Z"),
				UpdatedAt: at("2026-09-21T12:00:02Z"),
			},
		},
		{
			"get action, times with a blank", "get_action.json", "GET " + vmPath + "/actions/555001",
			func(ctx context.Context, c *api.Client) (any, error) { return c.GetAction(ctx, 17923, 555001) },
			api.Action{
				ID: 555001, Name: "snapshot_create", State: "success", CreatedAt: at("2026-09-21T10:00:00Z"),
				UpdatedAt: at("2026-09-21T10:05:00.123456Z"),
			},
		},
		{
			"get VM", "get_virtual_machine.json", "GET " + vmPath,
			func(ctx context.Context, c *api.Client) (any, error) { return c.GetVirtualMachine(ctx, 17923) },
			api.VirtualMachine{ID: 17923, Hostname: "srv17923.hstgr.cloud", State: "running", ActionsLock: "locked"},
		},
		{
			"list VMs", "list_virtual_machines.json", "GET /base/api/vps/v1/virtual-machines",
			func(ctx context.Context, c *api.Client) (any, error) { return c.ListVirtualMachines(ctx) },
			[]api.VirtualMachine{
				{ID: 17923, Hostname: "srv17923.hstgr.cloud", State: "running", ActionsLock: "unlocked"},
				{ID: 17924, Hostname: "srv17924.hstgr.cloud", State: "a word of tomorrow", ActionsLock: "locked"},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, status := range []int{200, 201, 202} {
				c, s := newClient(t, time.Millisecond, answer{status: status, body: fixture(t, test.fixture)})
				got, err := test.call(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff([]string{test.request}, s.seen); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestListActions_pages(t *testing.T) {
	pages := []answer{
		{status: 200, body: fixture(t, "list_actions-1.json")},
		{status: 200, body: fixture(t, "list_actions-2.json")},
	}
	c, s := newClient(t, time.Millisecond, pages...)
	var all []api.Action
	for page, err := range c.ListActions(t.Context(), 17923) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
	}
	if len(all) != 3 || all[2].ID != 555001 {
		t.Errorf("got %+v", all)
	}
	if diff := cmp.Diff(
		[]string{"GET " + vmPath + "/actions?page=1", "GET " + vmPath + "/actions?page=2"}, s.seen,
	); diff != "" {
		t.Error(diff)
	}

	c, s = newClient(t, time.Millisecond, pages...)
	for first, err := range c.ListActions(t.Context(), 17923) {
		if err != nil || len(first) != 2 {
			t.Errorf("got %+v, %v", first, err)
		}
		break
	}
	if len(s.seen) != 1 {
		t.Errorf("the loop ended, and these pages were read: %v", s.seen)
	}
}

func TestGetSnapshot_noneInEveryForm(t *testing.T) {
	for _, body := range []string{
		"", " \n", "null", "{}", "[]", " [ ] ", `{"id":0}`, `{"id":null,"created_at":null}`, `{"message":"none"}`,
	} {
		for _, status := range []int{200, 204} {
			c, _ := newClient(t, time.Millisecond, answer{status: status, body: body})
			if got, err := c.GetSnapshot(t.Context(), 17923); err != nil || got.ID != 0 {
				t.Errorf("%d %q: got %+v, %v", status, body, got, err)
			}
		}
	}
	for _, body := range []string{
		`[{"id":1}]`, `"none"`, `{"id":"abc"}`, `{"id":1,"created_at":"yesterday"}`, "<html>",
	} {
		odd := answer{status: 200, body: body}
		c, _ := newClient(t, time.Millisecond, odd, odd, odd, odd, odd)
		if got, err := c.GetSnapshot(t.Context(), 17923); err == nil {
			t.Errorf("%q passes for %+v", body, got)
		}
	}
}

// Whether a success without an action was acted on is for the caller to find out.
func TestMutation_answerWithoutAnActionIsAmbiguous(t *testing.T) {
	for _, body := range []string{"", "{}", "null", `{"message":"ok"}`} {
		c, _ := newClient(t, time.Millisecond, answer{status: 200, body: body})
		_, err := c.CreateSnapshot(t.Context(), 17923)
		var failed *httpx.Error
		if !errors.As(err, &failed) || !failed.Ambiguous() {
			t.Errorf("%q: got %v", body, err)
		}
	}
}

func TestErrors_everyForm(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		want   httpx.Detail
	}{
		{
			401, fixture(t, "error-401-unauthenticated.json"),
			httpx.Detail{Message: "Unauthenticated", RequestID: "26a91bd9-f8c8-4a83-9df9-83e23d696fe3"},
		},
		{403, fixture(t, "error-403-foreign.json"), httpx.Detail{
			Message: "[VPS:2000] Unauthorized", Code: "VPS:2000", RequestID: "5e0ab2b1-7d0c-4a9e-9f0f-1d6f6f1c0a11",
		}},
		{404, fixture(t, "error-404-error-field.json"), httpx.Detail{
			Message: "[VPS:2002] Route is not found", Code: "VPS:2002",
			RequestID: "0b6c7c7c-52f5-4c0f-8f39-6f0a8f7e3b22",
		}},
		{422, fixture(t, "error-422-fields.json"), httpx.Detail{
			Message: "The given data was invalid", RequestID: "c1",
			Fields: []httpx.Field{
				{Name: "name", Message: "is unknown"}, {Name: "page", Message: "must be a number must be positive"},
			},
		}},
		{
			501, fixture(t, "error-500-object.json"),
			httpx.Detail{Message: "[VPS:2004] Something broke", Code: "VPS:2004"},
		},
		{404, "", httpx.Detail{Message: "Not Found"}},
		{403, "plain text", httpx.Detail{Message: "plain text"}},
	} {
		c, _ := newClient(t, time.Millisecond, answer{status: test.status, body: test.body})
		_, err := c.GetSnapshot(t.Context(), 17923)
		var failed *httpx.Error
		if !errors.As(err, &failed) || failed.Status != test.status {
			t.Fatalf("%d %q: got %v", test.status, test.body, err)
		}
		if diff := cmp.Diff(test.want, failed.Detail); diff != "" {
			t.Errorf("%d %q: %s", test.status, test.body, diff)
		}
	}
}

func TestMutations_areSentOnce(t *testing.T) {
	for name, call := range map[string]func(*api.Client) (api.Action, error){
		"create":  func(c *api.Client) (api.Action, error) { return c.CreateSnapshot(t.Context(), 17923) },
		"delete":  func(c *api.Client) (api.Action, error) { return c.DeleteSnapshot(t.Context(), 17923) },
		"restore": func(c *api.Client) (api.Action, error) { return c.RestoreSnapshot(t.Context(), 17923) },
	} {
		c, s := newClient(t, time.Millisecond, answer{status: 503}, answer{status: 200, body: "{}"})
		_, err := call(c)
		var failed *httpx.Error
		if !errors.As(err, &failed) || !failed.Ambiguous() || len(s.seen) != 1 {
			t.Errorf("%s: got %v after %v", name, err, s.seen)
		}
	}
}

func TestRateLimit_pauses(t *testing.T) {
	for _, test := range []struct {
		name   string
		header func(now time.Time) map[string]string
		want   time.Duration
	}{
		{
			"Retry-After", func(time.Time) map[string]string { return map[string]string{"Retry-After": "7"} },
			7 * time.Second,
		},
		{
			"seconds", func(time.Time) map[string]string { return map[string]string{"X-RateLimit-Reset": "9"} },
			9 * time.Second,
		},
		{"Unix time", func(now time.Time) map[string]string {
			return map[string]string{"X-RateLimit-Reset": strconv.FormatInt(now.Unix()+11, 10)}
		}, 11 * time.Second},
		{"Unix time by the server's clock", func(now time.Time) map[string]string {
			server := now.Add(time.Hour)
			return map[string]string{
				"Date":              server.UTC().Format(http.TimeFormat),
				"X-RateLimit-Reset": strconv.FormatInt(server.Unix()+13, 10),
			}
		}, 13 * time.Second},
		{"nothing", func(time.Time) map[string]string { return nil }, 30 * time.Second},
		{
			"rubbish", func(time.Time) map[string]string { return map[string]string{"X-RateLimit-Reset": "soon"} },
			30 * time.Second,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				c, s := newClient(
					t,
					0,
					answer{status: 429, header: test.header(start)},
					answer{status: 200, body: fixture(t, "create_snapshot.json")},
				)
				if _, err := c.CreateSnapshot(t.Context(), 17923); err != nil {
					t.Fatal(err)
				}
				// httpx adds a little jitter.
				if got := time.Since(start); got < test.want || got > test.want+time.Second || len(s.seen) != 2 {
					t.Errorf("paused for %s and sent %d, want %s and 2", got, len(s.seen), test.want)
				}
			})
		})
	}
}

func TestRateLimit_fastRetriesNeedNoRealTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c, _ := newClient(t, time.Millisecond, answer{status: 429}, answer{status: 200, body: "{}"})
		if _, err := c.GetSnapshot(t.Context(), 17923); err != nil || time.Since(start) > time.Second {
			t.Errorf("paused for %s, %v", time.Since(start), err)
		}
	})
}

func TestNew_refusesPlainHTTP(t *testing.T) {
	if _, err := api.New(httpx.Options{BaseURL: "http://developers.hostinger.com"}, ""); err == nil {
		t.Error("plain http was accepted")
	}
}

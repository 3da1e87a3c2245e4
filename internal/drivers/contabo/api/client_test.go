package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// exchange is one request that must come, and its answer. Fixtures are files of testdata; empty means no body.
type exchange struct {
	method, path, query, request string
	status                       int
	answer                       string
}

// server checks requests against a list, in order.
type server struct {
	t *testing.T

	mu     sync.Mutex
	want   []exchange
	ids    map[string]bool
	grants int
}

var uuidV4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// serve starts a server, and makes a client of it.
func serve(t *testing.T, want ...exchange) *Client {
	t.Helper()
	s := &server{t: t, want: want, ids: map[string]bool{}}
	listener := httptest.NewServer(s)
	t.Cleanup(func() {
		listener.Close()
		if len(s.want) > 0 {
			t.Errorf("never asked: %+v", s.want)
		}
	})
	return client(t, listener.URL, nil)
}

func client(t *testing.T, base string, change func(*httpx.Options)) *Client {
	t.Helper()
	o := httpx.Options{BaseURL: base + "/base", UserAgent: "test/1", RetryWait: time.Millisecond}
	if change != nil {
		change(&o)
	}
	c, err := New(o, Credentials{
		TokenURL: base + "/token",
		ClientID: "the-client", ClientSecret: "the-secret", Username: "me@example.net", Password: "pa&ss=wo rd",
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Errorf("read: %v", err)
	}
	if got := r.Header.Get("User-Agent"); got != "test/1" {
		s.t.Errorf("User-Agent %q", got)
	}
	if r.URL.Path == "/token" {
		s.grants++
		s.checkGrant(r, string(body))
		s.write(w, http.StatusOK, "token.json")
		return
	}
	if len(s.want) == 0 {
		s.t.Errorf("unexpected %s %s", r.Method, r.URL)
		return
	}
	e := s.want[0]
	s.want = s.want[1:]
	if r.Method != e.method || r.URL.EscapedPath() != "/base"+e.path || r.URL.RawQuery != e.query {
		s.t.Errorf("got %s %s?%s\nwant %+v", r.Method, r.URL.EscapedPath(), r.URL.RawQuery, e)
	}
	id := r.Header.Get("X-Request-Id")
	if !uuidV4.MatchString(id) || s.ids[id] {
		s.t.Errorf("x-request-id %q", id)
	}
	s.ids[id] = true
	for name, want := range map[string]string{
		"Authorization": "Bearer aaa.bbb.ccc", "X-Trace-Id": "terraform-provider-cloudsnap",
		"Accept": "application/json",
	} {
		if got := r.Header.Get(name); got != want {
			s.t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if want := bytes.TrimSpace(s.fixture(e.request)); !bytes.Equal(body, want) {
		s.t.Errorf("body\n got %s\nwant %s", body, want)
	}
	if got := r.Header.Get("Content-Type"); (len(body) > 0) != (got == "application/json") {
		s.t.Errorf("Content-Type %q of %d bytes", got, len(body))
	}
	s.write(w, e.status, e.answer)
}

func (s *server) checkGrant(r *http.Request, body string) {
	s.t.Helper()
	want := "client_id=the-client&client_secret=the-secret&grant_type=password&" +
		"password=pa%26ss%3Dwo+rd&username=me%40example.net"
	if r.Method != http.MethodPost || body != want ||
		r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		s.t.Errorf("grant %s %q %s", r.Method, r.Header.Get("Content-Type"), body)
	}
	if r.Header.Get("Authorization") != "" {
		s.t.Error("credentials in the header too")
	}
}

func (s *server) write(w http.ResponseWriter, status int, name string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := w.Write(s.fixture(name)); err != nil {
		s.t.Errorf("write: %v", err)
	}
}

func (s *server) fixture(name string) []byte {
	if name == "" {
		return nil
	}
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		s.t.Error(err)
	}
	return content
}

func TestClient_operations(t *testing.T) {
	const (
		all = "/v1/compute/instances/42001/snapshots"
		one = all + "/snap1790000000"
		img = "/v1/compute/images/5b0e2a4c-7a55-4f2e-8a52-5c8f3d1c9a01"
	)
	text := func(s string) *string { return &s }
	number := func(f float64) *float64 { return &f }
	custom := false
	snapshot := Snapshot{
		SnapshotID: "snap1790000000", InstanceID: 42001, Name: "before upgrade",
		Description: "all of it", CreatedDate: "2026-09-21T14:13:20.000Z",
		AutoDeleteDate: "2026-10-21T14:13:20.000Z", ImageID: "0c0b6a7e-2f7b-4c52-9c53-6d1f6f7f0a01",
		ImageName: "debian-12",
	}
	odd := snapshot
	odd.SnapshotID = "a/b"
	image := Image{
		ImageID: "5b0e2a4c-7a55-4f2e-8a52-5c8f3d1c9a01", Name: "golden",
		Description: "as it should be", URL: "https://img.example.net/golden.qcow2",
		SizeMB: number(0), UploadedSizeMB: number(812.5),
		OSType: "Linux", Version: "7", Format: "qcow2", Status: "downloading",
		CreationDate: "2026-09-21T10:00:00.000Z", LastModifiedDate: "2026-09-21T10:00:05.000Z",
	}
	for name, c := range map[string]struct {
		want []exchange
		call func(ctx context.Context, c *Client) (any, error)
		got  any
	}{
		"createSnapshot": {
			[]exchange{{http.MethodPost, all, "", "createSnapshot-request.json", 201, "createSnapshot.json"}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.CreateSnapshot(
					ctx, 42001, CreateSnapshotRequest{Name: "before upgrade", Description: "all of it"},
				)
			}, snapshot,
		},
		"createSnapshot without a description": {
			[]exchange{{http.MethodPost, all, "", "createSnapshot-minimal-request.json", 201, "createSnapshot.json"}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.CreateSnapshot(ctx, 42001, CreateSnapshotRequest{Name: "before upgrade"})
			}, snapshot,
		},
		"retrieveSnapshot": {
			[]exchange{{http.MethodGet, one, "", "", 200, "createSnapshot.json"}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.RetrieveSnapshot(ctx, 42001, "snap1790000000")
			}, snapshot,
		},
		"retrieveSnapshot escapes": {
			[]exchange{{http.MethodGet, all + "/a%2Fb", "", "", 200, "retrieveSnapshot-odd.json"}},
			func(ctx context.Context, c *Client) (any, error) { return c.RetrieveSnapshot(ctx, 42001, "a/b") }, odd,
		},
		"updateSnapshot": {
			[]exchange{{http.MethodPatch, one, "", "updateSnapshot-request.json", 200, "createSnapshot.json"}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.UpdateSnapshot(
					ctx, 42001, "snap1790000000", UpdateSnapshotRequest{Name: text("after upgrade")},
				)
			}, snapshot,
		},
		"deleteSnapshot": {
			[]exchange{{http.MethodDelete, one, "", "", 204, ""}},
			func(ctx context.Context, c *Client) (any, error) {
				return nil, c.DeleteSnapshot(ctx, 42001, "snap1790000000")
			}, nil,
		},
		"rollbackSnapshot": {
			[]exchange{
				{http.MethodPost, one + "/rollback", "", "rollbackSnapshot-request.json", 200, "rollbackSnapshot.json"},
			},
			func(ctx context.Context, c *Client) (any, error) {
				return nil, c.RollbackSnapshot(ctx, 42001, "snap1790000000")
			}, nil,
		},
		"retrieveSnapshotList": {
			[]exchange{
				{
					http.MethodGet, all, "name=a+b&orderBy=name%3Aasc&orderBy=snapshotId%3Aasc&page=1&size=100", "",
					200, "retrieveSnapshotList-1.json",
				},
				{
					http.MethodGet, all, "name=a+b&orderBy=name%3Aasc&orderBy=snapshotId%3Aasc&page=2&size=100", "",
					200, "retrieveSnapshotList-2.json",
				},
			},
			func(ctx context.Context, c *Client) (any, error) {
				return collect(c.RetrieveSnapshotList(ctx, 42001, "a b"))
			},
			[]Snapshot{
				{SnapshotID: "snap1790000000", InstanceID: 42001, Name: "a"},
				{SnapshotID: "snap1790000001", InstanceID: 42001, Name: "b"},
			},
		},
		"retrieveInstancesList": {
			[]exchange{{
				http.MethodGet, "/v1/compute/instances", "orderBy=name%3Aasc&orderBy=instanceId%3Aasc&page=1&size=100",
				"", 200, "retrieveInstancesList.json",
			}},
			func(ctx context.Context, c *Client) (any, error) { return collect(c.RetrieveInstancesList(ctx)) },
			[]Instance{{
				InstanceID: 42001, Name: "vmi42001", DisplayName: "web-1", Region: "EU", Status: "running",
				ProductType: "nvme",
			}},
		},
		"retrieveInstance": {
			[]exchange{{http.MethodGet, "/v1/compute/instances/42001", "", "", 200, "retrieveInstancesList.json"}},
			func(ctx context.Context, c *Client) (any, error) { return c.RetrieveInstance(ctx, 42001) },
			Instance{
				InstanceID: 42001, Name: "vmi42001", DisplayName: "web-1", Region: "EU", Status: "running",
				ProductType: "nvme",
			},
		},
		"createCustomImage": {
			[]exchange{{
				http.MethodPost, "/v1/compute/images", "", "createCustomImage-request.json", 201,
				"createCustomImage.json",
			}},
			func(ctx context.Context, c *Client) (any, error) {
				return c.CreateCustomImage(ctx, CreateCustomImageRequest{
					Name: "golden", Description: "as it should be",
					URL: "https://img.example.net/golden.qcow2", OSType: "Linux", Version: "7",
				})
			}, image.ImageID,
		},
		"retrieveImage": {
			[]exchange{{http.MethodGet, img, "", "", 200, "retrieveImage.json"}},
			func(ctx context.Context, c *Client) (any, error) { return c.RetrieveImage(ctx, image.ImageID) }, image,
		},
		"updateImage": {
			[]exchange{{http.MethodPatch, img, "", "updateImage-request.json", 200, "createCustomImage.json"}},
			func(ctx context.Context, c *Client) (any, error) {
				return nil, c.UpdateImage(ctx, image.ImageID, UpdateCustomImageRequest{Description: text("better")})
			}, nil,
		},
		"deleteImage": {
			[]exchange{{http.MethodDelete, img, "", "", 204, ""}},
			func(ctx context.Context, c *Client) (any, error) { return nil, c.DeleteImage(ctx, image.ImageID) }, nil,
		},
		"retrieveImageList": {
			[]exchange{{
				http.MethodGet, "/v1/compute/images",
				"name=gold&orderBy=name%3Aasc&orderBy=imageId%3Aasc&page=1&search=lin&size=100&standardImage=false", "",
				200, "retrieveImageList.json",
			}},
			func(ctx context.Context, c *Client) (any, error) {
				return collect(c.RetrieveImageList(ctx, ImageFilter{Name: "gold", StandardImage: &custom, Search: "lin"}))
			},
			[]Image{{ImageID: image.ImageID, Name: "golden", Tags: []Tag{{TagName: "web"}}}},
		},
		"retrieveCustomImagesStats": {
			[]exchange{{http.MethodGet, "/v1/compute/images/stats", "", "", 200, "retrieveCustomImagesStats.json"}},
			func(ctx context.Context, c *Client) (any, error) { return c.RetrieveCustomImagesStats(ctx) },
			ImageStats{CurrentImagesCount: number(4), TotalSizeMB: 102400, UsedSizeMB: 55000, FreeSizeMB: 47400},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.call(t.Context(), serve(t, c.want...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.got, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestClient_requestIDInErrors(t *testing.T) {
	c := serve(t, exchange{http.MethodDelete, "/v1/compute/images/x", "", "", 409, ""})
	var failed *httpx.Error
	if err := c.DeleteImage(t.Context(), "x"); !errors.As(err, &failed) || !uuidV4.MatchString(failed.RequestID) ||
		failed.Ambiguous() {
		t.Errorf("%+v", err)
	}
}

func TestClient_createsAreSentOnce(t *testing.T) {
	for name, call := range map[string]func(c *Client) error{
		"snapshot": func(c *Client) error {
			_, err := c.CreateSnapshot(t.Context(), 42001, CreateSnapshotRequest{Name: "a"})
			return err
		},
		"image": func(c *Client) error {
			_, err := c.CreateCustomImage(t.Context(), CreateCustomImageRequest{})
			return err
		},
		"rollback": func(c *Client) error { return c.RollbackSnapshot(t.Context(), 42001, "a") },
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/token" {
					(&server{t: t}).write(w, http.StatusOK, "token.json")
					return
				}
				tries++
				w.WriteHeader(http.StatusBadGateway)
			}))
			defer listener.Close()
			var failed *httpx.Error
			if err := call(client(t, listener.URL, nil)); !errors.As(err, &failed) || !failed.Ambiguous() ||
				tries != 1 {
				t.Errorf("%d tries: %v", tries, err)
			}
		})
	}
}

func TestDecodeError(t *testing.T) {
	for body, want := range map[string]httpx.Detail{
		`{"statusCode":415,"message":"Unsupported Media Type: no"}`: {Message: "Unsupported Media Type: no"},
		`{"statusCode":400,"message":["name must be shorter","strange things"],"error":"Bad Request"}`: {
			Message: "name must be shorter; strange things",
			Fields:  []httpx.Field{{Name: "name", Message: "name must be shorter"}},
		},
		`{"statusCode":409,"message":{"message":"inner"}}`:           {Message: "inner"},
		`{"error":"Not Found"}`:                                      {Message: "Not Found"},
		`{"error":"invalid_token","error_description":"it is over"}`: {Message: "it is over"},
		`{"message":" ","error":"Bad Gateway"}`:                      {Message: "Bad Gateway"},
		`{"message":null}`:                                           {},
		`{"message":17}`:                                             {},
		`["an array"]`:                                               {},
		`<html></html>`:                                              {},
		`plain`:                                                      {},
		``:                                                           {},
	} {
		if diff := cmp.Diff(want, decodeError(0, json.RawMessage(body))); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}

// An answer of success without a list is not an empty list.
func TestList_oddAnswersAreErrors(t *testing.T) {
	for _, odd := range []string{"", "{}", "null", "[]", "<html>"} {
		c := client(t, "https://contabo.invalid", func(o *httpx.Options) {
			o.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
				if strings.HasSuffix(req.URL.Path, "/token") {
					return reply(http.StatusOK, `{"access_token":"token"}`), nil
				}
				return reply(http.StatusOK, odd), nil
			})
		})
		if list, err := collect(c.RetrieveSnapshotList(t.Context(), 42001, "")); err == nil {
			t.Errorf("%q passes for %+v", odd, list)
		}
	}
}

// collect reads a listing to its end. It returns what came before an error.
func collect[T any](list iter.Seq2[[]T, error]) (out []T, err error) {
	for page, err := range list {
		if err != nil {
			return out, err
		}
		out = append(out, page...)
	}
	return out, nil
}

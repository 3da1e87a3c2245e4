package api_test

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
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	snapshotID = "3f0c1d2e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
	volumeID   = "7d0b3c52-1f4e-4a8b-9c6d-2e5f8a1b3c4d"
	orgID      = "8a7b6c5d-4e3f-4a2b-9c1d-0e9f8a7b6c5d"
	projectID  = "6a1c9e04-7b2d-4f35-8e90-1d2c3b4a5f60"
)

// request is what a server saw.
type request struct {
	Line, Query string
	Header      http.Header
	Body        string
}

// answer is what a server says.
type answer struct {
	Status  int
	Fixture string
	Header  map[string]string
}

// serve answers the requests in turn, the last answer again and again, and returns what it has seen.
func serve(t *testing.T, answers ...answer) (*api.Client, *[]request) {
	t.Helper()
	var seen []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		seen = append(seen, request{r.Method + " " + r.URL.EscapedPath(), r.URL.RawQuery, r.Header, string(body)})
		a := answers[min(len(seen), len(answers))-1]
		for name, value := range a.Header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.Status)
		if a.Fixture != "" {
			_, _ = w.Write(fixture(t, a.Fixture))
		}
	}))
	t.Cleanup(server.Close)
	client, err := api.New(httpx.Options{
		BaseURL: server.URL + "/koyeb/", UserAgent: "test/1", RetryWait: time.Millisecond,
	}, api.Account{Token: "canary", ProjectID: projectID})
	if err != nil {
		t.Fatal(err)
	}
	return client, &seen
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func size(n int64) *api.Int64 { v := api.Int64(n); return &v }

func made() api.Snapshot {
	return api.Snapshot{
		ID: snapshotID, Name: "nightly", Size: size(10), CreatedAt: "2026-09-21T10:00:00.123456Z",
		UpdatedAt:      "2026-09-21T10:00:00.123456Z",
		OrganizationID: orgID, ParentVolumeID: volumeID, Region: "fra",
		Status: "SNAPSHOT_STATUS_CREATING", Type: "SNAPSHOT_TYPE_LOCAL",
	}
}

func TestClient_sendsWhatTheDocumentSays(t *testing.T) {
	renamed, foreign := made(), made()
	renamed.Name = "weekly"
	foreign.CreatedAt, foreign.UpdatedAt = "2026-09-21T12:00:00+02:00", "2026-09-21T10:04:00Z"
	foreign.Status, foreign.Type = "SNAPSHOT_STATUS_HIBERNATING", "SNAPSHOT_TYPE_REMOTE"
	odd := foreign
	odd.ID = "a/b ?"
	volume := api.PersistentVolume{
		ID: volumeID, Name: "restored", SnapshotID: snapshotID, CreatedAt: "2026-09-21T11:00:00.5Z",
		UpdatedAt:      "2026-09-21T11:00:00.5Z",
		OrganizationID: orgID, Region: "fra", MaxSize: size(10), CurSize: size(10),
		Status: "PERSISTENT_VOLUME_STATUS_DETACHED", BackingStore: api.VolumeLocalBlock,
	}
	renamedVolume := volume
	renamedVolume.Name = "renamed"
	for name, test := range map[string]struct {
		call    func(ctx context.Context, c *api.Client) (any, error)
		answer  string
		line    string
		query   string
		request string
		want    any
	}{
		"create snapshot": {
			call: func(ctx context.Context, c *api.Client) (any, error) {
				return c.CreateSnapshot(ctx, api.CreateSnapshotRequest{ParentVolumeID: volumeID, Name: "nightly"})
			},
			answer: "create_snapshot.json", line: "POST /koyeb/v1/snapshots", request: "create_snapshot-request.json",
			want: made(),
		},
		"get snapshot": {
			call:   func(ctx context.Context, c *api.Client) (any, error) { return c.GetSnapshot(ctx, snapshotID) },
			answer: "get_snapshot.json", line: "GET /koyeb/v1/snapshots/" + snapshotID, want: foreign,
		},
		"get snapshot with an odd ID": {
			call:   func(ctx context.Context, c *api.Client) (any, error) { return c.GetSnapshot(ctx, "a/b ?") },
			answer: "get_snapshot-odd.json", line: "GET /koyeb/v1/snapshots/a%2Fb%20%3F", want: odd,
		},
		"update snapshot": {
			call: func(ctx context.Context, c *api.Client) (any, error) {
				return c.UpdateSnapshot(ctx, snapshotID, api.UpdateSnapshotRequest{Name: "weekly"})
			},
			answer: "update_snapshot.json", line: "POST /koyeb/v1/snapshots/" + snapshotID,
			request: "update_snapshot-request.json", want: renamed,
		},
		"delete snapshot": {
			call: func(
				ctx context.Context, c *api.Client,
			) (any, error) {
				return nil, c.DeleteSnapshot(ctx, snapshotID)
			},
			answer: "delete_snapshot.json", line: "DELETE /koyeb/v1/snapshots/" + snapshotID,
		},
		"create volume from a snapshot": {
			call: func(ctx context.Context, c *api.Client) (any, error) {
				return c.CreatePersistentVolume(ctx, api.CreatePersistentVolumeRequest{
					VolumeType: api.VolumeLocalBlock, Name: "restored", Region: "fra", SnapshotID: snapshotID,
				})
			},
			answer: "create_persistent_volume.json", line: "POST /koyeb/v1/volumes",
			request: "create_persistent_volume-request.json", want: volume,
		},
		"get volume": {
			call: func(
				ctx context.Context, c *api.Client,
			) (any, error) {
				return c.GetPersistentVolume(ctx, volumeID)
			},
			answer: "get_persistent_volume.json", line: "GET /koyeb/v1/volumes/" + volumeID, want: volume,
		},
		"list volumes": {
			call: func(
				ctx context.Context, c *api.Client,
			) (any, error) {
				return collect(c.ListPersistentVolumes(ctx, "fra"))
			},
			answer: "list_persistent_volumes.json", line: "GET /koyeb/v1/volumes",
			query: "limit=100&offset=0&region=fra",
			want: []api.PersistentVolume{{
				ID: volumeID, Name: "restored", Region: "fra", MaxSize: size(10),
				Status: "PERSISTENT_VOLUME_STATUS_ATTACHED",
			}},
		},
		"update volume": {
			call: func(ctx context.Context, c *api.Client) (any, error) {
				return c.UpdatePersistentVolume(ctx, volumeID, api.UpdatePersistentVolumeRequest{Name: "renamed"})
			},
			answer: "update_persistent_volume.json", line: "POST /koyeb/v1/volumes/" + volumeID,
			request: "update_persistent_volume-request.json", want: renamedVolume,
		},
		"delete volume": {
			call: func(ctx context.Context, c *api.Client) (any, error) {
				return nil, c.DeletePersistentVolume(ctx, volumeID)
			},
			answer: "delete_persistent_volume.json", line: "DELETE /koyeb/v1/volumes/" + volumeID,
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, seen := serve(t, answer{Status: http.StatusOK, Fixture: test.answer})
			got, err := test.call(t.Context(), client)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("decoded differently (-want +got):\n%s", diff)
			}
			if len(*seen) != 1 {
				t.Fatalf("%d requests, want 1", len(*seen))
			}
			sent := (*seen)[0]
			if sent.Line != test.line || sent.Query != test.query {
				t.Errorf("sent %s?%s, want %s?%s", sent.Line, sent.Query, test.line, test.query)
			}
			checkBody(t, sent.Body, test.request)
			for header, want := range map[string]string{
				"Authorization": "Bearer canary", "Content-Type": "application/json",
				"X-Koyeb-Project-Id": projectID, "User-Agent": "test/1",
			} {
				if got := sent.Header.Get(header); got != want {
					t.Errorf("%s is %q, want %q", header, got, want)
				}
			}
		})
	}
}

func checkBody(t *testing.T, got, want string) {
	t.Helper()
	if want == "" {
		if got != "" {
			t.Errorf("sent the body %s, want none", got)
		}
		return
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, fixture(t, want)); err != nil {
		t.Fatal(err)
	}
	if got != compact.String() {
		t.Errorf("sent the body\n%s\nwant\n%s", got, compact.String())
	}
}

func TestClient_withoutProject(t *testing.T) {
	var header http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		_, _ = w.Write(fixture(t, "create_snapshot.json"))
	}))
	defer server.Close()
	client, err := api.New(httpx.Options{BaseURL: server.URL}, api.Account{Token: "canary"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateSnapshot(t.Context(), api.CreateSnapshotRequest{ParentVolumeID: volumeID}); err != nil {
		t.Fatal(err)
	}
	if _, sent := header["X-Koyeb-Project-Id"]; sent || string(body) != `{"parent_volume_id":"`+volumeID+`"}` {
		t.Errorf("sent the header %v and the body %s", header, body)
	}
}

func TestClient_endpoints(t *testing.T) {
	for endpoint, fits := range map[string]bool{
		"": true, "https://app.koyeb.com": true, "http://127.0.0.1:8484/koyeb": true,
		"app.koyeb.com": false, "http://app.koyeb.com": false,
	} {
		if _, err := api.New(httpx.Options{BaseURL: endpoint}, api.Account{}); (err == nil) != fits {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}

func TestListSnapshots_pages(t *testing.T) {
	client, seen := serve(
		t,
		answer{Status: 200, Fixture: "list_snapshots-page1.json"},
		answer{Status: 200, Fixture: "list_snapshots-page2.json"},
	)
	list, err := collect(client.ListSnapshots(t.Context(), ""))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 3 || list[2].Name != "monthly" || list[1].DeletedAt != "2026-09-20T10:00:00Z" {
		t.Errorf("got %+v", list)
	}
	if len(*seen) != 2 || (*seen)[0].Query != "limit=100&offset=0" || (*seen)[1].Query != "limit=100&offset=2" {
		t.Errorf("asked %+v", *seen)
	}
}

func TestListSnapshots_emptyPageEnds(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") == "0" {
			_, _ = w.Write(fixture(t, "list_snapshots-page1.json"))
			return
		}
		_, _ = w.Write([]byte(`{"snapshots":[],"limit":100,"offset":2,"has_next":true}`))
	}))
	defer server.Close()
	client, err := api.New(httpx.Options{BaseURL: server.URL}, api.Account{Token: "canary"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := collect(client.ListSnapshots(t.Context(), ""))
	if err != nil || len(list) != 2 {
		t.Errorf("got %d snapshots and %v, want 2", len(list), err)
	}
}

func TestListSnapshots_errorOnPageTwo(t *testing.T) {
	client, _ := serve(
		t,
		answer{Status: 200, Fixture: "list_snapshots-page1.json"},
		answer{Status: 401, Fixture: "error-401-token.json"},
	)
	if list, err := collect(client.ListSnapshots(t.Context(), "")); err == nil || len(list) != 2 {
		t.Errorf("got %v and %v, want page one and an error", list, err)
	}
}

func TestErrors_everyShape(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		want   httpx.Detail
	}{
		"with fields": {
			answer{Status: 400, Fixture: "error-400-fields.json"},
			httpx.Detail{Code: "invalid_argument", Message: "Validation error", Fields: []httpx.Field{
				{Name: "name", Message: "is too long"}, {Name: "parent_volume_id", Message: "must be a UUID"},
			}},
		},
		"plain": {
			answer{Status: 401, Fixture: "error-401-token.json"},
			httpx.Detail{Code: "authentication_error", Message: "Invalid token format"},
		},
		"grpc": {
			answer{Status: 400, Fixture: "error-400-grpc.json"}, httpx.Detail{Code: "9", Message: "The volume is busy"},
		},
		"nothing": {answer{Status: 404}, httpx.Detail{Message: "Not Found"}},
		"gateway": {
			answer{Status: 403, Fixture: "error-502-gateway.html"},
			httpx.Detail{Message: `the answer is a web page, not an answer of the API: "502 Bad Gateway"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, test.answer)
			_, err := client.GetSnapshot(t.Context(), snapshotID)
			var failed *httpx.Error
			if !errors.As(err, &failed) {
				t.Fatalf("got %v, want an *httpx.Error", err)
			}
			if diff := cmp.Diff(test.want, failed.Detail); diff != "" || failed.Status != test.answer.Status {
				t.Errorf("status %d, detail (-want +got):\n%s", failed.Status, diff)
			}
		})
	}
}

func TestRepeats_onlyWhatMayBe(t *testing.T) {
	create := func(ctx context.Context, c *api.Client) error {
		_, err := c.CreateSnapshot(ctx, api.CreateSnapshotRequest{ParentVolumeID: volumeID})
		return err
	}
	createVolume := func(ctx context.Context, c *api.Client) error {
		_, err := c.CreatePersistentVolume(ctx, api.CreatePersistentVolumeRequest{Name: "x"})
		return err
	}
	update := func(ctx context.Context, c *api.Client) error {
		_, err := c.UpdateSnapshot(ctx, snapshotID, api.UpdateSnapshotRequest{Name: "weekly"})
		return err
	}
	remove := func(ctx context.Context, c *api.Client) error { return c.DeleteSnapshot(ctx, snapshotID) }
	updateVolume := func(ctx context.Context, c *api.Client) error {
		_, err := c.UpdatePersistentVolume(ctx, volumeID, api.UpdatePersistentVolumeRequest{Name: "renamed"})
		return err
	}
	removeVolume := func(ctx context.Context, c *api.Client) error { return c.DeletePersistentVolume(ctx, volumeID) }
	for name, test := range map[string]struct {
		call    func(ctx context.Context, c *api.Client) error
		once    bool
		fixture string
	}{
		"create":        {create, true, "create_snapshot.json"},
		"create volume": {createVolume, true, "create_persistent_volume.json"},
		"update":        {update, false, "update_snapshot.json"},
		"update volume": {updateVolume, false, "update_persistent_volume.json"},
		"delete":        {remove, false, "delete_snapshot.json"},
		"delete volume": {removeVolume, false, "delete_persistent_volume.json"},
	} {
		t.Run(name, func(t *testing.T) {
			client, seen := serve(t, answer{Status: 503}, answer{Status: 200, Fixture: test.fixture})
			err := test.call(t.Context(), client)
			var failed *httpx.Error
			switch {
			case test.once && (len(*seen) != 1 || !errors.As(err, &failed) || !failed.Ambiguous()):
				t.Errorf("%d requests and %v, want one and an ambiguous failure", len(*seen), err)
			case !test.once && (len(*seen) != 2 || err != nil):
				t.Errorf("%d requests and %v, want two and success", len(*seen), err)
			}
		})
	}
}

func TestCreateSnapshot_successWithoutIDIsAmbiguous(t *testing.T) {
	for _, body := range []string{
		``, `{}`, `{"snapshot":null}`, `{"snapshot":{"name":"nightly"}}`, `{"snapshot":{"id":`, `<html>`,
	} {
		server := httptest.NewServer(
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }),
		)
		client, err := api.New(httpx.Options{BaseURL: server.URL}, api.Account{Token: "canary"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.CreateSnapshot(t.Context(), api.CreateSnapshotRequest{ParentVolumeID: volumeID})
		var failed *httpx.Error
		if !errors.As(err, &failed) || !failed.Ambiguous() {
			t.Errorf("%q: got %v, want an ambiguous failure", body, err)
		}
		server.Close()
	}
}

func TestInt64_forms(t *testing.T) {
	for text, want := range map[string]int64{
		`10`: 10, `"10"`: 10, `10.0`: 10, `"9007199254740993"`: 9007199254740993, `null`: 0, `""`: 0,
	} {
		var got api.Int64
		if err := json.Unmarshal([]byte(text), &got); err != nil || int64(got) != want {
			t.Errorf("%s: got %d and %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{`"ten"`, `1.5`, `true`, `[1]`} {
		var got api.Int64
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s: got %d, want an error", text, got)
		}
	}
}

// An answer of success without a page is not an empty page.
func TestListSnapshots_oddAnswersAreErrors(t *testing.T) {
	for body, fits := range map[string]bool{
		"": false, "{}": false, "null": false, "[]": false, "<html>": false,
		`{"limit":100,"offset":0,"has_next":false}`: true, `{"snapshots":[]}`: true,
	} {
		server := httptest.NewServer(
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }),
		)
		client, err := api.New(
			httpx.Options{BaseURL: server.URL, RetryWait: time.Microsecond},
			api.Account{Token: "canary"},
		)
		if err != nil {
			t.Fatal(err)
		}
		if list, err := collect(client.ListSnapshots(t.Context(), "")); (err == nil) != fits || len(list) != 0 {
			t.Errorf("%q: got %+v, %v", body, list, err)
		}
		server.Close()
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

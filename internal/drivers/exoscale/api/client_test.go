package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	snapshotID  = "7b1c0e52-9d1f-4a38-8f60-2a51c9d3e0f4"
	instanceID  = "0f6a3c1e-52b7-4e0c-9a4d-6b8e1f2d3c4a"
	templateID  = "3d9e7f10-4c2b-4b6a-a1d8-5e0f9c8b7a61"
	operationID = "e4a2d8c6-1b3f-4d57-8c9e-0a7b6c5d4e3f"
)

// serve answers every request with a status and a fixture, and returns a zone to talk to and the last request with its
// body.
func serve(t *testing.T, status int, fixture string) (*Zone, *http.Request, *string) {
	t.Helper()
	var body []byte
	if fixture != "" {
		body = read(t, fixture)
	}
	seen, sent := &http.Request{}, new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		*seen, *sent = *r, string(content)
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return open(t, server.URL+"/exoscale/{zone}/v2"), seen, sent
}

func open(t *testing.T, endpoint string) *Zone {
	t.Helper()
	c, err := New(
		httpx.Options{BaseURL: endpoint, UserAgent: "tester/1", RetryWait: time.Millisecond},
		Credentials{Key: "EXOtest", Secret: "secret"},
	)
	if err != nil {
		t.Fatal(err)
	}
	z, err := c.Zone(t.Context(), "ch-gva-2")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func ptr[T any](v T) *T { return &v }

// pendingOn is the answer to most changes.
func pendingOn(id string) Operation {
	return Operation{ID: operationID, State: "pending", Reference: Object{ID: id}}
}

// call makes an operation fit the table.
func call[T any](z func(ctx context.Context) (T, error)) func(ctx context.Context) (any, error) {
	return func(ctx context.Context) (any, error) { return z(ctx) }
}

type wireTest struct {
	name   string
	call   func(z *Zone) func(ctx context.Context) (any, error)
	method string
	path   string
	query  string
	want   any
}

func wireTests() []wireTest {
	on := func(_ *Zone, f func(ctx context.Context) (Operation, error)) func(ctx context.Context) (any, error) {
		return call(f)
	}
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	return []wireTest{
		{
			"list-zones",
			func(z *Zone) func(context.Context) (any, error) { return call(z.ListZones) },
			get,
			"/zone",
			"",
			ZoneList{[]ZoneInfo{
				{
					"ch-gva-2",
					"https://api-ch-gva-2.exoscale.com/v2",
				}, {"xx-new-9", "https://api-xx-new-9.exoscale.com/v2"},
			}},
		},
		{"get-operation", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) { return z.GetOperation(ctx, operationID) })
		}, get, "/operation/" + operationID, "", func() Operation {
			op := pendingOn(snapshotID)
			op.State, op.Reason, op.Message = "failure", "fault", "the disk could not be read"
			return op
		}()},
		{"create-snapshot", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) { return z.CreateSnapshot(ctx, instanceID) })
		}, post, "/instance/" + instanceID + ":create-snapshot", "", pendingOn(snapshotID)},
		{
			"list-snapshots",
			func(z *Zone) func(context.Context) (any, error) { return call(z.ListSnapshots) },
			get,
			"/snapshot",
			"",
			SnapshotList{[]Snapshot{
				{
					ID:       snapshotID,
					State:    "snapshotting",
					Instance: Object{instanceID},
				}, {ID: "aa0c5b8e-7d6f-4e3a-9b2c-1d0e9f8a7b6c", State: "hibernating"},
			}},
		},
		{"get-snapshot", func(z *Zone) func(context.Context) (any, error) {
			return call(func(ctx context.Context) (Snapshot, error) { return z.GetSnapshot(ctx, snapshotID) })
		}, get, "/snapshot/" + snapshotID, "", Snapshot{
			ID: snapshotID, Name: "mail_20260921101320", CreatedAt: "2026-09-21T10:13:20Z", State: "exported",
			Size:     ptr(int64(50)),
			Export:   Export{"https://sos.example.net/exports/disk.qcow2?sig=abc", "9e107d9d372bb6826bd81d3542a419d6"},
			Instance: Object{instanceID}, ApplicationConsistent: ptr(true),
		}},
		{"delete-snapshot", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) { return z.DeleteSnapshot(ctx, snapshotID) })
		}, del, "/snapshot/" + snapshotID, "", pendingOn(snapshotID)},
		{"export-snapshot", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) { return z.ExportSnapshot(ctx, snapshotID) })
		}, post, "/snapshot/" + snapshotID + ":export", "", pendingOn(snapshotID)},
		{"promote-snapshot-to-template", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) {
				return z.PromoteSnapshotToTemplate(
					ctx,
					snapshotID,
					PromoteBody{"golden", ptr("mail server"), "debian", true, false},
				)
			})
		}, post, "/snapshot/" + snapshotID + ":promote", "", pendingOn(templateID)},
		{"revert-instance-to-snapshot", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) {
				return z.RevertInstanceToSnapshot(ctx, instanceID, snapshotID)
			})
		}, post, "/instance/" + instanceID + ":revert-snapshot", "", pendingOn(instanceID)},
		{"get-instance", func(z *Zone) func(context.Context) (any, error) {
			return call(func(ctx context.Context) (Instance, error) { return z.GetInstance(ctx, instanceID) })
		}, get, "/instance/" + instanceID, "", Instance{
			ID: instanceID, Name: "mail", CreatedAt: "2026-01-05T08:00:00Z", State: "stopped", DiskSize: ptr(int64(50)),
			Snapshots: []Object{{snapshotID}}, ApplicationConsistent: ptr(true),
		}},
		{
			"list-instances",
			func(z *Zone) func(context.Context) (any, error) { return call(z.ListInstances) },
			get,
			"/instance",
			"",
			InstanceList{[]Instance{
				{ID: instanceID, Name: "mail", State: "migrating"},
			}},
		},
		{"list-templates", func(z *Zone) func(context.Context) (any, error) {
			return call(func(ctx context.Context) (TemplateList, error) {
				return z.ListTemplates(ctx, TemplateQuery{"private", "a b"})
			})
		}, get, "/template", "family=a+b&visibility=private", TemplateList{[]Template{
			{ID: templateID, Name: "golden", Visibility: "private"},
		}}},
		{"get-template", func(z *Zone) func(context.Context) (any, error) {
			return call(func(ctx context.Context) (Template, error) { return z.GetTemplate(ctx, templateID) })
		}, get, "/template/" + templateID, "", Template{
			ID: templateID, Name: "golden", Description: "mail server", Family: "other (64-bit)",
			Size:     ptr(int64(53687091200)),
			Checksum: "9e107d9d372bb6826bd81d3542a419d6", BootMode: "uefi", Build: "b7",
			Version: "3", Maintainer: "ops", DefaultUser: "debian",
			SSHKeyEnabled: ptr(true), PasswordEnabled: ptr(false),
			URL: "https://img.example.net/golden.qcow2", Visibility: "private",
			Zones:     []string{"ch-gva-2", "de-fra-1"},
			CreatedAt: "2026-09-22T06:00:00Z", ApplicationConsistentSnapshotEnabled: ptr(true),
		}},
		{"register-template", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) {
				return z.RegisterTemplate(ctx, RegisterTemplateBody{
					Name: "golden", URL: "https://img.example.net/golden.qcow2",
					Checksum: "9e107d9d372bb6826bd81d3542a419d6", BootMode: "uefi",
					Build: "b7", Maintainer: "ops", ApplicationConsistentSnapshotEnabled: ptr(false),
				})
			})
		}, post, "/template", "", pendingOn(templateID)},
		{"update-template", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) {
				return z.UpdateTemplate(ctx, templateID, UpdateTemplateBody{Description: ptr("")})
			})
		}, put, "/template/" + templateID, "", pendingOn(templateID)},
		{"delete-template", func(z *Zone) func(context.Context) (any, error) {
			return on(z, func(ctx context.Context) (Operation, error) { return z.DeleteTemplate(ctx, templateID) })
		}, del, "/template/" + templateID, "", pendingOn(templateID)},
	}
}

func TestZone_wire(t *testing.T) {
	for _, tt := range wireTests() {
		t.Run(tt.name, func(t *testing.T) {
			z, seen, sent := serve(t, http.StatusOK, tt.name+".json")
			got, err := tt.call(z)(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if path := "/exoscale/ch-gva-2/v2" + tt.path; seen.Method != tt.method || seen.URL.EscapedPath() != path ||
				seen.URL.RawQuery != tt.query {
				t.Errorf(
					"sent %s %s?%s, want %s %s?%s",
					seen.Method,
					seen.URL.EscapedPath(),
					seen.URL.RawQuery,
					tt.method,
					path,
					tt.query,
				)
			}
			if h := seen.Header; h.Get("User-Agent") != "tester/1" || h.Get("Accept") != "application/json" ||
				!strings.HasPrefix(h.Get("Authorization"), "EXO2-HMAC-SHA256 credential=EXOtest,") {
				t.Errorf("headers = %v", h)
			}
			want := ""
			if content, err := os.ReadFile(filepath.Join("testdata", tt.name+"-request.json")); err == nil {
				want = strings.TrimSpace(string(content))
			}
			if *sent != want {
				t.Errorf("body = %s, want %s", *sent, want)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("answer\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestZone_everyFixtureIsUsed(t *testing.T) {
	names := map[string]bool{}
	for _, tt := range wireTests() {
		names[tt.name] = true
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(f), ".json"), "-request")
		if !names[name] && !strings.HasPrefix(name, "error-") {
			t.Errorf("no test uses %s", f)
		}
	}
}

func TestZone_errors(t *testing.T) {
	tests := map[string]struct {
		status  int
		message string
		code    string
		fields  []httpx.Field
	}{
		"error-404-message.json":   {http.StatusNotFound, "not found", "", nil},
		"error-409-error.json":     {http.StatusConflict, "the instance is starting", "", nil},
		"error-403-signature.json": {http.StatusForbidden, "Invalid request signature", "", nil},
		"error-400-problem-objects.json": {
			http.StatusBadRequest, "the request does not fit; two of these are wrong", "validation-failed",
			[]httpx.Field{{Name: "name", Message: "is required"}, {Name: "target-zone.name", Message: "is unknown"}},
		},
		"error-422-problem-strings.json": {
			http.StatusUnprocessableEntity,
			"Unprocessable; the checksum is no MD5; the URL is private",
			"",
			nil,
		},
		"error-502-plain.txt": {
			http.StatusBadGateway,
			"upstream connect error or disconnect/reset before headers",
			"",
			nil,
		},
		"": {http.StatusNotImplemented, "Not Implemented", "", nil},
	}
	for fixture, tt := range tests {
		t.Run(fixture, func(t *testing.T) {
			z, _, _ := serve(t, tt.status, fixture)
			_, err := z.GetSnapshot(t.Context(), snapshotID)
			var e *httpx.Error
			if !errors.As(err, &e) {
				t.Fatalf("error = %v", err)
			}
			if e.Status != tt.status || e.VendorMessage() != tt.message || e.Code != tt.code ||
				!reflect.DeepEqual(e.Fields, tt.fields) {
				t.Errorf("error = %d %q %q %v, want %+v", e.Status, e.VendorMessage(), e.Code, e.Fields, tt)
			}
		})
	}
}

func TestDecodeError_surprises(t *testing.T) {
	for body, want := range map[string]string{
		`{"message":{"deep":1},"error":"told"}`:                     "told",
		`{"errors":[{"location":"$['a']['b']","detail":"is bad"}]}`: "a.b: is bad",
		`{"errors":[7,null]}`:                                       "",
		`{"detail":"is full","errors":[{"detail":"is full"}]}`:      "is full",
		`[]`:   "",
		`null`: "",
	} {
		if got := decodeError(http.StatusBadRequest, []byte(body)).Message; got != want {
			t.Errorf("%s: message = %q, want %q", body, got, want)
		}
	}
}

func TestZone_acceptedWithoutAnyName(t *testing.T) {
	for _, body := range []string{"", "{}", `{"state":"pending"}`} {
		server := httptest.NewServer(
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }),
		)
		t.Cleanup(server.Close)
		_, err := open(t, server.URL+"/{zone}").CreateSnapshot(t.Context(), instanceID)
		var unnamed *httpx.Error
		if !errors.As(err, &unnamed) || !unnamed.Ambiguous() || unnamed.HTTPStatus() != http.StatusOK ||
			!strings.Contains(err.Error(), "it has the ID of neither") {
			t.Errorf("answer %q: error = %v, want an ambiguous one", body, err)
		}
	}
}

// Each attempt is signed anew, and a request that makes something is not repeated after an answer 5xx.
func TestZone_repeats(t *testing.T) {
	var tries atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tries.Add(1)
		if strings.Count(r.Header.Get("Authorization"), "signature=") != 1 ||
			len(r.Header.Values("Authorization")) != 1 {
			t.Errorf("Authorization = %q", r.Header.Values("Authorization"))
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	z := open(t, server.URL+"/{zone}")
	for name, tt := range map[string]struct {
		call func(ctx context.Context) error
		once bool
	}{
		"create": {func(ctx context.Context) error { _, err := z.CreateSnapshot(ctx, "i"); return err }, true},
		"export": {func(ctx context.Context) error { _, err := z.ExportSnapshot(ctx, "s"); return err }, true},
		"promote": {func(ctx context.Context) error {
			_, err := z.PromoteSnapshotToTemplate(ctx, "s", PromoteBody{})
			return err
		}, true},
		"revert": {
			func(ctx context.Context) error { _, err := z.RevertInstanceToSnapshot(ctx, "i", "s"); return err }, true,
		},
		"register": {
			func(ctx context.Context) error { _, err := z.RegisterTemplate(ctx, RegisterTemplateBody{}); return err },
			true,
		},
		"update": {func(ctx context.Context) error {
			_, err := z.UpdateTemplate(ctx, "t", UpdateTemplateBody{})
			return err
		}, false},
		"delete": {func(ctx context.Context) error { _, err := z.DeleteSnapshot(ctx, "s"); return err }, false},
		"read":   {func(ctx context.Context) error { _, err := z.GetSnapshot(ctx, "s"); return err }, false},
	} {
		tries.Store(0)
		if err := tt.call(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := tries.Load(); (n == 1) != tt.once {
			t.Errorf("%s: sent %d times, once = %v", name, n, tt.once)
		}
	}
}

func TestClient_zones(t *testing.T) {
	var hosts []string
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		hosts = append(hosts, r.URL.Host+r.URL.Path)
		rec := httptest.NewRecorder()
		rec.Header().Set("Date", r.URL.Host)
		_ = json.NewEncoder(rec).Encode(map[string]any{})
		return rec.Result(), nil
	})
	var dates []string
	observe := func(header http.Header) { dates = append(dates, header.Get("Date")+"/v2/snapshot") }
	c, err := New(httpx.Options{Transport: transport, Observe: observe}, Credentials{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ch-gva-2", "xx-new-9", "ch-gva-2"} {
		z, err := c.Zone(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.ListSnapshots(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"api-ch-gva-2.exoscale.com/v2/snapshot",
		"api-xx-new-9.exoscale.com/v2/snapshot",
		"api-ch-gva-2.exoscale.com/v2/snapshot",
	}
	if !reflect.DeepEqual(hosts, want) {
		t.Errorf("asked %q, want %q", hosts, want)
	}
	if !reflect.DeepEqual(dates, want) {
		t.Errorf("observed the clock of %q, want %q", dates, want)
	}
	for _, name := range []string{"", "CH", "a/b", "evil.example.net#", "{zone}", "a b"} {
		var wrong *ZoneError
		if _, err := c.Zone(t.Context(), name); !errors.As(err, &wrong) {
			t.Errorf("zone %q: error = %v", name, err)
		}
	}
}

func TestNew_endpoints(t *testing.T) {
	for endpoint, ok := range map[string]bool{
		"":                                     true,
		DefaultEndpoint:                        true,
		"https://api.example.net/v2":           true,
		"http://127.0.0.1:8484/x/{zone}/v2":    true,
		"http://api-{zone}.exoscale.com/v2":    false,
		"https://user:pw@api.exoscale.com/v2":  false,
		"https://api-{zone}.exoscale.com/v2?a": false,
		"api-{zone}.exoscale.com":              false,
	} {
		if _, err := New(httpx.Options{BaseURL: endpoint}, Credentials{}); (err == nil) != ok {
			t.Errorf("endpoint %q: error = %v, want ok = %v", endpoint, err, ok)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The array of an empty listing may be missing; an answer that is no object is no listing.
func TestListSnapshots_oddAnswersAreErrors(t *testing.T) {
	for body, fits := range map[string]bool{
		"{}": true, `{"snapshots":[]}`: true, "": false, "null": false, "[]": false, `""`: false, "<html>": false,
	} {
		server := httptest.NewServer(
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }),
		)
		list, err := open(t, server.URL+"/exoscale/{zone}/v2").ListSnapshots(t.Context())
		if (err == nil) != fits || len(list.Snapshots) != 0 {
			t.Errorf("%q: got %+v, %v", body, list, err)
		}
		server.Close()
	}
}

package clouds_test

import (
	"context"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/clouds"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

const (
	// host is the only host that the configuration names.
	host   = "api.example.net"
	canary = "canary-secret"
	// number can be the ID of any object whose ID is a number, and uuid of any other.
	number = "17"
	uuid   = "5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69"
)

// enough is the number of requests after which a cloud fails: some answers are the page of a listing that never ends.
const enough = 1_000

// oneAnswer answers every request but those for a token with one status and one body.
type oneAnswer struct {
	t        *testing.T
	status   int
	body     string
	requests int
}

func (a *oneAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != host {
		a.t.Errorf("a request went to %s with %v, after %q", r.URL, r.Header, a.body)
	}
	status, body := a.status, a.body
	if a.requests++; a.requests > enough {
		status = http.StatusBadRequest
	}
	if strings.HasSuffix(r.URL.Path, "/granted") {
		status, body = http.StatusOK, `{"access_token":"`+canary+`","token_type":"bearer"}`
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// open opens a client whose credentials are canaries and whose URLs are those of the host.
func open(t *testing.T, drv driver.Driver, path string, transport http.RoundTripper) driver.Client {
	t.Helper()
	values := map[string]string{}
	for _, f := range drv.Descriptor().Fields {
		switch {
		case f.Name == "endpoint":
			values[f.Name] = "https://" + host + path
		case strings.HasSuffix(f.Name, "_url"):
			values[f.Name] = "https://" + host + "/granted"
		case f.Name != drv.Descriptor().Limits.LocationField:
			values[f.Name] = canary
		}
	}
	client, err := drv.Open(driver.Settings{Values: values, RetryWait: 1, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// check fails if an error has a credential, or a success an object that is not the requested one.
type check struct {
	t      *testing.T
	client driver.Client
	body   string
}

func (c check) read(what, got, want string, err error) {
	c.t.Helper()
	c.failure(err)
	if err == nil && (got == "" || (want != "" && !strings.EqualFold(got, want))) {
		c.t.Errorf("%s of %q is a success after %q, want %q", what, got, c.body, want)
	}
}

func (c check) begun(what, id string, operation driver.Operation, err error) {
	c.t.Helper()
	c.failure(err)
	if err == nil && id == "" && operation.ID == "" {
		c.t.Errorf("%s is a success without an ID after %q", what, c.body)
	}
}

func (c check) failure(err error) {
	c.t.Helper()
	if err == nil {
		return
	}
	c.client.KindOf(err)
	if strings.Contains(err.Error(), canary) && !strings.Contains(c.body, canary) {
		c.t.Errorf("the error has a credential: %v", err)
	}
}

// listed reads a listing to its end.
func listed[T any](c check, what string, list iter.Seq2[[]T, error], id func(T) string) {
	c.t.Helper()
	objects, err := driver.Collect(list)
	c.failure(err)
	for _, o := range objects {
		if id(o) == "" {
			c.t.Errorf("a listing of %s has one without an ID after %q", what, c.body)
		}
	}
}

// No answer makes a driver fail, take another object for the requested one, or send a request to another host. A fuzz
// target runs its seeds with every test run. `make fuzz` searches for more.
func FuzzDriver(f *testing.F) {
	for cloud := range clouds.Drivers() {
		for _, body := range seeds {
			f.Add(uint(cloud), 200, body, true)
			f.Add(uint(cloud), 200, body, false)
			f.Add(uint(cloud), 400, body, false)
		}
	}
	drivers := clouds.Drivers()
	f.Fuzz(func(t *testing.T, cloud uint, status int, body string, zones bool) {
		if status < 200 || status > 599 {
			return // net/http delivers no other answers, or the answer is no final one.
		}
		drv := drivers[cloud%uint(len(drivers))]
		path := "/{zone}/v2"
		if zones || drv.Descriptor().Limits.LocationField == "" {
			path = ""
		}
		client := open(t, drv, path, &oneAnswer{t: t, status: status, body: body})
		c := check{t, client, body}
		for _, id := range []string{number, uuid} {
			ref := driver.Ref{Location: "ch-gva-2", SourceID: number, ObjectID: id}
			if drv.Descriptor().Limits.Location.Settable() {
				ref.SourceID = uuid
			}
			c.snapshots(t.Context(), ref)
			c.images(t.Context(), ref)
			c.others(t.Context(), ref)
		}
	})
}

func (c check) snapshots(ctx context.Context, ref driver.Ref) {
	c.t.Helper()
	s, ok := c.client.(driver.Snapshotter)
	if !ok {
		return
	}
	want := ref.ObjectID
	if _, single := c.client.(driver.SingleSnapshotter); single {
		want = ""
	}
	snapshot, err := s.Snapshot(ctx, ref)
	c.read("a snapshot", snapshot.ID, want, err)
	filter := driver.SnapshotFilter{SourceID: ref.SourceID, Location: ref.Location}
	listed(c, "snapshots", s.Snapshots(ctx, filter), func(s driver.Snapshot) string { return s.ID })
	snapshot, operation, err := s.CreateSnapshot(ctx, driver.SnapshotSpec{
		SourceID: ref.SourceID, Location: ref.Location, Name: "nightly",
	})
	c.begun("a create", snapshot.ID, operation, err)
	_, err = s.DeleteSnapshot(ctx, ref)
	c.failure(err)
	if r, ok := c.client.(driver.SourceReader); ok {
		source, err := r.Source(ctx, ref)
		c.read("a source", source.ID, ref.SourceID, err)
	}
	if l, ok := c.client.(driver.SourceLister); ok {
		listed(c, "sources", l.Sources(ctx, ref.Location), func(s driver.Source) string { return s.ID })
	}
	if r, ok := c.client.(driver.Restorer); ok {
		_, err := r.RestoreSnapshot(ctx, ref)
		c.failure(err)
	}
}

func (c check) images(ctx context.Context, ref driver.Ref) {
	c.t.Helper()
	k, ok := c.client.(driver.ImageKeeper)
	if !ok {
		return
	}
	image, err := k.Image(ctx, ref)
	c.read("an image", image.ID, ref.ObjectID, err)
	image, operation, err := k.CreateImage(ctx, driver.ImageSpec{Location: ref.Location, Name: "nightly"})
	c.begun("an import", image.ID, operation, err)
	_, err = k.DeleteImage(ctx, ref)
	c.failure(err)
	if l, ok := c.client.(driver.ImageLister); ok {
		listed(c, "images", l.Images(ctx, driver.ImageFilter{Location: ref.Location}),
			func(i driver.Image) string { return i.ID })
	}
	if p, ok := c.client.(driver.Promoter); ok {
		image, operation, err := p.PromoteSnapshot(ctx, driver.PromoteSpec{Snapshot: ref, Name: "nightly"})
		c.begun("a template", image.ID, operation, err)
	}
	if s, ok := c.client.(driver.ImageCounter); ok {
		_, err := s.ImageStats(ctx)
		c.failure(err)
	}
}

func (c check) others(ctx context.Context, ref driver.Ref) {
	c.t.Helper()
	if o, ok := c.client.(driver.OperationGetter); ok {
		_, err := o.GetOperation(ctx, driver.Operation{ID: ref.ObjectID, Location: ref.Location, SourceID: ref.SourceID})
		c.failure(err)
	}
	if k, ok := c.client.(driver.VolumeKeeper); ok {
		volume, err := k.Volume(ctx, ref)
		c.read("a volume", volume.ID, ref.ObjectID, err)
		listed(c, "volumes", k.Volumes(ctx, ref.Location), func(v driver.Volume) string { return v.ID })
		volume, err = k.CreateVolume(ctx, driver.VolumeSpec{Name: "nightly", SnapshotID: ref.ObjectID})
		c.read("a new volume", volume.ID, "", err)
	}
	if e, ok := c.client.(driver.Exporter); ok {
		_, err := e.ExportSnapshot(ctx, ref)
		c.failure(err)
		_, err = e.Export(ctx, ref)
		c.failure(err)
	}
}

// seeds are answers of all clouds, and what a broken or hostile server makes of them.
var seeds = []string{
	"", "{}", "null", "[]", `""`, "0", "<html><title>Sign in</title></html>", "{", `{"data":[]}`, `{"data":[{}]}`,
	`{"data":[null]}`, `[{}]`, `[null]`, `{"snapshots":[{}]}`, `{"snapshots":[null],"limit":"100"}`,
	`{"templates":[{}],"instances":[{}],"volumes":[{}],"limit":1,"has_next":false}`, `{"snapshot":null,"volume":null}`,
	`{"id":"` + uuid + `","state":"ready","created-at":"x","export":{"presigned-url":"https://evil.example/?sig=x"}}`,
	`{"id":17,"state":"success","name":"snapshot_create","created_at":"2026-01-02T03:04:05Z","actions_lock":"locked"}`,
	`{"data":[{"snapshotId":"17","instanceId":17,"imageId":"17"}],"_links":{"next":"https://evil.example/v1",` +
		`"self":"//evil.example"},"_pagination":{"page":1,"totalPages":1e300}}`,
	`{"snapshot":{"id":"17","status":"AVAILABLE","size":"10"},"volume":{"id":"17","max_size":1e99}}`,
	`{"snapshots":[{"id":"17","parent_volume_id":"17","created_at":"x"}],"limit":"1","has_next":true}`,
	`{"zones":[{"name":"ch-gva-2","api-endpoint":"https://evil.example/v2"}]}`,
	`{"zones":[{"name":"ch-gva-2","api-endpoint":"https://api.example.net/gva/v2"}],"snapshots":[{"id":"17"}]}`,
	`{"zones":[{"name":"ch-gva-2","api-endpoint":"https://api.example.net@evil.example/v2"}]}`,
	`{"zones":[{"name":"ch-gva-2","api-endpoint":"http://127.0.0.1:1/v2"}]}`,
	`{"id":"17","state":"failure","reason":"\u001b[2J","message":["a",{"b":1}],"reference":{"id":".."}}`,
	`{"message":{"message":{"message":[1,2]}},"errors":{"name":["x"]},"fields":[{"field":"\u202e"}],"code":1e400}`,
}

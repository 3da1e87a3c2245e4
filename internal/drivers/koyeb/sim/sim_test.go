package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// box is a simulator whose clock the test moves.
type box struct {
	*sim.Simulator
	clock *simkit.Clock
}

func start(latency time.Duration) box {
	clock := &simkit.Clock{}
	return box{sim.New(&simkit.Config{Latency: latency, Mount: "/koyeb", Clock: clock}), clock}
}

// send asks with the good token.
func (b box) send(t *testing.T, method, path, body string) (int, map[string]any) {
	t.Helper()
	w := b.raw(method, path, body, http.Header{"Authorization": {"Bearer " + sim.Token}})
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("%s %s: Content-Type is %q", method, path, got)
	}
	return w.Code, out
}

func (b box) raw(method, path, body string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/koyeb"+path, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// snapshot sends, and expects one snapshot.
func (b box) snapshot(t *testing.T, method, path, body string) map[string]any {
	t.Helper()
	status, out := b.send(t, method, path, body)
	snap, ok := out["snapshot"].(map[string]any)
	if status != http.StatusOK || !ok {
		t.Fatalf("%s %s: %d %v", method, path, status, out)
	}
	return snap
}

func (b box) create(t *testing.T, volume, name string) (path string) {
	t.Helper()
	snap := b.snapshot(t, "POST", "/v1/snapshots", fmt.Sprintf(`{"parent_volume_id":%q,"name":%q}`, volume, name))
	return fmt.Sprint("/v1/snapshots/", snap["id"])
}

func word(snap map[string]any) string {
	return strings.TrimPrefix(fmt.Sprint(snap["status"]), "SNAPSHOT_STATUS_") + "/" +
		strings.TrimPrefix(fmt.Sprint(snap["type"]), "SNAPSHOT_TYPE_")
}

func TestSim_snapshotHasEveryFieldOfTheDocument(t *testing.T) {
	b := start(time.Hour)
	snap := b.snapshot(
		t,
		"POST",
		"/v1/snapshots",
		fmt.Sprintf(`{"parent_volume_id":%q,"project_id":"p"}`, sim.VolumeWas1),
	)
	var fields []string
	for name := range snap {
		fields = append(fields, name)
	}
	slices.Sort(fields)
	want := []string{
		"created_at", "deleted_at", "id", "name", "organization_id", "parent_volume_id", "region", "size",
		"status", "type", "updated_at",
	}
	if !slices.Equal(fields, want) {
		t.Errorf("the fields are %v", fields)
	}
	for name, form := range map[string]string{
		"id":         `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
		"name":       `^$`,
		"created_at": `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`,
		"region":     `^was$`,
		"size":       `^10$`,
		"status":     `^SNAPSHOT_STATUS_CREATING$`,
		"type":       `^SNAPSHOT_TYPE_LOCAL$`,
	} {
		if got := fmt.Sprint(snap[name]); !regexp.MustCompile(form).MatchString(got) {
			t.Errorf("%s is %q", name, got)
		}
	}
	if snap["deleted_at"] != nil {
		t.Errorf("deleted_at is %v", snap["deleted_at"])
	}
}

func TestSim_lifeWithoutLatency(t *testing.T) {
	b := start(0)
	path := b.create(t, sim.VolumeFra1, "nightly")
	for range 3 {
		_, list := b.send(t, "GET", "/v1/snapshots?statuses=SNAPSHOT_STATUS_AVAILABLE", "")
		if items, ok := list["snapshots"].([]any); !ok || len(items) != 2 {
			t.Errorf("the list is %v", list)
		}
	}
	var words []string
	for range 4 {
		words = append(words, word(b.snapshot(t, "GET", path, "")))
	}
	want := []string{"AVAILABLE/LOCAL", "MIGRATING/LOCAL", "AVAILABLE/REMOTE", "AVAILABLE/REMOTE"}
	if !slices.Equal(words, want) {
		t.Errorf("GETs show %v, want %v", words, want)
	}
	if got := word(b.snapshot(t, "DELETE", path, "")); got != "DELETING/REMOTE" {
		t.Errorf("the DELETE shows %s", got)
	}
	if got := b.snapshot(t, "GET", path, ""); word(got) != "DELETED/REMOTE" || got["deleted_at"] == nil {
		t.Errorf("the GET after the DELETE shows %v", got)
	}
	for range 2 {
		if status, out := b.send(t, "GET", path, ""); status != 404 || out["code"] != "not_found" ||
			out["status"] != 404.0 {
			t.Errorf("later GETs show %d %v", status, out)
		}
	}
}

func TestSim_lifeWithLatency(t *testing.T) {
	b := start(time.Hour)
	path := b.create(t, sim.VolumeFra1, "nightly")
	for _, want := range []string{"CREATING/LOCAL", "AVAILABLE/LOCAL", "MIGRATING/LOCAL", "AVAILABLE/REMOTE"} {
		for range 3 {
			if got := word(b.snapshot(t, "GET", path, "")); got != want {
				t.Errorf("it is %s, want %s", got, want)
			}
		}
		b.clock.Offset += time.Hour
	}
	for _, want := range []string{"DELETING/REMOTE", "DELETING/REMOTE"} {
		if got := word(b.snapshot(t, "DELETE", path, "")); got != want {
			t.Errorf("it is %s, want %s", got, want)
		}
	}
	if lists := b.Inventory(); len(lists.Snapshots) != 2 || lists.Snapshots[1].State != "deleting" {
		t.Errorf("the inventory is %+v", lists.Snapshots)
	}
	b.clock.Offset += time.Hour
	if got := word(b.snapshot(t, "GET", path, "")); got != "DELETED/REMOTE" || len(b.Inventory().Snapshots) != 1 {
		t.Errorf("it is %s", got)
	}
	if status, _ := b.send(t, "DELETE", path, ""); status != 404 {
		t.Errorf("deleting it again gives %d", status)
	}
	if status, _ := b.send(t, "POST", path, `{"name":"other"}`); status != 400 {
		t.Errorf("renaming it gives %d", status)
	}
	b.clock.Offset += time.Hour
	if status, _ := b.send(t, "GET", path, ""); status != 404 {
		t.Errorf("a latency later it is %d", status)
	}
}

func TestSim_clockGoesBack(t *testing.T) {
	b := start(time.Hour)
	path := b.create(t, sim.VolumeFra1, "nightly")
	b.clock.Offset += time.Hour
	first := word(b.snapshot(t, "GET", path, ""))
	b.clock.Offset -= 2 * time.Hour
	if got := word(b.snapshot(t, "GET", path, "")); first != "AVAILABLE/LOCAL" || got != first {
		t.Errorf("it goes from %s to %s", first, got)
	}
}

func TestSim_vanishes(t *testing.T) {
	b := start(0)
	path := b.create(t, sim.VolumeFra1, "will-vanish")
	b.snapshot(t, "DELETE", path, "")
	if status, _ := b.send(t, "GET", path, ""); status != 404 {
		t.Errorf("after the DELETE it is %d, want 404 at once", status)
	}
}

func TestSim_refuses(t *testing.T) {
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		code                     any
		field                    string
	}{
		{
			"unknown field", "POST", "/v1/snapshots",
			`{"parent_volume_id":"` + sim.VolumeFra1 + `","colour":"red"}`, 400,
			"invalid_argument", "colour",
		},
		{"wrong type", "POST", "/v1/snapshots", `{"parent_volume_id":7}`, 400, "invalid_argument", "parent_volume_id"},
		{"no JSON", "POST", "/v1/snapshots", `{`, 400, "invalid_argument", "body"},
		{"no body", "POST", "/v1/snapshots", ``, 400, "invalid_argument", "parent_volume_id"},
		{"no UUID", "POST", "/v1/snapshots", `{"parent_volume_id":"x"}`, 400, "invalid_argument", "parent_volume_id"},
		{
			"unknown volume", "POST", "/v1/snapshots",
			`{"parent_volume_id":"99999999-aaaa-4aaa-8aaa-000000000001"}`, 404,
			"not_found", "",
		},
		{
			"short name", "POST", "/v1/snapshots", `{"parent_volume_id":"` + sim.VolumeFra1 + `","name":"a"}`, 400,
			"invalid_argument", "name",
		},
		{
			"long new name", "POST", "/v1/snapshots/" + sim.SnapshotOld, `{"name":"` + strings.Repeat("a", 64) + `"}`,
			400,
			"invalid_argument", "name",
		},
		{"empty new name", "POST", "/v1/snapshots/" + sim.SnapshotOld, `{"name":""}`, 400, "invalid_argument", "name"},
		{"limit", "GET", "/v1/snapshots?limit=many", "", 400, "invalid_argument", "limit"},
		{"offset", "GET", "/v1/volumes?offset=-1", "", 400, "invalid_argument", "offset"},
		{"status", "GET", "/v1/snapshots?statuses=SLEEPING", "", 400, "invalid_argument", "statuses"},
		{"unknown snapshot", "GET", "/v1/snapshots/" + sim.VolumeFra1, "", 404, "not_found", ""},
		{"unknown route", "GET", "/v1/instance_snapshots", "", 404, 5.0, ""},
		{"no ID", "GET", "/v1/snapshots/", "", 404, 5.0, ""},
		{"below an object", "GET", "/v1/snapshots/" + sim.SnapshotOld + "/x", "", 404, 5.0, ""},
		{"wrong version", "GET", "/v2/snapshots", "", 404, 5.0, ""},
		{"wrong method", "PATCH", "/v1/snapshots/" + sim.SnapshotOld, `{}`, 405, 12.0, ""},
		{"attached volume", "DELETE", "/v1/volumes/" + sim.VolumeFra1, "", 400, "failed_precondition", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := start(0)
			status, out := b.send(t, test.method, test.path, test.body)
			if status != test.status || out["code"] != test.code || out["message"] == "" {
				t.Fatalf("got %d %v", status, out)
			}
			if test.field == "" {
				return
			}
			fields, ok := out["fields"].([]any)
			if !ok || len(fields) != 1 || out["status"] != float64(status) {
				t.Fatalf("got %v, want one field", out)
			}
			first, ok := fields[0].(map[string]any)
			if !ok || first["field"] != test.field || first["description"] == "" {
				t.Errorf("got %v, want the field %s", out, test.field)
			}
		})
	}
}

func TestSim_authentication(t *testing.T) {
	b := start(0)
	for header, want := range map[string]string{
		"": "Route needs to be authenticated", "Bearer other": "Invalid token format",
		sim.Token:             "Invalid token format",
		"bearer " + sim.Token: "Invalid token format",
	} {
		h := http.Header{}
		if header != "" {
			h.Set("Authorization", header)
		}
		w := b.raw("GET", "/v1/snapshots", "", h)
		if wanted := fmt.Sprintf(`{"code":"authentication_error","message":%q,"status":401}`, want); w.Code != 401 ||
			strings.TrimSpace(w.Body.String()) != wanted {
			t.Errorf("%q: got %d %s", header, w.Code, w.Body)
		}
	}
}

func TestSim_lists(t *testing.T) {
	b := start(time.Hour)
	for i := range 14 {
		b.create(t, sim.VolumeWas2, fmt.Sprintf("n-%02d", i))
	}
	for query, want := range map[string]string{
		"":                                    "10 of n-13.. limit 10 offset 0 next true",
		"?limit=100":                          "15 of n-13.. limit 100 offset 0 next false",
		"?limit=100000":                       "15 of n-13.. limit 100 offset 0 next false",
		"?limit=4&offset=12":                  "3 of n-01.. limit 4 offset 12 next false",
		"?limit=3&offset=12":                  "3 of n-01.. limit 3 offset 12 next false",
		"?limit=4&offset=100":                 "0 of .. limit 4 offset 100 next false",
		"?region=fra":                         "1 of before-migration.. limit 10 offset 0 next false",
		"?organization_id=abc":                "0 of .. limit 10 offset 0 next false",
		"?statuses=SNAPSHOT_STATUS_AVAILABLE": "1 of before-migration.. limit 10 offset 0 next false",

		"?limit=50&statuses=SNAPSHOT_STATUS_AVAILABLE&statuses=SNAPSHOT_STATUS_CREATING": "15 of n-13.. " +
			"limit 50 offset 0 next false",
	} {
		status, out := b.send(t, "GET", "/v1/snapshots"+query, "")
		items, ok := out["snapshots"].([]any)
		if status != 200 || !ok {
			t.Fatalf("%s: %d %v", query, status, out)
		}
		name := ""
		if len(items) > 0 {
			if first, ok := items[0].(map[string]any); ok {
				name = fmt.Sprint(first["name"])
			}
		}
		if got := fmt.Sprintf("%d of %s.. limit %v offset %v next %v", len(items), name, out["limit"], out["offset"],
			out["has_next"]); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestSim_rateLimit(t *testing.T) {
	b := start(0)
	good := http.Header{"Authorization": {"Bearer " + sim.Token}}
	for i := range 400 {
		w := b.raw("GET", "/v1/snapshots/"+sim.SnapshotOld, "", good)
		if w.Code != 200 || w.Header().Get("x-ratelimit-limit") != "400, 400;w=60" ||
			w.Header().Get("x-ratelimit-remaining") != fmt.Sprint(399-i) {
			t.Fatalf("request %d: %d %v", i, w.Code, w.Header())
		}
	}
	w := b.raw("GET", "/v1/snapshots", "", good)
	if w.Code != 429 || w.Header().Get("Retry-After") != "" || w.Header().Get("x-ratelimit-remaining") != "0" ||
		!strings.Contains(w.Body.String(), `"code":8`) {
		t.Errorf("request 401: %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := b.raw("GET", "/v1/snapshots", "", http.Header{}); w.Code != 401 ||
		w.Header().Get("x-ratelimit-remaining") != "399" {
		t.Errorf("without a token the count is another one: %d %v", w.Code, w.Header())
	}
	b.clock.Offset += 30 * time.Second
	if w := b.raw("GET", "/v1/snapshots", "", good); w.Code != 429 ||
		(w.Header().Get("x-ratelimit-reset") != "30" && w.Header().Get("x-ratelimit-reset") != "29") {
		t.Errorf("half a minute later: %d %v", w.Code, w.Header())
	}
	b.clock.Offset += 30 * time.Second
	if w := b.raw("GET", "/v1/snapshots", "", good); w.Code != 200 || w.Header().Get("x-ratelimit-remaining") != "399" {
		t.Errorf("a minute later: %d %v", w.Code, w.Header())
	}
}

func TestSim_restoresByNewVolume(t *testing.T) {
	b := start(0)
	body := func(region, more string) string {
		return `{"name":"restored","volume_type":"PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK","region":"` + region +
			`","read_only":false` + more + `}`
	}
	path := b.create(t, sim.VolumeFra2, "nightly")
	fresh := fmt.Sprintf(`,"snapshot_id":%q`, strings.TrimPrefix(path, "/v1/snapshots/"))
	old := fmt.Sprintf(`,"snapshot_id":%q`, sim.SnapshotOld)
	for _, test := range []struct {
		name, body string
		status     int
		code       any
	}{
		{"local still", body("fra", fresh), 400, "failed_precondition"},
		{"other region", body("was", old), 400, "invalid_argument"},
		{"with a size", body("fra", old+`,"max_size":"10"`), 400, "invalid_argument"},
		{"unknown snapshot", body("fra", `,"snapshot_id":"99999999-aaaa-4aaa-8aaa-000000000001"`), 404, "not_found"},
		{"neither size nor snapshot", body("fra", ""), 400, "invalid_argument"},
		{"odd size", body("fra", `,"max_size":1.5`), 400, "invalid_argument"},
		{"remote", body("fra", old), 200, nil},
		{"empty disk", body("was", `,"max_size":"7","project_id":"p"`), 200, nil},
	} {
		status, out := b.send(t, "POST", "/v1/volumes", test.body)
		if status != test.status || out["code"] != test.code {
			t.Errorf("%s: got %d %v", test.name, status, out)
		}
	}
	_, out := b.send(t, "GET", "/v1/volumes?name=restored&region=fra", "")
	volumes, ok := out["volumes"].([]any)
	if !ok || len(volumes) != 1 {
		t.Fatalf("got %v", out)
	}
	made, ok := volumes[0].(map[string]any)
	if !ok || made["snapshot_id"] != sim.SnapshotOld || made["max_size"] != 10.0 ||
		made["status"] != "PERSISTENT_VOLUME_STATUS_DETACHED" {
		t.Errorf("made %v", made)
	}
	at := fmt.Sprint("/v1/volumes/", made["id"])
	for _, step := range []struct {
		method, body string
		status       int
	}{
		{"GET", "", 200},
		{"POST", `{"name":"renamed","max_size":20}`, 200},
		{"POST", `{"max_size":5}`, 400},
		{"DELETE", "", 200},
		{"POST", `{"name":"late"}`, 400},
		{"GET", "", 200},
		{"GET", "", 404},
	} {
		if status, out := b.send(t, step.method, at, step.body); status != step.status {
			t.Errorf("%s %s: got %d %v", step.method, step.body, status, out)
		}
	}
}

// The deletion of a volume takes as long as that of a snapshot, with the same steps.
func TestSim_volumeDeletion(t *testing.T) {
	b := start(time.Hour)
	at := "/v1/volumes/" + sim.VolumeFra2
	before := len(b.Inventory().Sources)
	status := func() string {
		t.Helper()
		code, out := b.send(t, "GET", at, "")
		v, _ := out["volume"].(map[string]any)
		if (v["status"] == "PERSISTENT_VOLUME_STATUS_DELETED") != (v["deleted_at"] != nil) {
			t.Errorf("%v", v)
		}
		return fmt.Sprint(code, " ", strings.TrimPrefix(fmt.Sprint(v["status"]), "PERSISTENT_VOLUME_STATUS_"))
	}
	for range 2 {
		if code, out := b.send(t, "DELETE", at, ""); code != 200 {
			t.Fatalf("%d %v", code, out)
		}
	}
	if got := status(); got != "200 DELETING" || len(b.Inventory().Sources) != before {
		t.Errorf("after the DELETE: %s", got)
	}
	b.clock.Offset += time.Hour
	if got := status(); got != "200 DELETED" || len(b.Inventory().Sources) != before-1 {
		t.Errorf("a latency later: %s", got)
	}
	if code, _ := b.send(t, "DELETE", at, ""); code != 404 {
		t.Errorf("deleting it again gives %d", code)
	}
	body := fmt.Sprintf(`{"parent_volume_id":%q}`, sim.VolumeFra2)
	if code, _ := b.send(t, "POST", "/v1/snapshots", body); code != 404 {
		t.Errorf("a snapshot of it gives %d", code)
	}
	b.clock.Offset += time.Hour
	if got := status(); got != "404 <nil>" {
		t.Errorf("two latencies later: %s", got)
	}
}

func TestSim_savesAndSeeds(t *testing.T) {
	b := start(time.Hour)
	seeded := b.Inventory()
	path := b.create(t, sim.VolumeFra1, "nightly")
	saved, err := b.Save()
	if err != nil {
		t.Fatal(err)
	}
	other := start(time.Hour)
	if err := other.Load(saved); err != nil {
		t.Fatal(err)
	}
	if got := other.snapshot(t, "GET", path, ""); got["name"] != "nightly" {
		t.Errorf("loaded %v", got)
	}
	if next := other.create(t, sim.VolumeFra1, "second"); next == path {
		t.Error("an ID is given twice")
	}
	if err := other.Load(json.RawMessage(`[]`)); err == nil {
		t.Error("a list is loaded as a state")
	}
	b.Reset()
	if got := b.Inventory(); len(got.Sources) != 6 || len(got.Snapshots) != 1 ||
		got.Snapshots[0].SnapshotID != seeded.Snapshots[0].SnapshotID {
		t.Errorf("after the reset there are %+v", got)
	}
	regions := map[string]bool{}
	for _, source := range seeded.Sources {
		regions[source.Location+" "+source.State] = true
		b.create(t, source.SourceID, "of-"+source.Name)
	}
	if len(regions) != 4 {
		t.Errorf("the volumes are %v", regions)
	}
	if want := []simkit.Variable{
		{Name: "KOYEB_TOKEN", Value: sim.Token},
		{Name: "KOYEB_URL", Value: "http://127.0.0.1:1/koyeb"},
	}; !slices.Equal(b.Environment("http://127.0.0.1:1"), want) {
		t.Errorf("the environment is %v", b.Environment("http://127.0.0.1:1"))
	}
}

func TestSim_quotaOfTheOrganization(t *testing.T) {
	b := start(time.Hour)
	status, out := b.send(t, "POST", "/v1/volumes", fmt.Sprintf(
		`{"name":"huge","region":"fra","volume_type":"PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK","max_size":%d}`,
		sim.QuotaGB-10))
	made, ok := out["volume"].(map[string]any)
	if status != http.StatusOK || !ok {
		t.Fatalf("%d %v", status, out)
	}
	// The snapshot of the seeded state takes up the other ten.
	path := b.create(t, fmt.Sprint(made["id"]), "fills it")
	status, out = b.send(t, "POST", "/v1/snapshots", fmt.Sprintf(`{"parent_volume_id":%q,"name":"too much"}`,
		sim.VolumeWas2))
	if status != http.StatusBadRequest || out["code"] != "failed_precondition" ||
		!strings.Contains(fmt.Sprint(out["message"]), "quota of 10000 GB") {
		t.Errorf("%d %v", status, out)
	}
	b.snapshot(t, "DELETE", path, "")
	b.clock.Offset += 2 * time.Hour
	b.create(t, sim.VolumeWas2, "there is room again")
}

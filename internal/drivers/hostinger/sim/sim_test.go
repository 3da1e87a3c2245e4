package sim_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const base = "/hostinger/api/vps/v1/virtual-machines"

type account struct {
	*sim.Simulator
	t      *testing.T
	config *simkit.Config
	token  string
}

func start(t *testing.T, latency time.Duration) *account {
	t.Helper()
	w := &simkit.Config{Latency: latency, Mount: "/hostinger", Clock: &simkit.Clock{}}
	s := sim.New(w)
	return &account{Simulator: s, t: t, config: w, token: s.Environment("")[0].Value}
}

// ask sends one request, checks the status, and returns the object of the answer.
func (a *account) ask(method, path, body string, status int) map[string]any {
	a.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+a.token)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	if w.Code != status {
		a.t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, w.Body, status)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		a.t.Errorf("%s %s: Content-Type %q", method, path, got)
	}
	out := map[string]any{}
	if text := strings.TrimSpace(w.Body.String()); strings.HasPrefix(text, "{") {
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			a.t.Fatal(err)
		}
	}
	if _, ok := out["correlation_id"]; ok != (status >= 400) {
		a.t.Errorf("%s %s: %d with %v", method, path, status, out)
	}
	return out
}

// data takes the objects from a page.
func data(t *testing.T, page map[string]any) []map[string]any {
	t.Helper()
	items, ok := page["data"].([]any)
	if !ok {
		t.Fatalf("no list in %v", page)
	}
	out := make([]map[string]any, len(items))
	for i, item := range items {
		if out[i], ok = item.(map[string]any); !ok {
			t.Fatalf("no object but %v", item)
		}
	}
	return out
}

func (a *account) advance(d time.Duration) { a.config.Clock.Offset += d }

func path(vm int64, below string) string { return fmt.Sprintf("%s/%d%s", base, vm, below) }

func TestSimulator_createOverwritesAtTheEnd(t *testing.T) {
	a := start(t, 30*time.Minute)
	old := a.ask("GET", path(sim.FullVM, "/snapshot"), "", 200)
	if old["id"] != 325.0 {
		t.Fatalf("seeded snapshot: %v", old)
	}
	action := a.ask("POST", path(sim.FullVM, "/snapshot"), "", 200)
	if action["state"] != "created" || action["name"] != "snapshot_create" {
		t.Errorf("first answer: %v", action)
	}
	actionPath := path(sim.FullVM, fmt.Sprintf("/actions/%.0f", action["id"]))
	for _, want := range []string{"created", "sent", "delayed"} {
		if got := a.ask("GET", actionPath, "", 200)["state"]; got != want {
			t.Errorf("state %v, want %s", got, want)
		}
		if diff := cmp.Diff(old, a.ask("GET", path(sim.FullVM, "/snapshot"), "", 200)); diff != "" {
			t.Errorf("the old snapshot while the new one is made: %s", diff)
		}
		if got := a.ask("GET", path(sim.FullVM, ""), "", 200)["actions_lock"]; got != "locked" {
			t.Errorf("the lock is %v", got)
		}
		a.advance(10*time.Minute + time.Second)
	}
	if got := a.ask("GET", actionPath, "", 200)["state"]; got != "success" {
		t.Errorf("state %v, want success", got)
	}
	if got := a.ask("GET", path(sim.FullVM, "/snapshot"), "", 200)["id"]; got != 326.0 {
		t.Errorf("the new snapshot is %v", got)
	}
	if got := a.ask("GET", path(sim.FullVM, ""), "", 200)["actions_lock"]; got != "unlocked" {
		t.Errorf("the lock is %v", got)
	}
}

func TestSimulator_withoutLatencyIsPendingOnlyInTheFirstAnswer(t *testing.T) {
	a := start(t, 0)
	action := a.ask("POST", path(sim.FreeVM, "/snapshot"), "{}", 200)
	if action["state"] != "created" {
		t.Errorf("first answer: %v", action)
	}
	if got := a.ask("GET", path(sim.FreeVM, fmt.Sprintf("/actions/%.0f", action["id"])), "",
		200)["state"]; got != "success" {
		t.Errorf("second answer: %v", got)
	}
	snap := a.ask("GET", path(sim.FreeVM, "/snapshot"), "", 200)
	created, _ := time.Parse(time.RFC3339, fmt.Sprint(snap["created_at"]))
	expires, _ := time.Parse(time.RFC3339, fmt.Sprint(snap["expires_at"]))
	if expires.Sub(created) != 20*24*time.Hour {
		t.Errorf("created %s, expires %s", created, expires)
	}
	a.advance(20*24*time.Hour + time.Second)
	a.ask("GET", path(sim.FreeVM, "/snapshot"), "", 404)
}

func TestSimulator_lockRefusesEveryOtherAction(t *testing.T) {
	a := start(t, time.Minute)
	a.ask("DELETE", path(sim.FullVM, "/snapshot"), "null", 200)
	for _, r := range [][2]string{
		{"POST", "/snapshot"},
		{"DELETE", "/snapshot"},
		{"POST", "/snapshot/restore"},
		{"POST", "/backups/8001/restore"},
	} {
		refused := a.ask(r[0], path(sim.FullVM, r[1]), "", 422)
		if !strings.HasPrefix(fmt.Sprint(refused["message"]), "[VPS:2004] ") {
			t.Errorf("refusal: %v", refused)
		}
	}
	if got := a.Inventory().Snapshots[0].State; got != "deleting" {
		t.Errorf("the snapshot is %s", got)
	}
	a.ask("POST", path(sim.FreeVM, "/snapshot"), "", 200)
	a.advance(time.Minute)
	a.ask("GET", path(sim.FullVM, "/snapshot"), "", 404)
	a.ask("DELETE", path(sim.FullVM, "/snapshot"), "", 404)
	a.ask("POST", path(sim.FullVM, "/snapshot/restore"), "", 404)
}

func TestSimulator_restoreKeepsTheSnapshotAndABackupDoesNot(t *testing.T) {
	a := start(t, time.Minute)
	a.ask("POST", path(sim.FullVM, "/snapshot/restore"), `{}`, 200)
	if got := a.ask("GET", path(sim.FullVM, ""), "", 200)["state"]; got != "restoring" {
		t.Errorf("state %v", got)
	}
	a.advance(time.Minute)
	if got := a.ask("GET", path(sim.FullVM, ""), "", 200)["state"]; got != "running" {
		t.Errorf("state %v", got)
	}
	a.ask("GET", path(sim.FullVM, "/snapshot"), "", 200)
	a.ask("GET", path(sim.FullVM, "/backups"), "", 200)
	a.ask("POST", path(sim.FullVM, "/backups/8001/restore"), "", 200)
	a.advance(time.Minute)
	a.ask("GET", path(sim.FullVM, "/snapshot"), "", 404)
}

func TestSimulator_aLockedOrSuspendedMachineRefusesWhateverItHas(t *testing.T) {
	a := start(t, time.Minute)
	a.ask("POST", path(sim.FreeVM, "/snapshot"), "", 200)
	a.Put(sim.Machine{ID: 200, State: "suspended"})
	for _, vm := range []int64{sim.FreeVM, 200} {
		for _, r := range [][2]string{
			{"DELETE", "/snapshot"},
			{"POST", "/snapshot/restore"},
			{"POST", "/backups/1/restore"},
		} {
			a.ask(r[0], path(vm, r[1]), "", 422)
		}
		a.ask("POST", path(vm, "/recreate"), `{"template_id":6524}`, 422)
	}
}

func TestSimulator_recreateDeletesTheSnapshot(t *testing.T) {
	a := start(t, time.Minute)
	for body, field := range map[string]string{
		"":                    "template_id",
		`{"template_id":1}`:   "template_id",
		`{"template_id":"6"}`: "body",
		`{"template":6524}`:   "body",
		`{"template_id":6524,"password":"Short1"}`:                                   "password",
		`{"template_id":6524,"panel_password":"no capital letter 1"}`:                "panel_password",
		`{"template_id":6524,"password":"Long Enough 1","post_install_script_id":3}`: "post_install_script_id",
	} {
		refused := a.ask("POST", path(sim.FullVM, "/recreate"), body, 422)
		if fields, ok := refused["errors"].(map[string]any); !ok || len(fields) != 1 || fields[field] == nil {
			t.Errorf("%s: %v", body, refused)
		}
	}
	action := a.ask("POST", path(sim.FullVM, "/recreate"), `{"template_id":6524,"password":"Long Enough 1"}`, 200)
	if action["state"] != "created" || action["name"] != "recreate" {
		t.Errorf("first answer: %v", action)
	}
	if got := a.ask("GET", path(sim.FullVM, ""), "", 200); got["state"] != "recreating" ||
		got["actions_lock"] != "locked" {
		t.Errorf("while it runs: %v", got)
	}
	a.ask("GET", path(sim.FullVM, "/snapshot"), "", 200)
	a.advance(time.Minute)
	a.ask("GET", path(sim.FullVM, "/snapshot"), "", 404)
	got := a.ask("GET", path(sim.FullVM, ""), "", 200)
	if template, ok := got["template"].(map[string]any); !ok || template["id"] != 6524.0 || got["state"] != "running" {
		t.Errorf("recreated: %v", got)
	}
}

func TestSimulator_refusals(t *testing.T) {
	a := start(t, 0)
	for _, test := range []struct {
		method, path, body string
		status             int
		prefix             string
	}{
		{"GET", path(1, ""), "", 404, "[VPS:2002] "},
		{"GET", path(1, "/snapshot"), "", 404, "[VPS:2002] "},
		{"GET", path(sim.ForeignVM, ""), "", 403, "[VPS:2000] Unauthorized"},
		{"POST", path(sim.ForeignVM, "/snapshot"), "", 403, "[VPS:2000] Unauthorized"},
		{"GET", path(sim.FreeVM, "/snapshot"), "", 404, "[VPS:2002] "},
		{"GET", path(sim.FreeVM, "/actions/555000"), "", 404, "[VPS:2002] "},
		{"GET", path(sim.FreeVM, "/nothing"), "", 404, "[VPS:2002] "},
		{"GET", base + "x", "", 404, "[VPS:2002] "},
		{"GET", base + "/abc", "", 404, "[VPS:2002] "},
		{"GET", base + "/0" + fmt.Sprint(sim.FreeVM), "", 404, "[VPS:2002] "},
		{"GET", base + "/+" + fmt.Sprint(sim.FreeVM), "", 404, "[VPS:2002] "},
		{"POST", path(sim.FreeVM, "/snapshot"), `{"name":"mine"}`, 422, "The given data"},
		{"DELETE", path(sim.FullVM, "/snapshot"), `{"force":true}`, 422, "The given data"},
		{"POST", path(sim.FullVM, "/snapshot/restore"), `{"any":1}`, 422, "The given data"},
		{"POST", path(sim.FullVM, "/backups/8001/restore"), `{"any":1}`, 422, "The given data"},
		{"GET", "/hostinger/api/vps/v1/templates/1", "", 404, "[VPS:2002] "},
		{"GET", "/hostinger/api/vps/v1/templates/06523", "", 404, "[VPS:2002] Route"},
		{"POST", "/hostinger/api/vps/v1/templates", "", 405, "The POST method"},
		{"PUT", path(sim.FreeVM, "/snapshot"), "", 405, "The PUT method"},
		{"POST", base, "", 405, "The POST method"},
		{"POST", path(sim.FreeVM, "/snapshot"), "[]", 400, "The body"},
		{"POST", path(sim.FreeVM, "/snapshot"), "{", 400, "The body"},
		{"GET", path(sim.FreeVM, "/actions?page=0"), "", 422, "The given data"},
	} {
		got := a.ask(test.method, test.path, test.body, test.status)
		if !strings.HasPrefix(fmt.Sprint(got["message"]), test.prefix) {
			t.Errorf("%s %s: %v", test.method, test.path, got)
		}
	}
	a.token = "wrong"
	if got := a.ask("GET", base, "", 401)["message"]; got != "Unauthenticated" {
		t.Errorf("got %v", got)
	}
}

func TestSimulator_peculiarMachines(t *testing.T) {
	a := start(t, 0)
	for i, form := range []string{"null", "{}", "[]", "-"} {
		id := int64(100 + i)
		a.Put(sim.Machine{ID: id, State: "running", Empty: form})
		a.ask("GET", path(id, "/snapshot"), "", 200)
	}
	a.Put(sim.Machine{ID: 200, State: "suspended"})
	a.ask("POST", path(200, "/snapshot"), "", 422)
	a.Put(sim.Machine{ID: 200, State: "running", Fails: true})
	a.ask("POST", path(200, "/snapshot"), "", 200)
	list := a.ask("GET", path(200, "/actions"), "", 200)
	if first := data(t, list)[0]; first["state"] != "error" {
		t.Errorf("the action is %v", first)
	}
	a.ask("GET", path(200, "/snapshot"), "", 404)
}

func TestSimulator_actionsComeInPages(t *testing.T) {
	a := start(t, 0)
	for range 17 {
		a.ask("POST", path(sim.FreeVM, "/snapshot"), "", 200)
	}
	for page, want := range map[string]int{
		"": 15, "?page=1": 15, "?page=2": 2, "?page=3": 0,
		"?page=9223372036854775807": 0,
	} {
		got := a.ask("GET", path(sim.FreeVM, "/actions"+page), "", 200)
		meta, _ := got["meta"].(map[string]any)
		if n := len(data(t, got)); n != want || meta["total"] != 17.0 {
			t.Errorf("page %q has %d, %v", page, n, got["meta"])
		}
	}
}

func TestSimulator_stateSurvives(t *testing.T) {
	a := start(t, time.Minute)
	a.ask("POST", path(sim.FreeVM, "/snapshot"), "", 200)
	saved, err := a.Save()
	if err != nil {
		t.Fatal(err)
	}
	other := start(t, time.Minute)
	if err := other.Load(saved); err != nil {
		t.Fatal(err)
	}
	other.advance(2 * time.Minute)
	if got := other.ask("GET", path(sim.FreeVM, "/snapshot"), "", 200)["id"]; got != 326.0 {
		t.Errorf("got %v", got)
	}
	if err := other.Load(json.RawMessage(`"x"`)); err == nil {
		t.Error("rubbish was loaded")
	}
	other.Reset()
	lists := other.Inventory()
	want := []simkit.Source{
		{SourceID: "17923", Name: "srv17923.hstgr.cloud", State: "running", Slots: 1},
		{SourceID: "17924", Name: "srv17924.hstgr.cloud", State: "running", Slots: 1},
	}
	if diff := cmp.Diff(want, lists.Sources); diff != "" || len(lists.Snapshots) != 1 ||
		lists.Snapshots[0].SnapshotID != "325" {
		t.Errorf("after a reset: %s %v", diff, lists.Snapshots)
	}
}

func TestSimulator_machinesNeedNoHeaderButTheToken(t *testing.T) {
	a := start(t, 0)
	r := httptest.NewRequest(http.MethodGet, base, nil)
	r.Header.Set("Authorization", "bearer "+a.token)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	var list []map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list) != 2 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	for _, field := range []string{
		"id", "firewall_group_id", "subscription_id", "data_center_id", "plan", "hostname", "state",
		"actions_lock", "cpus",
		"memory",
		"disk", "bandwidth", "ns1", "ns2", "ipv4", "ipv6", "template", "created_at",
	} {
		if _, ok := list[0][field]; !ok {
			t.Errorf("the field %s is missing", field)
		}
	}
}

package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const app1 = instances + "/42011/snapshots"

func TestSnapshots_rulesOfABody(t *testing.T) {
	b := start(t, 0)
	one := app1 + "/" + fmt.Sprint(b.do(201, "POST", app1, `{"name":"first"}`).data()[0]["snapshotId"])
	long := strings.Repeat("x", 256)
	for name, c := range map[string]struct {
		method, path, body string
		broken             string
	}{
		"no body":          {"POST", app1, "", "the request needs a body"},
		"change no body":   {"PATCH", one, "", "the request needs a body"},
		"rollback no body": {"POST", one + "/rollback", "", "the request needs a body"},
		"no name":          {"POST", app1, `{}`, "name should not be null or undefined"},
		"empty name":       {"POST", app1, `{"name":""}`, "name must be longer than or equal to 1 characters"},
		"long name": {
			"POST", app1, `{"name":"` + long[:31] + `"}`,
			"name must be shorter than or equal to 30 characters",
		},
		"underscore": {"POST", app1, `{"name":"a_b"}`, "name may contain only letters, numbers, spaces and dashes"},
		"umlaut":     {"POST", app1, `{"name":"ä"}`, "name may contain only letters, numbers, spaces and dashes"},
		"empty description": {
			"POST", app1, `{"name":"a","description":""}`,
			"description must be longer than or equal to 1 characters",
		},
		"long description": {
			"PATCH", one, `{"description":"` + long + `"}`,
			"description must be shorter than or equal to 255 characters",
		},
		"unknown field": {"POST", app1, `{"name":"a","size":1}`, `json: unknown field "size"`},
		"wrong type": {
			"PATCH", one, `{"name":7}`,
			"json: cannot unmarshal number into Go struct field snapshotChange.name of type string",
		},
		"two documents": {"POST", app1, `{"name":"a"}{}`, "there is something after the JSON object"},
		"rollback with": {"POST", one + "/rollback", `{"force":true}`, `json: unknown field "force"`},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.do(400, c.method, c.path, c.body)
			messages, ok := a.body["message"].([]any)
			if !ok || !slices.Contains(messages, any(c.broken)) {
				t.Errorf("%s", a.raw)
			}
		})
	}
	if list := b.do(200, "GET", app1, "").data(); len(list) != 1 {
		t.Errorf("a refused request made something: %v", list)
	}
}

func TestSnapshots_lifeOfOne(t *testing.T) {
	b := start(t, 0)
	made := b.do(201, "POST", app1, `{"name":"first one","description":"all of it"}`)
	object := made.data()[0]
	id := fmt.Sprint(object["snapshotId"])
	created, err := time.Parse("2006-01-02T15:04:05.000Z", fmt.Sprint(object["createdDate"]))
	if err != nil {
		t.Error(err)
	}
	if expiry := created.Add(720 * time.Hour).Format("2006-01-02T15:04:05.000Z"); object["autoDeleteDate"] != expiry {
		t.Errorf("autoDeleteDate %v, want %v", object["autoDeleteDate"], expiry)
	}
	if object["instanceId"] != 42011.0 || object["imageName"] != "debian-12" || object["name"] != "first one" ||
		object["description"] != "all of it" {
		t.Errorf("%v", object)
	}
	if self := made.links()["self"]; self != mount+app1+"/"+id {
		t.Errorf("self %v", self)
	}
	changed := b.do(200, "PATCH", app1+"/"+id, `{"description":"less of it"}`).data()[0]
	if changed["name"] != "first one" || changed["description"] != "less of it" ||
		changed["createdDate"] != object["createdDate"] {
		t.Errorf("%v", changed)
	}
	if got := b.do(200, "GET", app1+"/"+id, "").data()[0]; fmt.Sprint(got) != fmt.Sprint(changed) {
		t.Errorf("%v", got)
	}
	b.do(404, "GET", instances+"/42012/snapshots/"+id, "")
	if a := b.do(204, "DELETE", app1+"/"+id, ""); a.raw != "" {
		t.Errorf("a body: %s", a.raw)
	}
	if a := b.do(404, "DELETE", app1+"/"+id, ""); a.text("message") != "Entry Snapshots not found by snapshotId = "+id {
		t.Errorf("%s", a.raw)
	}
	audits := b.do(200, "GET", "/v1/compute/snapshots/audits?orderBy=timestamp:desc&orderBy=id:desc&snapshotId="+id, "")
	if got := audits.column("action"); !slices.Equal(got, []string{"DELETED", "UPDATED", "CREATED"}) {
		t.Errorf("%v", got)
	}
}

func TestSnapshots_idsAreUniqueWithinASecond(t *testing.T) {
	b := start(t, 0)
	seen := map[string]bool{}
	for range 5 {
		id := fmt.Sprint(b.do(201, "POST", app1, `{"name":"again"}`).data()[0]["snapshotId"])
		if seen[id] || !strings.HasPrefix(id, "snap") || len(id) != 14 {
			t.Errorf("%s", id)
		}
		seen[id] = true
	}
	a := b.do(402, "POST", app1, `{"name":"again"}`)
	if want := "Total snapshots exceed the total max limit of 5 snapshots"; a.text("message") != want ||
		a.body["statusCode"] != 402.0 {
		t.Errorf("%s", a.raw)
	}
	b.do(404, "POST", instances+"/99999/snapshots", `{"name":"again"}`)
	if a := b.do(402, "POST", instances+"/42003/snapshots", `{"name":"none"}`); !strings.Contains(a.text("message"),
		"limit of 0 snapshots") {
		t.Errorf("%s", a.raw)
	}
}

func TestSnapshots_filterAndExpiry(t *testing.T) {
	b := start(t, 0)
	for _, name := range []string{"nightly 1", "weekly", "nightly 2"} {
		b.do(201, "POST", app1, `{"name":"`+name+`"}`)
	}
	if got := b.do(200, "GET", app1+"?name=ight&orderBy=name:desc", "").column("name"); !slices.Equal(got,
		[]string{"nightly 2", "nightly 1"}) {
		t.Errorf("%v", got)
	}
	b.config.Clock.Offset += 720 * time.Hour
	b.token = b.grant(nil).text("access_token")
	if got := b.do(200, "GET", app1, "").data(); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if got := b.sim.Inventory().Snapshots; len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestSnapshots_rollbackDeletesNewerOnes(t *testing.T) {
	for name, body := range map[string]string{"empty object": "{}", "null": "null"} {
		t.Run(name, func(t *testing.T) {
			b := start(t, 0)
			ids := []string{}
			for _, name := range []string{"a", "b", "c"} {
				ids = append(ids, fmt.Sprint(b.do(201, "POST", app1, `{"name":"`+name+`"}`).data()[0]["snapshotId"]))
			}
			b.do(201, "POST", instances+"/42012/snapshots", `{"name":"of another"}`)
			a := b.do(200, "POST", app1+"/"+ids[1]+"/rollback", body)
			if len(a.body) != 1 || a.links()["self"] != mount+app1+"/"+ids[1] {
				t.Errorf("%s", a.raw)
			}
			if got := b.do(200, "GET", app1, "").column("name"); !slices.Equal(got, []string{"a", "b"}) {
				t.Errorf("%v", got)
			}
			if got := b.do(200, "GET", instances+"/42012/snapshots", "").data(); len(got) != 1 {
				t.Errorf("%v", got)
			}
		})
	}
}

// A rollback takes the latency. Meanwhile the instance refuses other changes, and its snapshots can be read.
func TestSnapshots_rollbackLocksTheInstance(t *testing.T) {
	b := start(t, time.Minute)
	status := func(want string) {
		t.Helper()
		if got := b.do(200, "GET", instances+"/42011", "").data()[0]["status"]; got != want {
			t.Errorf("the status is %v, want %s", got, want)
		}
	}
	one := app1 + "/" + fmt.Sprint(b.do(201, "POST", app1, `{"name":"one"}`).data()[0]["snapshotId"])
	source := simkit.Source{SourceID: "42011"}
	if err := b.sim.SetSourceState(source, "stopped"); err != nil {
		t.Fatal(err)
	}
	b.do(201, "POST", app1, `{"name":"two"}`)
	b.do(200, "POST", one+"/rollback", "{}")
	status("installing")
	b.do(409, "POST", one+"/rollback", "{}")
	b.do(409, "POST", app1, `{"name":"three"}`)
	b.do(409, "DELETE", one, "")
	b.do(200, "GET", one, "")
	b.do(201, "POST", instances+"/42012/snapshots", `{"name":"of another"}`)
	if names := b.do(200, "GET", app1, "").column("name"); !slices.Equal(names, []string{"one"}) {
		t.Errorf("%v", names)
	}
	if err := b.sim.SetSourceState(source, "running"); err == nil {
		t.Error("the state was changed during a rollback")
	}
	// A restart of the sandbox keeps the rollback.
	saved, err := b.sim.Save()
	if err != nil {
		t.Fatal(err)
	}
	b.sim.Reset()
	if err := b.sim.Load(saved); err != nil {
		t.Fatal(err)
	}
	b.config.Clock.Offset += time.Minute
	status("stopped")
	b.do(204, "DELETE", one, "")
}

// A rollback that fails leaves the instance in the status error, with a message, and another one repairs it.
func TestSnapshots_rollbackFails(t *testing.T) {
	b := start(t, 0)
	good := app1 + "/" + fmt.Sprint(b.do(201, "POST", app1, `{"name":"good"}`).data()[0]["snapshotId"])
	bad := app1 + "/" + fmt.Sprint(b.do(201, "POST", app1, `{"name":"broken one"}`).data()[0]["snapshotId"])
	b.do(200, "POST", bad+"/rollback", "{}")
	record := b.do(200, "GET", instances+"/42011", "").data()[0]
	if record["status"] != "error" || record["errorMessage"] == "" {
		t.Errorf("%v %v", record["status"], record["errorMessage"])
	}
	b.do(200, "POST", good+"/rollback", "{}")
	record = b.do(200, "GET", instances+"/42011", "").data()[0]
	if record["status"] != "running" || record["errorMessage"] != "" {
		t.Errorf("%v %v", record["status"], record["errorMessage"])
	}
}

func TestState_savedAndLoaded(t *testing.T) {
	b := start(t, 0)
	b.do(201, "POST", app1, `{"name":"keep me"}`)
	before := fmt.Sprint(b.sim.Inventory())
	saved, err := b.sim.Save()
	if err != nil {
		t.Fatal(err)
	}
	b.sim.Reset()
	if n := len(b.sim.Inventory().Snapshots); n != 1 {
		t.Errorf("%d snapshots after a reset", n)
	}
	if err := b.sim.Load(saved); err != nil {
		t.Fatal(err)
	}
	if after := fmt.Sprint(b.sim.Inventory()); after != before {
		t.Errorf("%s\n%s", before, after)
	}
	// The token of before is good in the state of after.
	b.do(200, "GET", app1, "")
	if err := b.sim.Load([]byte("garbage")); err == nil {
		t.Error("garbage was loaded")
	}
}

func TestState_seed(t *testing.T) {
	lists := start(t, 0).sim.Inventory()
	var got []string
	for _, s := range lists.Sources {
		got = append(got, fmt.Sprintf("%s %s %d", s.SourceID, s.Name, s.Slots))
	}
	want := []string{
		"42001 web-1 3", "42002 db-1 1", "42003 storage-1 0",
		"42011 app-1 5", "42012 app-2 5", "42013 app-3 5", "42014 app-4 5", "42015 app-5 5", "42016 app-6 5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if s := lists.Snapshots; len(s) != 1 || s[0].SourceID != "42001" || s[0].Name != "made by hand" ||
		s[0].SnapshotID != "snap1700000042" {
		t.Errorf("%v", s)
	}
	if lists.Images == nil || lists.Templates == nil {
		t.Error("a list is null")
	}
}

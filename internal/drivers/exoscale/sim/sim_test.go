package sim_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// geneva is the base of a zone's API.
const geneva = "/exoscale/ch-gva-2/v2"

func newSim() (*sim.Simulator, *simkit.Config) {
	w := &simkit.Config{Mount: "/exoscale", Clock: &simkit.Clock{}}
	return sim.New(w), w
}

// answer is what came back.
type answer struct {
	status int
	kind   string
	body   map[string]any
	text   string
}

// at follows names through the answer's objects.
func (a answer) at(names ...string) string {
	var v any = a.body
	for _, n := range names {
		m, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = m[n]
	}
	return fmt.Sprint(v)
}

// do sends a signed request; change may spoil it after it was signed.
func do(t *testing.T, s http.Handler, method, target, body string, change ...func(r *http.Request)) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:8484"+target, strings.NewReader(body))
	sign(r, body, "", time.Now().Add(time.Minute))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r)
	}
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, r)
	out := answer{status: rec.Code, kind: rec.Header().Get("Content-Type"), text: rec.Body.String()}
	if strings.Contains(out.kind, "json") {
		if err := json.Unmarshal(rec.Body.Bytes(), &out.body); err != nil {
			t.Fatalf("%s %s: %v in %s", method, target, err, out.text)
		}
	}
	return out
}

// sign signs by the vendor's description, apart from the project's client.
func sign(r *http.Request, body, args string, expires time.Time) {
	path, _, _ := strings.Cut(r.RequestURI[strings.Index(r.RequestURI, "/exoscale"):], "?")
	values := ""
	for name := range strings.SplitSeq(args, ";") {
		values += r.URL.Query().Get(name)
	}
	message := fmt.Sprintf("%s %s\n%s\n%s\n\n%d", r.Method, path, body, values, expires.Unix())
	mac := hmac.New(sha256.New, []byte(sim.APISecret))
	_, _ = io.WriteString(mac, message)
	header := "EXO2-HMAC-SHA256 credential=" + sim.APIKey
	if args != "" {
		header += ",signed-query-args=" + args
	}
	r.Header.Set("Authorization", fmt.Sprintf("%s,expires=%d,signature=%s", header, expires.Unix(),
		base64.StdEncoding.EncodeToString(mac.Sum(nil))))
}

func want(t *testing.T, a answer, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

func TestSimulator_signatures(t *testing.T) {
	s, w := newSim()
	spoil := func(from, to string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
		}
	}
	resign := func(args string, expires time.Time) func(*http.Request) {
		return func(r *http.Request) { sign(r, "", args, expires) }
	}
	soon := time.Now().Add(time.Minute)
	for name, tt := range map[string]struct {
		path   string
		change func(*http.Request)
		status int
	}{
		"right":           {"/snapshot", func(*http.Request) {}, 200},
		"none":            {"/snapshot", func(r *http.Request) { r.Header.Del("Authorization") }, 403},
		"bearer":          {"/snapshot", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 403},
		"unknown key":     {"/snapshot", spoil("EXOsandbox", "EXOforeign"), 403},
		"wrong signature": {"/snapshot", spoil("signature=", "signature=AAAA"), 403},
		"other expiry":    {"/snapshot", spoil("expires=1", "expires=2"), 403},
		"spaces":          {"/snapshot", spoil(",expires", ", expires"), 403},
		"expired":         {"/snapshot", resign("", time.Now().Add(-time.Second)), 403},
		"other method":    {"/snapshot", func(r *http.Request) { r.Method = http.MethodDelete }, 403},
		"other body": {
			"/snapshot", func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader("{}")) }, 403,
		},
		"query":               {"/template?visibility=private&family=x", resign("family;visibility", soon), 200},
		"query out of order":  {"/template?visibility=private&family=x", resign("visibility;family", soon), 403},
		"query unsigned":      {"/template?visibility=private", resign("", soon), 403},
		"query half signed":   {"/template?visibility=private&family=x", resign("family", soon), 403},
		"repeated parameters": {"/template?a=1&a=2", resign("", soon), 200},
	} {
		if a := do(t, s, http.MethodGet, geneva+tt.path, "", tt.change); a.status != tt.status {
			t.Errorf("%s: status %d, want %d: %s", name, a.status, tt.status, a.text)
		}
	}
	want(t, do(t, s, http.MethodGet, "/exoscale/%7Bzone%7D/v2/snapshot", ""), 200)
	// The sandbox's clock says nothing of the client's.
	w.Clock.Offset = 31 * 24 * time.Hour
	want(t, do(t, s, http.MethodGet, geneva+"/snapshot", ""), 200)
}

func TestSimulator_zonesAreUnsignedAndItsOwn(t *testing.T) {
	s, _ := newSim()
	for _, base := range []string{geneva, "/exoscale/de-fra-1/v2", "/exoscale/%7Bzone%7D/v2"} {
		a := want(
			t,
			do(t, s, http.MethodGet, base+"/zone", "", func(r *http.Request) { r.Header.Del("Authorization") }),
			200,
		)
		for _, part := range []string{
			`"api-endpoint":"http://127.0.0.1:8484/exoscale/ch-gva-2/v2"`,
			`"api-endpoint":"http://127.0.0.1:8484/exoscale/de-fra-1/v2"`, `"name":"de-fra-1"`,
			`"sos-endpoint":"http://127.0.0.1:8484/exoscale/de-fra-1/sos"`,
		} {
			if !strings.Contains(a.text, part) {
				t.Errorf("%s: no %s in %s", base, part, a.text)
			}
		}
	}
}

func TestSimulator_routes(t *testing.T) {
	s, _ := newSim()
	for target, status := range map[string]int{
		"GET /exoscale/xx-new-9/v2/snapshot":              404,
		"GET /exoscale/ch-gva-2/v3/snapshot":              404,
		"GET " + geneva + "/volume":                       404,
		"GET " + geneva + "/snapshot/":                    404,
		"GET " + geneva + "/snapshot/a/b":                 404,
		"GET " + geneva + "/snapshot/not-a-uuid":          400,
		"POST " + geneva + "/snapshot":                    405,
		"GET " + geneva + "/snapshot/" + sim.FrankfurtOld: 404,
		"GET " + geneva + "/quota/snapshot":               200,
		"GET " + geneva + "/quota/moon":                   404,
		"GET " + geneva + "/quota":                        200,
		"GET " + geneva + "/instance":                     200,
	} {
		method, path, _ := strings.Cut(target, " ")
		if a := do(t, s, method, path, ""); a.status != status {
			t.Errorf("%s: status %d, want %d", target, a.status, status)
		}
	}
}

func TestSimulator_operationIsPendingFirst(t *testing.T) {
	s, _ := newSim()
	chunked := func(r *http.Request) { r.ContentLength, r.Body = -1, io.NopCloser(bytes.NewReader(nil)) }
	a := want(t, do(t, s, http.MethodPost, geneva+"/instance/"+sim.GenevaWeb+":create-snapshot", "", chunked), 200)
	id := a.at("reference", "id")
	if a.at("state") != "pending" || a.at("reference", "command") != "get-snapshot" ||
		a.at("reference", "link") != "/v2/snapshot/"+id {
		t.Errorf("operation = %s", a.text)
	}
	op := want(t, do(t, s, http.MethodGet, geneva+"/operation/"+a.at("id"), ""), 200)
	if op.at("state") != "success" || op.at("reference", "id") != id {
		t.Errorf("operation = %s", op.text)
	}
	want(t, do(t, s, http.MethodGet, "/exoscale/de-fra-1/v2/operation/"+a.at("id"), ""), 404)
	snap := want(t, do(t, s, http.MethodGet, geneva+"/snapshot/"+id, ""), 200)
	if snap.at("state") != "ready" || snap.at("instance", "id") != sim.GenevaWeb ||
		snap.at("application-consistent") != "false" || snap.at("size") != "10" ||
		!strings.HasPrefix(snap.at("name"), "web-1_") {
		t.Errorf("snapshot = %s", snap.text)
	}
	inst := do(t, s, http.MethodGet, geneva+"/instance/"+sim.GenevaWeb, "")
	if !strings.Contains(inst.text, id) {
		t.Errorf("the instance does not show its snapshot: %s", inst.text)
	}
}

func TestSimulator_oneOperationAtATime(t *testing.T) {
	s, w := newSim()
	w.Latency = time.Minute
	create := geneva + "/instance/" + sim.GenevaWeb + ":create-snapshot"
	made := want(t, do(t, s, http.MethodPost, create, ""), 200)
	again := want(t, do(t, s, http.MethodPost, create, ""), 409)
	if again.at("error") == "" {
		t.Errorf("conflict = %s", again.text)
	}
	snapshot := geneva + "/snapshot/" + made.at("reference", "id")
	if got := do(t, s, http.MethodGet, snapshot, "").at("state"); got != "snapshotting" {
		t.Errorf("state %q", got)
	}
	want(t, do(t, s, http.MethodDelete, snapshot, ""), 409)
	want(t, do(t, s, http.MethodPost, snapshot+":export", ""), 409)
	want(t, do(t, s, http.MethodPost, geneva+"/instance/"+sim.GenevaDB+":create-snapshot", ""), 200)
	w.Clock.Offset += time.Minute
	want(t, do(t, s, http.MethodPost, create, ""), 200)
	want(t, do(t, s, http.MethodDelete, snapshot, ""), 200)
	if got := do(t, s, http.MethodGet, snapshot, "").at("state"); got != "deleting" {
		t.Errorf("state %q", got)
	}
	w.Clock.Offset += time.Minute
	if a := want(t, do(t, s, http.MethodGet, snapshot, ""), 404); a.at("message") != "not found" {
		t.Errorf("absent = %s", a.text)
	}
}

func TestSimulator_revertNeedsAStoppedInstance(t *testing.T) {
	s, w := newSim()
	instance := geneva + "/instance/" + sim.GenevaDB
	body := `{"id":"` + sim.GenevaOld + `"}`
	refused := want(t, do(t, s, http.MethodPost, instance+":revert-snapshot", body), 412)
	if !strings.HasPrefix(refused.at("type"), "#/http-problem-types/") ||
		!strings.Contains(refused.at("detail"), "stopped") {
		t.Errorf("refusal = %s", refused.text)
	}
	w.Latency = time.Minute
	want(t, do(t, s, http.MethodPut, instance+":stop", ""), 200)
	want(t, do(t, s, http.MethodPost, instance+":create-snapshot", ""), 409)
	w.Clock.Offset += time.Minute
	op := want(t, do(t, s, http.MethodPost, instance+":revert-snapshot", body), 200)
	if op.at("reference", "id") != sim.GenevaDB {
		t.Errorf("operation = %s", op.text)
	}
	w.Latency = 0
	want(t, do(t, s, http.MethodGet, geneva+"/snapshot/"+sim.GenevaOld, ""), 200)
	want(t, do(t, s, http.MethodPut, instance+":start", "{}"), 200)
	if got := do(t, s, http.MethodGet, instance, "").at("state"); got != "running" {
		t.Errorf("state %q", got)
	}
	standby := geneva + "/instance/" + sim.GenevaStandby
	want(t, do(t, s, http.MethodPost, standby+":revert-snapshot", body), 400)
	want(t, do(t, s, http.MethodPost, standby+":revert-snapshot", ""), 400)
	want(t, do(t, s, http.MethodPost, standby+":revert-snapshot", `{"snapshot":"x"}`), 400)
	want(t, do(t, s, http.MethodPost, standby+":revert-snapshot", `{"id":"`+sim.GenevaWeb+`"}`), 404)
}

func TestSimulator_deletedInstanceTakesItsSnapshots(t *testing.T) {
	s, _ := newSim()
	want(t, do(t, s, http.MethodDelete, geneva+"/instance/"+sim.GenevaDB, ""), 200)
	want(t, do(t, s, http.MethodGet, geneva+"/instance/"+sim.GenevaDB, ""), 404)
	want(t, do(t, s, http.MethodGet, geneva+"/snapshot/"+sim.GenevaOld, ""), 404)
	want(t, do(t, s, http.MethodPost, geneva+"/instance/"+sim.GenevaDB+":create-snapshot", ""), 404)
}

func TestSimulator_templateRules(t *testing.T) {
	s, _ := newSim()
	promote := geneva + "/snapshot/" + sim.GenevaOld + ":promote"
	long := strings.Repeat("d", 256)
	problem := want(t, do(t, s, http.MethodPost, promote, `{"description":"x"}`), 400)
	if problem.kind != "application/problem+json" || !strings.Contains(problem.text, `"location":"$['name']"`) {
		t.Errorf("problem = %s %s", problem.kind, problem.text)
	}
	want(t, do(t, s, http.MethodPost, promote, `{"name":"a","description":"`+strings.Repeat(long, 17)+`"}`), 400)
	want(t, do(t, s, http.MethodPost, promote, `{"name":"a","boot-mode":"uefi"}`), 400)
	made := want(t, do(t, s, http.MethodPost, promote, `{"name":"a","description":"`+long+`"}`), 200)
	template := geneva + "/template/" + made.at("reference", "id")
	got := want(t, do(t, s, http.MethodGet, template, ""), 200)
	if got.at("visibility") != "private" || got.at("family") != "other (64-bit)" ||
		got.at("description") != long[:255] {
		t.Errorf("template = %s", got.text)
	}
	if list := do(t, s, http.MethodGet, geneva+"/template", ""); strings.Contains(
		list.text,
		made.at("reference", "id"),
	) ||
		!strings.Contains(list.text, sim.GenevaDebian) {
		t.Errorf("the default list = %s", list.text)
	}
	want(t, do(t, s, http.MethodPut, template, `{"description":"`+long+`"}`), 400)
	want(t, do(t, s, http.MethodPut, template, `{"url":"x"}`), 400)
	want(t, do(t, s, http.MethodDelete, geneva+"/template/"+sim.GenevaDebian, ""), 403)
	plain := want(t, do(t, s, http.MethodPost, promote, `{"name":"b"}`), 200)
	if d := do(t, s, http.MethodGet, geneva+"/template/"+plain.at("reference", "id"),
		"").at("description"); !strings.HasPrefix(d, "Promoted snapshot - ") {
		t.Errorf("default description %q", d)
	}

	copied := want(t, do(t, s, http.MethodPost, template, `{"target-zone":{"name":"de-fra-1"}}`), 200)
	want(t, do(t, s, http.MethodGet, geneva+"/operation/"+copied.at("id"), ""), 200)
	want(t, do(t, s, http.MethodGet, "/exoscale/de-fra-1/v2/template/"+copied.at("reference", "id"), ""), 200)
	want(t, do(t, s, http.MethodGet, geneva+"/template/"+copied.at("reference", "id"), ""), 404)
	want(t, do(t, s, http.MethodPost, template, `{"target-zone":{"name":"xx-new-9"}}`), 400)

	if n := len(s.Inventory().Templates); n != 3 {
		t.Errorf("%d templates of the account, want 3", n)
	}
}

func TestSimulator_stateIsKept(t *testing.T) {
	s, w := newSim()
	w.Latency = time.Minute
	made := want(t, do(t, s, http.MethodPost, geneva+"/instance/"+sim.GenevaWeb+":create-snapshot", ""), 200)
	want(t, do(t, s, http.MethodPost, geneva+"/snapshot/"+sim.GenevaOld+":export", ""), 200)
	saved, err := s.Save()
	if err != nil {
		t.Fatal(err)
	}
	next := sim.New(w)
	if err := next.Load(saved); err != nil {
		t.Fatal(err)
	}
	w.Clock.Offset += time.Minute
	if op := do(t, next, http.MethodGet, geneva+"/operation/"+made.at("id"), ""); op.at("state") != "success" {
		t.Errorf("operation after a restart = %s", op.text)
	}
	if snap := do(t, next, http.MethodGet, geneva+"/snapshot/"+sim.GenevaOld, ""); snap.at("state") != "exported" ||
		snap.at("export", "md5sum") == "" {
		t.Errorf("export after a restart = %s", snap.text)
	}
	if n := len(next.Inventory().Snapshots); n != 3 {
		t.Errorf("%d snapshots, want 3", n)
	}
	next.Reset()
	if n := len(next.Inventory().Snapshots); n != 2 {
		t.Errorf("%d snapshots after a reset, want the 2 of the seed", n)
	}
	if err := next.Load(json.RawMessage("7")); err == nil {
		t.Error("garbage was loaded")
	}
}

func TestSimulator_seed(t *testing.T) {
	s, w := newSim()
	running, stopped := map[string]int{}, map[string]int{}
	for _, i := range s.Inventory().Sources {
		switch i.State {
		case "running":
			running[i.Location]++
		case "stopped":
			stopped[i.Location]++
		}
	}
	for _, z := range []string{"ch-gva-2", "de-fra-1"} {
		if running[z] < 4 || stopped[z] < 1 {
			t.Errorf("%s: %d running and %d stopped instances", z, running[z], stopped[z])
		}
	}
	for _, n := range s.Inventory().Snapshots {
		if n.CreatedAt.After(w.Now().Add(-24*time.Hour)) || n.State != "ready" {
			t.Errorf("seeded snapshot = %+v", n)
		}
	}
	env := s.Environment("http://127.0.0.1:8484")
	if len(env) != 4 || env[3] != (simkit.Variable{
		Name:  "EXOSCALE_API_ENDPOINT",
		Value: "http://127.0.0.1:8484/exoscale/{zone}/v2",
	}) {
		t.Errorf("environment = %v", env)
	}
}

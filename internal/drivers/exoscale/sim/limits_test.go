package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
)

const frankfurt = "/exoscale/de-fra-1/v2"

func register(url, checksum string) string {
	return `{"name":"x","url":"` + url + `","checksum":"` + checksum +
		`","ssh-key-enabled":true,"password-enabled":false}`
}

func TestSimulator_bodiesAreJSON(t *testing.T) {
	s, _ := newSim()
	promote := geneva + "/snapshot/" + sim.GenevaOld + ":promote"
	kind := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", text) }
	}
	chunked := func(r *http.Request) { r.ContentLength = -1 }
	for name, test := range map[string]struct {
		body   string
		change []func(*http.Request)
		status int
	}{
		"text":             {`{"name":"x"}`, []func(*http.Request){kind("text/plain")}, 415},
		"untyped":          {`{"name":"x"}`, []func(*http.Request){kind("")}, 415},
		"untyped, chunked": {`{"name":"x"}`, []func(*http.Request){kind(""), chunked}, 415},
		"with a charset":   {`{"name":"x"}`, []func(*http.Request){kind("application/json; charset=utf-8")}, 200},
		"nothing, untyped": {"", []func(*http.Request){kind("text/plain")}, 400},
		"another signature": {`{"name":"x"}`, []func(*http.Request){
			kind("text/plain"),
			func(r *http.Request) { r.Header.Del("Authorization") },
		}, 403},
	} {
		s.Reset()
		if a := do(t, s, http.MethodPost, promote, test.body, test.change...); a.status != test.status {
			t.Errorf("%s: status %d, want %d: %s", name, a.status, test.status, a.text)
		}
	}
}

func TestSimulator_checksums(t *testing.T) {
	s, w := newSim()
	want(t, do(t, s, http.MethodPost, geneva+"/snapshot/"+sim.GenevaOld+":export", ""), 200)
	export := want(t, do(t, s, http.MethodGet, geneva+"/snapshot/"+sim.GenevaOld, ""), 200)
	link, sum := export.at("export", "presigned-url"), export.at("export", "md5sum")
	const other, foreign = "d41d8cd98f00b204e9800998ecf8427e", "https://img.example.net/golden.qcow2"
	for name, test := range map[string]struct {
		url, checksum, reason string
	}{
		"own file":                  {link, sum, ""},
		"own file, capital letters": {link, strings.ToUpper(sum), ""},
		"own file, another sum":     {link, other, "incorrect"},
		"own file, not signed":      {strings.Split(link, "?")[0], sum, "fault"},
		"foreign file":              {foreign, other, ""},
		"foreign file that tells":   {foreign + "?md5=" + other, other, ""},
		"foreign, another sum":      {foreign + "?md5=" + sum, other, "incorrect"},
		"no MD5":                    {foreign, "x", "incorrect"},
	} {
		op := want(t, do(t, s, http.MethodPost, geneva+"/template", register(test.url, test.checksum)), 200)
		op = want(t, do(t, s, http.MethodGet, geneva+"/operation/"+op.at("id"), ""), 200)
		state := "success"
		if test.reason != "" {
			state = "failure"
		}
		if reason, _ := op.body["reason"].(string); op.at("state") != state || reason != test.reason {
			t.Errorf("%s: %s", name, op.text)
		}
	}
	w.Clock.Offset += 2 * time.Hour
	op := want(t, do(t, s, http.MethodPost, geneva+"/template", register(link, sum)), 200)
	if op = do(t, s, http.MethodGet, geneva+"/operation/"+op.at("id"), ""); op.at("reason") != "fault" {
		t.Errorf("a link that has expired: %s", op.text)
	}
}

func TestSimulator_quotas(t *testing.T) {
	s, _ := newSim()
	create := frankfurt + "/instance/" + sim.FrankfurtWeb + ":create-snapshot"
	for range sim.FrankfurtSnapshots - 1 {
		want(t, do(t, s, http.MethodPost, create, ""), 200)
	}
	if full := want(t, do(t, s, http.MethodPost, create, ""), 412); !strings.Contains(full.text,
		"the quota of snapshots is used up") {
		t.Errorf("%s", full.text)
	}
	promote := frankfurt + "/snapshot/" + sim.FrankfurtOld + ":promote"
	for range sim.FrankfurtTemplates {
		want(t, do(t, s, http.MethodPost, promote, `{"name":"x"}`), 200)
	}
	want(t, do(t, s, http.MethodPost, promote, `{"name":"x"}`), 412)
	want(t, do(t, s, http.MethodPost, frankfurt+"/template",
		register("https://img.example.net/a.qcow2", "d41d8cd98f00b204e9800998ecf8427e")), 412)
	// A copy counts where it goes to.
	made := want(t, do(t, s, http.MethodPost, geneva+"/snapshot/"+sim.GenevaOld+":promote", `{"name":"x"}`),
		200).at("reference", "id")
	want(t, do(t, s, http.MethodPost, geneva+"/template/"+made, `{"target-zone":{"name":"de-fra-1"}}`), 412)

	list := want(t, do(t, s, http.MethodGet, frankfurt+"/quota", ""), 200)
	for _, entry := range []string{
		`{"limit":-1,"resource":"instance","usage":6}`,
		`{"limit":10,"resource":"snapshot","usage":10}`, `{"limit":5,"resource":"template","usage":5}`,
	} {
		if !strings.Contains(list.text, entry) {
			t.Errorf("%s is not in %s", entry, list.text)
		}
	}
	want(t, do(t, s, http.MethodDelete, frankfurt+"/snapshot/"+sim.FrankfurtOld, ""), 200)
	want(t, do(t, s, http.MethodGet, frankfurt+"/snapshot/"+sim.FrankfurtOld, ""), 404)
	want(t, do(t, s, http.MethodPost, create, ""), 200)
	if one := want(t, do(t, s, http.MethodGet, geneva+"/quota/snapshot", ""), 200); one.at("limit") != "-1" {
		t.Errorf("%s", one.text)
	}
}

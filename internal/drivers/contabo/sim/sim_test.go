package sim_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	mount     = "/contabo"
	instances = "/v1/compute/instances"
	images    = "/v1/compute/images"
	someID    = "04e0f898-37b4-48bc-a794-1a57abe6aa31"
)

// env is a simulator and a client that knows nothing but HTTP.
type env struct {
	t      *testing.T
	config *simkit.Config
	sim    *sim.Simulator
	token  string
}

func start(t *testing.T, latency time.Duration) *env {
	t.Helper()
	w := &simkit.Config{Latency: latency, Mount: mount, Clock: &simkit.Clock{}}
	b := &env{t: t, config: w, sim: sim.New(w)}
	b.token = b.grant(nil).text("access_token")
	return b
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func (b *env) serve(r *http.Request) answer {
	b.t.Helper()
	rec := httptest.NewRecorder()
	b.sim.ServeHTTP(rec, r)
	out := answer{t: b.t, status: rec.Code, header: rec.Header(), raw: rec.Body.String()}
	if out.raw == "" {
		return out
	}
	if got := rec.Header().Get("Content-Type"); got != "application/json" {
		b.t.Errorf("%s %s: Content-Type %q", r.Method, r.URL, got)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &out.body); err != nil {
		b.t.Fatalf("%s %s: %v in %s", r.Method, r.URL, err, out.raw)
	}
	return out
}

// request makes a request as it must be; change may spoil it.
func (b *env) request(method, path, body string, change func(*http.Request)) answer {
	b.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, mount+path, reader)
	r.Header.Set("Authorization", "Bearer "+b.token)
	r.Header.Set("X-Request-Id", someID)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	return b.serve(r)
}

// do makes a request and checks its status.
func (b *env) do(status int, method, path, body string) answer {
	b.t.Helper()
	a := b.request(method, path, body, nil)
	if a.status != status {
		b.t.Fatalf("%s %s: HTTP %d wanted, got %d: %s", method, path, status, a.status, a.raw)
	}
	return a
}

// grant requests a token. change may make the form or the request invalid.
func (b *env) grant(change func(form url.Values, r *http.Request)) answer {
	b.t.Helper()
	form := url.Values{
		"grant_type": {"password"}, "client_id": {sim.ClientID}, "client_secret": {sim.ClientSecret},
		"username": {sim.Username}, "password": {sim.Password},
	}
	r := httptest.NewRequest(http.MethodPost, mount+"/auth/realms/contabo/protocol/openid-connect/token", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(form, r)
	}
	r.Body = io.NopCloser(strings.NewReader(form.Encode()))
	return b.serve(r)
}

func (a answer) text(name string) string {
	a.t.Helper()
	s, ok := a.body[name].(string)
	if !ok {
		a.t.Fatalf("no text %q in %s", name, a.raw)
	}
	return s
}

// data lists the objects of an answer.
func (a answer) data() []map[string]any {
	a.t.Helper()
	list, ok := a.body["data"].([]any)
	if !ok {
		a.t.Fatalf("no data in %s", a.raw)
	}
	out := make([]map[string]any, 0, len(list))
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			a.t.Fatalf("not an object: %v", item)
		}
		out = append(out, object)
	}
	return out
}

// column lists one field of all objects.
func (a answer) column(name string) []string {
	a.t.Helper()
	var out []string
	for _, object := range a.data() {
		out = append(out, fmt.Sprint(object[name]))
	}
	return out
}

func (a answer) links() map[string]any {
	a.t.Helper()
	links, ok := a.body["_links"].(map[string]any)
	if !ok {
		a.t.Fatalf("no links in %s", a.raw)
	}
	return links
}

func TestToken_looksLikeAJWT(t *testing.T) {
	b := start(t, 0)
	a := b.grant(nil)
	for name, life := range map[string]int64{"access_token": 300, "refresh_token": 1800} {
		parts := strings.Split(a.text(name), ".")
		if len(parts) != 3 {
			t.Fatalf("%s has %d parts", name, len(parts))
		}
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		var claims map[string]any
		if err := json.Unmarshal(payload, &claims); err != nil {
			t.Fatal(err)
		}
		for _, claim := range []string{"sub", "preferred_username", "tenantId", "customerId", "jti"} {
			if claims[claim] == "" || claims[claim] == nil {
				t.Errorf("%s has no %s", name, claim)
			}
		}
		exp, ok := claims["exp"].(float64)
		if left := int64(exp) - b.config.Now().Unix(); !ok || left < life-1 || left > life {
			t.Errorf("%s lives %d seconds", name, left)
		}
	}
	if a.body["expires_in"] != 300.0 || a.body["refresh_expires_in"] != 1800.0 || a.text("token_type") != "Bearer" ||
		a.text("access_token") == b.token {
		t.Errorf("%s", a.raw)
	}
}

func TestToken_grants(t *testing.T) {
	b := start(t, 0)
	refresh := b.grant(nil).text("refresh_token")
	refreshWith := func(token string) func(url.Values, *http.Request) {
		return func(f url.Values, _ *http.Request) {
			f.Set("grant_type", "refresh_token")
			f.Set("refresh_token", token)
			f.Del("password")
		}
	}
	basic := func(secret string) func(url.Values, *http.Request) {
		return func(f url.Values, r *http.Request) {
			f.Del("client_id")
			f.Del("client_secret")
			r.SetBasicAuth(url.QueryEscape(sim.ClientID), url.QueryEscape(secret))
		}
	}
	set := func(name, value string) func(url.Values, *http.Request) {
		return func(f url.Values, _ *http.Request) { f.Set(name, value) }
	}
	for name, c := range map[string]struct {
		change func(url.Values, *http.Request)
		status int
		code   string
	}{
		"form":                 {nil, 200, ""},
		"basic":                {basic(sim.ClientSecret), 200, ""},
		"refresh":              {refreshWith(refresh), 200, ""},
		"wrong basic":          {basic("x"), 401, "invalid_client"},
		"wrong client":         {set("client_id", "x"), 401, "invalid_client"},
		"wrong secret":         {set("client_secret", "x"), 401, "invalid_client"},
		"wrong user":           {set("username", "x"), 401, "invalid_grant"},
		"wrong password":       {set("password", "x"), 401, "invalid_grant"},
		"access is no refresh": {refreshWith(b.token), 400, "invalid_grant"},
		"refresh out of thin":  {refreshWith("a.b.c"), 400, "invalid_grant"},
		"other grant":          {set("grant_type", "client_credentials"), 400, "unsupported_grant_type"},
		"no grant":             {set("grant_type", ""), 400, "invalid_request"},
		"not a form": {
			func(_ url.Values, r *http.Request) { r.Header.Set("Content-Type", "application/json") },
			415, "invalid_request",
		},
		"GET is not how to ask": {
			func(_ url.Values, r *http.Request) { r.Method = http.MethodGet }, 405,
			"HTTP 405 Method Not Allowed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.grant(c.change)
			if a.status != c.status || (c.code != "" && a.text("error") != c.code) {
				t.Errorf("HTTP %d: %s", a.status, a.raw)
			}
		})
	}
	b.config.Clock.Offset += 31 * time.Minute
	if a := b.grant(refreshWith(refresh)); a.status != 400 {
		t.Errorf("a refresh token of yesterday: HTTP %d", a.status)
	}
}

func TestRequests_admission(t *testing.T) {
	b := start(t, 0)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, c := range map[string]struct {
		method, path, body string
		change             func(*http.Request)
		status             int
	}{
		"as it should be": {"GET", instances, "", nil, 200},
		"no token":        {"GET", instances, "", header("Authorization", ""), 401},
		"foreign token":   {"GET", instances, "", header("Authorization", "Bearer a.b.c"), 401},
		"changed token":   {"GET", instances, "", header("Authorization", "Bearer "+b.token+"A"), 401},
		"other scheme":    {"GET", instances, "", header("Authorization", "Basic "+b.token), 401},
		"no request ID":   {"GET", instances, "", header("X-Request-Id", ""), 400},
		"bad request ID": {
			"GET", instances, "", header("X-Request-Id", "04e0f898-37b4-98bc-a794-1a57abe6aa31"), 400,
		},
		"not JSON": {
			"POST", instances + "/42001/snapshots", "name=x", header("Content-Type", "text/plain"), 415,
		},
		"not JSON, chunked": {"POST", instances + "/42001/snapshots", `{"name":"x"}`, chunked("text/plain"), 415},
		"untyped, chunked":  {"POST", instances + "/42001/snapshots", `{"name":"x"}`, chunked(""), 415},
		"JSON, chunked":     {"POST", instances + "/42002/snapshots", `{"name":"x"}`, chunked("application/json"), 201},
		"chunks of nothing": {"GET", instances, "", chunked(""), 200},
		"JSON with a charset": {
			"POST", instances + "/42001/snapshots", `{"name":"x"}`,
			header("Content-Type", "application/json; charset=utf-8"), 201,
		},
		"unknown path":        {"GET", "/v1/compute/volumes", "", nil, 404},
		"below the API":       {"GET", "/v2/compute/instances", "", nil, 404},
		"too deep":            {"GET", instances + "/42001/snapshots/a/b/c", "", nil, 404},
		"wrong method":        {"DELETE", instances, "", nil, 405},
		"not a number":        {"GET", instances + "/web-1", "", nil, 400},
		"not mine":            {"GET", instances + "/99999", "", nil, 404},
		"unknown filter":      {"GET", instances + "?colour=x", "", nil, 400},
		"page zero":           {"GET", instances + "?page=0", "", nil, 400},
		"odd order":           {"GET", instances + "?orderBy=name:up", "", nil, 400},
		"order by what":       {"GET", instances + "?orderBy=colour:asc", "", nil, 400},
		"order nothing by it": {"GET", instances + "?name=absent&orderBy=colour:asc", "", nil, 400},
		"no images by it":     {"GET", images + "?name=absent&orderBy=colour:asc", "", nil, 400},
		"no snapshots by it":  {"GET", instances + "/42001/snapshots?orderBy=colour:asc", "", nil, 400},
		"no audits by it":     {"GET", images + "/audits?orderBy=colour:asc", "", nil, 400},
		"no audits by time":   {"GET", images + "/audits?orderBy=timestamp:asc", "", nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.request(c.method, c.path, c.body, c.change)
			if a.status != c.status {
				t.Fatalf("HTTP %d: %s", a.status, a.raw)
			}
			if a.status >= 400 && (a.body["statusCode"] != float64(c.status) || a.body["message"] == nil) {
				t.Errorf("%s", a.raw)
			}
		})
	}
	if a := b.request("DELETE", instances, "", nil); a.header.Get("Allow") != "GET" {
		t.Errorf("Allow %q", a.header.Get("Allow"))
	}
	b.config.Clock.Offset += 5*time.Minute + time.Second
	b.do(401, "GET", instances, "")
}

// chunked makes the length of a request unknown.
func chunked(kind string) func(*http.Request) {
	return func(r *http.Request) {
		r.ContentLength = -1
		r.Header.Set("Content-Type", kind)
	}
}

func TestListings_pagesAndLinks(t *testing.T) {
	b := start(t, 0)
	path := mount + instances
	for name, c := range map[string]struct {
		query string
		names []string
		page  map[string]any
		links map[string]any
	}{
		"first": {
			"?page=1&size=4&orderBy=displayName:DESC",
			[]string{"web-1", "storage-1", "db-1", "app-6"},
			map[string]any{"page": 1.0, "size": 4.0, "totalElements": 9.0, "totalPages": 3.0},
			map[string]any{"self": "1", "first": "1", "last": "3", "next": "2"},
		},
		"last": {
			"?page=3&size=4&orderBy=displayName",
			[]string{"web-1"},
			map[string]any{"page": 3.0, "size": 4.0, "totalElements": 9.0, "totalPages": 3.0},
			map[string]any{"self": "3", "first": "1", "last": "3", "previous": "2"},
		},
		"beyond the end": {
			"?page=9&size=4", nil,
			map[string]any{"page": 9.0, "size": 4.0, "totalElements": 9.0, "totalPages": 3.0},
			map[string]any{"self": "9", "first": "1", "last": "3", "previous": "3"},
		},
		"nothing": {
			"?name=absent", nil,
			map[string]any{"page": 1.0, "size": 10.0, "totalElements": 0.0, "totalPages": 0.0},
			map[string]any{"self": "1", "first": "1", "last": "1"},
		},
		"some": {
			"?instanceIds=42011,%2042012&status=running&search=app&orderBy=timestamp:desc&orderBy=instanceId:desc",
			[]string{"app-2", "app-1"},
			map[string]any{"page": 1.0, "size": 10.0, "totalElements": 2.0, "totalPages": 1.0},
			map[string]any{"self": "1", "first": "1", "last": "1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.do(200, "GET", instances+c.query, "")
			if got := a.column("displayName"); !slices.Equal(got, c.names) {
				t.Errorf("%v, want %v", got, c.names)
			}
			if got := fmt.Sprint(a.body["_pagination"]); got != fmt.Sprint(c.page) {
				t.Errorf("pagination %v", got)
			}
			links := a.links()
			if len(links) != len(c.links) {
				t.Errorf("links %v", links)
			}
			for rel, page := range c.links {
				u, err := url.Parse(fmt.Sprint(links[rel]))
				if err != nil || u.Path != path || u.Query().Get("page") != page {
					t.Errorf("%s is %v", rel, links[rel])
				}
			}
		})
	}
}

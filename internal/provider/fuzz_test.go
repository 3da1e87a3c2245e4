package provider_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
)

// A fuzz target runs its seeds with every test run. `make fuzz` searches for more.

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// importable are the resource types with import IDs.
var importable = []string{
	snapshotType, rotationType, "cloudsnap_custom_image", "cloudsnap_snapshot_template", "cloudsnap_snapshot_volume",
	"cloudsnap_snapshot_export",
}

// checkVisible fails if a text has a character that a terminal may obey.
func checkVisible(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
		t.Errorf("the text has a control character: %q", text)
	}
	if len(text) > 1<<15 {
		t.Errorf("the text has %d bytes", len(text))
	}
}

// seedIDs has IDs of all clouds and types, and what people and attackers make of them.
var seedIDs = []string{
	"contabo/42001/snap1700000042", "exoscale/ch-gva-2/5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69", "hostinger/17923",
	"koyeb/5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69", "contabo/42001/daily", "contabo/42001/daily/snap1,snap2",
	"5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69@ch-gva-2", "KOYEB/abc", " 'contabo/1/2' ", "contabo/1/..", "exoscale/../x",
	"koyeb/a?b#c", "koyeb/\x1b[2J", "koyeb/a\u202eb", "nimbus/eu/1", "/", "", "contabo//", "koyeb/%2e%2e",
	"koyeb/7d0b3c52-1f4e-4a8b-9c6d-2e5f8a1b3c4d/daily", "koyeb/a/x'", "雪/ß", strings.Repeat("koyeb/", 2000),
	"koyeb/a/b/1,2", "koyeb/a/b/1,,2", "contabo/1/a b", "exoscale/ch-gva-2@ch-gva-2",
}

// parse_id splits an ID, or its error is safe to show. build_id makes the same ID of the parts.
func FuzzParseID(f *testing.F) {
	for _, id := range seedIDs {
		for typ := range importable {
			f.Add(id, uint(typ))
		}
	}
	p := prototest.Start(f, acctest.Start(f), nil)
	f.Fuzz(func(t *testing.T, id string, typ uint) {
		if !utf8.ValidString(id) {
			return // Terraform has no such strings.
		}
		name := importable[typ%uint(len(importable))]
		object, failed := p.CallFunction(t, "parse_id", id, name)
		if failed != nil {
			checkVisible(t, failed.Text)
			return
		}
		parts, _ := object.(prototest.Values)
		whole, _ := parts["id"].(string)
		checkVisible(t, whole)
		joined, failed := p.CallFunction(t, "build_id", object)
		if failed != nil || joined != whole {
			t.Fatalf("parse_id of %q is %v, and build_id of that is %q, %+v", id, parts, joined, failed)
		}
		if again, failed := p.CallFunction(t, "parse_id", whole, name); failed != nil || !reflect.DeepEqual(again, object) {
			t.Errorf("parse_id of %q is %v, and of %q it is %v, %+v", id, parts, whole, again, failed)
		}
	})
}

// parse_id finds the parts that build_id has joined.
func FuzzBuildID(f *testing.F) {
	for _, cloud := range acctest.Drivers() {
		for typ := range importable {
			for _, id := range []string{
				"5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69", "daily", "17923", "a/b", "..", "a,b", " a", "a'", "\x1b[2J", "",
				"a@b", "`", "\u00a0a", "A",
			} {
				f.Add(uint(typ), cloud.Descriptor().Name, "42001", "ch-gva-2", id)
				f.Add(uint(typ), cloud.Descriptor().Name, id, "ch-gva-2", "17923")
			}
		}
	}
	p := prototest.Start(f, acctest.Start(f), nil)
	f.Fuzz(func(t *testing.T, typ uint, cloud, source, location, id string) {
		if !utf8.ValidString(cloud + source + location + id) {
			return
		}
		name := importable[typ%uint(len(importable))]
		object := prototest.Values{"type": name, "cloud": cloud, "source_id": source, "location": location}
		for _, attribute := range []string{"snapshot_id", "image_id", "template_id", "volume_id", "name_prefix"} {
			object[attribute] = id
		}
		if name == rotationType {
			object["snapshot_ids"] = []any{id, id}
		}
		joined, failed := p.CallFunction(t, "build_id", object)
		if failed != nil {
			checkVisible(t, failed.Text)
			return
		}
		split, failed := p.CallFunction(t, "parse_id", joined, name)
		if failed != nil {
			t.Fatalf("build_id of %q is %q, and parse_id of that fails: %s", object, joined, failed.Text)
		}
		parts, _ := split.(prototest.Values)
		for _, attribute := range slices.Sorted(maps.Keys(parts)) {
			if want, given := object[attribute]; given && parts[attribute] != nil &&
				!reflect.DeepEqual(parts[attribute], want) {
				t.Errorf("build_id of %q is %q, and parse_id of that has the %s %q", object, joined, attribute, parts[attribute])
			}
		}
	})
}

// Whatever a state or private data has, a read changes nothing at the cloud, no ID leaves its segment of a path, and
// the error is safe to show.
func FuzzState(f *testing.F) {
	for typ := range importable {
		for _, id := range []string{
			"5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69", "", "..", ".", "a/../b", "a?b=c", "a#b", "a%2f..", "a;b", "\x00", "\x1b[2J",
			"\u202e", "雪", "1:export",
		} {
			for _, job := range []string{
				"", `{"id":"5f3c2b1a-0d9e-4c7b-8a6f-1e2d3c4b5a69","location":"ch-gva-2"}`, `{"watch":true}`, `{"id":".."}`,
				`{"id":"17","source_id":"17923","replaces":"1","replaces_created_at":"2026-01-02T03:04:05Z"}`, "null", "{", "[]",
				`{"id":5}`, `{"id":"../..","location":"evil.example#","source_id":"\u001b"}`,
			} {
				f.Add(uint(typ), uint(len(id)), "42001", "ch-gva-2", id, job)
				f.Add(uint(typ), uint(len(id)), id, id, "17923", job)
			}
		}
	}
	var mu sync.Mutex
	var sent []*http.Request
	pooled := cleanhttp.DefaultPooledTransport()
	recording := roundTrip(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		sent = append(sent, r)
		mu.Unlock()
		return pooled.RoundTrip(r)
	})
	provider, err := acctest.Start(f).Through(recording).Server()
	if err != nil {
		f.Fatal(err)
	}
	schemas, err := provider.GetProviderSchema(f.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		f.Fatal(err)
	}
	configureNull(f, provider)
	drivers := acctest.Drivers()
	f.Fuzz(func(t *testing.T, typ, cloud uint, source, location, id, job string) {
		name := importable[typ%uint(len(importable))]
		state := map[string]any{"cloud": drivers[cloud%uint(len(drivers))].Descriptor().Name}
		for _, a := range schemas.ResourceSchemas[name].Block.Attributes {
			switch a.Name {
			case "source_id":
				state[a.Name] = source
			case "location":
				state[a.Name] = location
			case "id", "snapshot_id", "image_id", "template_id", "volume_id", "name_prefix", "name":
				state[a.Name] = id
			}
		}
		raw, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		upgraded, err := provider.UpgradeResourceState(t.Context(),
			&tfprotov6.UpgradeResourceStateRequest{TypeName: name, RawState: &tfprotov6.RawState{JSON: raw}})
		if err != nil {
			t.Fatal(err)
		}
		if len(errorsOf(upgraded.Diagnostics)) > 0 {
			t.Fatalf("the state %s cannot be read: %q", raw, errorsOf(upgraded.Diagnostics))
		}
		var private []byte
		if json.Valid([]byte(job)) {
			private, _ = json.Marshal(map[string][]byte{"job": []byte(job), "observed_at": []byte(job)})
		}
		mu.Lock()
		sent = nil
		mu.Unlock()
		read, err := provider.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: name, CurrentState: upgraded.UpgradedState, Private: private,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range read.Diagnostics {
			checkVisible(t, d.Summary+d.Detail)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, r := range sent {
			for segment := range strings.SplitSeq(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/") {
				if segment == "" || segment == "." || segment == ".." {
					t.Errorf("the read of %s has sent %s %s", raw, r.Method, r.URL)
				}
			}
			if r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/token") {
				t.Errorf("the read of %s has sent %s %s", raw, r.Method, r.URL)
			}
		}
	})
}

// configureNull configures a provider by its environment alone.
func configureNull(t testing.TB, p tfprotov6.ProviderServer) {
	t.Helper()
	schema, err := p.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schema.Provider.ValueType()
	raw, err := tfprotov6.NewDynamicValue(typ, nulls(t.Context(), typ))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &raw})
	if err != nil || len(errorsOf(resp.Diagnostics)) > 0 {
		t.Fatal(err, errorsOf(resp.Diagnostics))
	}
}

// Any text as a setting is an error that is safe to show and does not have a secret in it, or none.
func FuzzConfigure(f *testing.F) {
	for block, d := range acctest.Drivers() {
		for field := range d.Descriptor().Fields {
			for _, value := range []string{
				"", "x", "https://api.example.net", "http://10.0.0.1", "secret-canary\n", "secret\x00canary", "\x1b[2J",
				"https://user:canary@h", "https://h/?canary", "https://h/\x1b[2J", "\u202e", "{zone}", "ch-gva-2\r\nX: y",
			} {
				f.Add(uint(block), uint(field), value)
			}
		}
	}
	drivers := acctest.Drivers()
	f.Fuzz(func(t *testing.T, block, field uint, value string) {
		if !utf8.ValidString(value) {
			return
		}
		d := drivers[block%uint(len(drivers))].Descriptor()
		one := d.Fields[field%uint(len(d.Fields))]
		values := map[string]tftypes.Value{}
		for _, other := range d.Fields {
			if other.Required {
				values[other.Name] = text("x")
			}
		}
		values[one.Name] = text(value)
		for _, problem := range configure(t, server(t), d.Name, values) {
			checkVisible(t, problem)
			if one.Sensitive && len(value) > 12 && strings.Contains(problem, strings.TrimSpace(value)) {
				t.Errorf("the error has the value of %s: %q", one.Name, problem)
			}
		}
	})
}

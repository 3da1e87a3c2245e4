package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// bare is a cloud that can do nothing, nimbus one that keeps snapshots.
type (
	bare         struct{}
	nimbus       struct{}
	bareClient   struct{}
	nimbusClient struct {
		bareClient
		driver.Snapshotter
	}
)

func (bareClient) KindOf(error) driver.Kind { return driver.KindUnknown }

func (bare) Open(driver.Settings) (driver.Client, error) { return bareClient{}, nil }

func (bare) Descriptor() driver.Descriptor { return driver.Descriptor{Name: "bare", Title: "Bare"} }

func (nimbus) Open(driver.Settings) (driver.Client, error) { return nimbusClient{}, nil }

func (nimbus) Descriptor() driver.Descriptor {
	return driver.Descriptor{
		Name: "nimbus", Title: "Nimbus",
		Fields: []driver.Field{
			{
				Name:      "token",
				Env:       []string{"NIMBUS_TOKEN", "NIMBUS_KEY"},
				Help:      "The token | key.",
				Required:  true,
				Sensitive: true,
			},
			{Name: "zone", Env: []string{"NIMBUS_ZONE"}, Help: "The zone."},
			{Name: "endpoint", Default: "https://api.example.com", Help: "The API.", Endpoint: true},
		},
		Limits: driver.Limits{
			SourceKind: "instance",
			Snapshot: driver.Attributes{
				"name":        {Support: driver.Required, Min: 1, Max: 30},
				"description": {Support: driver.Optional, OneOf: []string{"a", "b"}, Default: "a"},
				"size_gib":    {Support: driver.Computed},
			},
			Location: driver.Attribute{Support: driver.Optional}, LocationField: "zone",
			SnapshotID: []driver.IDPart{driver.PartLocation, driver.PartSnapshot},
		},
	}
}

// figures is a folder with the figures of both clouds.
func figures(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for path, content := range map[string]string{
		"nimbus/testdata/budget.json":        `{"plan": 1, "create": 2, "read": 1, "delete": 3, "poll": "/x"}`,
		"nimbus/testdata/restore_calls.json": `{"plan": ["GET a"], "restore": ["GET a", "POST a", "GET a"]}`,
		"bare/testdata/budget.json":          `{}`,
	} {
		file := filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestRun_writesPageAndExamples(t *testing.T) {
	root := t.TempDir()
	schema := filepath.Join(root, "schema.json")
	text := `{"provider_schemas":{"cloudsnap":{
		"data_source_schemas":{"cloudsnap_snapshots":{}},"resource_schemas":{"cloudsnap_snapshot":{}},
		"list_resource_schemas":{"cloudsnap_snapshot":{}},
		"action_schemas":{"cloudsnap_export_snapshot":{},"cloudsnap_create_snapshot":{}}
	}}}`
	if err := os.WriteFile(schema, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(root, schema, figures(t), []driver.Driver{nimbus{}, bare{}}); err != nil {
		t.Fatal(err)
	}
	contains(t, filepath.Join(root, "templates/guides/cloud-support.md"),
		"|  | Nimbus | Bare |\n|---|---|---|\n| `cloudsnap_snapshot` (resource) | yes | – |\n"+
			"| `cloudsnap_snapshots` (data source) | yes | – |\n"+
			"| `cloudsnap_snapshot` (list resource) | yes | – |\n"+
			"| `cloudsnap_create_snapshot` (action) | yes | – |\n"+
			"| `cloudsnap_export_snapshot` (action) | – | – |\n",
		"## Snapshots\n\n|  | Nimbus |\n|---|---|\n| `location` | optional, default: the provider's `nimbus.zone` |\n"+
			"| source | instance |\n| `description` | optional: a or b, default `a` |\n"+
			"| `name` | required: 1 to 30 characters |\n| `size_gib` | read-only |\n",
		"| import ID | `nimbus/<zone>/<snapshot_id>` |",
		"| snapshot: apply a create | 4 | 1 |\n", "| snapshot: update | – | – |\n", "| restore: restore | 3 | – |\n",
		"| rotation: apply a run that deletes one | 7 | 2 |\n",
		"| `token` | `NIMBUS_TOKEN` or `NIMBUS_KEY` | – | Required. The token \\| key. |",
		"| `endpoint` | – | `https://api.example.com` | The API. |")
	contains(t, filepath.Join(root, "examples/provider/provider-nimbus.tf"),
		"  nimbus = {\n    token = var.nimbus_token\n    zone = var.nimbus_zone\n  }\n",
		"variable \"nimbus_token\" {\n  type = string\n  sensitive = true\n}\n",
		"NIMBUS_TOKEN.\n")
}

func TestRun_typeWithoutCapabilityIsAnError(t *testing.T) {
	_, err := supportPage([]driver.Driver{nimbus{}}, []tfType{{kind: "resource", name: "cloudsnap_weather"}}, figures(t))
	if err == nil || !strings.Contains(err.Error(), "cloudsnap_weather") {
		t.Errorf("error %v, want one that names the type", err)
	}
}

func contains(t *testing.T, path string, want ...string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(string(text), w) {
			t.Errorf("%s: no %q in\n%s", filepath.Base(path), w, text)
		}
	}
}

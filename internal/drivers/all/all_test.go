package all_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
)

// environment is what people have set for the clouds' own tools: the names are theirs, and the first that is set wins.
var environment = map[string][]string{
	"contabo.client_id":     {"CNTB_OAUTH2_CLIENT_ID"},
	"contabo.client_secret": {"CNTB_OAUTH2_CLIENT_SECRET"},
	"contabo.username":      {"CNTB_OAUTH2_USER"},
	"contabo.password":      {"CNTB_OAUTH2_PASS", "CNTB_OAUTH2_PASSWORD"},
	"contabo.endpoint":      {"CNTB_API"},
	"contabo.token_url":     {"CNTB_OAUTH2_TOKEN_URL"},
	"exoscale.api_key":      {"EXOSCALE_API_KEY"},
	"exoscale.api_secret":   {"EXOSCALE_API_SECRET"},
	"exoscale.zone":         {"EXOSCALE_ZONE"},
	"exoscale.endpoint":     {"EXOSCALE_API_ENDPOINT"},
	"koyeb.token":           {"KOYEB_TOKEN", "KOYEB_API_TOKEN"},
	"koyeb.project_id":      nil,
	"koyeb.endpoint":        {"KOYEB_URL", "KOYEB_API_HOST"},
	"hostinger.token":       {"HOSTINGER_API_TOKEN"},
	"hostinger.endpoint":    {"HOSTINGER_API_URL"},
}

// endpoints are the official addresses, which hold where nothing else is said.
var endpoints = map[string]string{
	"contabo.endpoint":   "https://api.contabo.com",
	"contabo.token_url":  "https://auth.contabo.com/auth/realms/contabo/protocol/openid-connect/token",
	"exoscale.endpoint":  "https://api-{zone}.exoscale.com/v2",
	"koyeb.endpoint":     "https://app.koyeb.com",
	"hostinger.endpoint": "https://developers.hostinger.com",
}

func TestDrivers_settings(t *testing.T) {
	names, defaults := map[string][]string{}, map[string]string{}
	for _, d := range all.Drivers() {
		descriptor := d.Descriptor()
		for _, f := range descriptor.Fields {
			key := descriptor.Name + "." + f.Name
			names[key] = f.Env
			if f.Default != "" {
				defaults[key] = f.Default
			}
		}
	}
	if diff := cmp.Diff(environment, names); diff != "" {
		t.Error("environment:", diff)
	}
	if diff := cmp.Diff(endpoints, defaults); diff != "" {
		t.Error("defaults:", diff)
	}
}

// Every folder beside this one is a cloud of the list, with a page about itself and a simulator.
func TestDrivers_foldersAndListAgree(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var folders, listed []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "all" {
			folders = append(folders, e.Name())
		}
	}
	for _, d := range all.Drivers() {
		name := d.Descriptor().Name
		listed = append(listed, name)
		for _, file := range []string{"doc.go", "simulator.go", "sim", "api", "testdata/budget.json"} {
			if _, err := os.Stat(filepath.Join("..", name, file)); err != nil {
				t.Error(err)
			}
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(folders, listed); diff != "" {
		t.Error(diff)
	}
}

package provider_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// What the provider writes about a cloud comes from the cloud's descriptor.
func TestSources_nameNoCloud(t *testing.T) {
	var files int
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		source, err := os.ReadFile(path)
		for n, line := range strings.Split(string(source), "\n") {
			for _, d := range acctest.Drivers() {
				if strings.Contains(strings.ToLower(line), d.Descriptor().Name) {
					t.Errorf("%s:%d names %s: %s", path, n+1, d.Descriptor().Title, strings.TrimSpace(line))
				}
			}
		}
		return err
	})
	if err != nil || files < 20 {
		t.Fatalf("%d files were read: %v", files, err)
	}
}

// A fifth cloud is named where its limits give an attribute a meaning, and nowhere else.
func TestSchema_namesANewCloud(t *testing.T) {
	resp, err := server(t).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatalf("%v %v", err, errorsOf(resp.Diagnostics))
	}
	texts := map[string]string{}
	for _, a := range resp.ResourceSchemas["cloudsnap_snapshot"].Block.Attributes {
		texts[a.Name] = a.Description
	}
	if !strings.Contains(texts["name"], "forces a new snapshot to be created at: Nimbus.") {
		t.Errorf("the text of name lacks that Nimbus does not update it:\n%s", texts["name"])
	}
	rule := nimbus.Driver{}.Descriptor().Limits
	for name, want := range map[string]string{
		"source_id": rule.SourceKind + " (Nimbus)",
		"name":      "Nimbus (" + rule.Snapshot["name"].Format() + ")",
	} {
		if !strings.Contains(texts[name], want) {
			t.Errorf("the text of %s lacks %q:\n%s", name, want, texts[name])
		}
	}
	without := []string{"location", "description", "expires_at", "size_gib", "wait_for_remote", "replace_existing"}
	for _, name := range without {
		if texts[name] == "" || strings.Contains(texts[name], "Nimbus") {
			t.Errorf("the text of %s is empty or names a cloud without it:\n%s", name, texts[name])
		}
	}
	if driver.Supports(nimbus.Driver{}, driver.CapabilityCustomImage) {
		t.Fatal("nimbus keeps images now; test their texts too")
	}
	image, err := json.Marshal(resp.ResourceSchemas["cloudsnap_custom_image"].Block.Attributes)
	if err != nil || !strings.Contains(string(image), "Exoscale") || strings.Contains(string(image), "Nimbus") {
		t.Errorf("the texts of cloudsnap_custom_image: %v\n%s", err, image)
	}
}

// A row of a table with a name that no schema has would never be read.
func TestSchema_hasTheAttributesOfTheTables(t *testing.T) {
	resp, err := server(t).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, drv := range acctest.Drivers() {
		d := drv.Descriptor()
		for schema, table := range map[*tfprotov6.Schema]driver.Attributes{
			resp.ResourceSchemas["cloudsnap_snapshot"]:          d.Limits.Snapshot,
			resp.ResourceSchemas["cloudsnap_custom_image"]:      d.Limits.Image,
			resp.ResourceSchemas["cloudsnap_snapshot_template"]: d.Limits.Template,
			resp.ResourceSchemas["cloudsnap_snapshot_volume"]:   d.Limits.Volume,
			resp.DataSourceSchemas["cloudsnap_images"]:          d.Limits.ImageFilters,
		} {
			known := map[string]bool{}
			for _, a := range schema.Block.Attributes {
				known[a.Name] = true
			}
			for _, name := range table.Names() {
				if !known[name] {
					t.Errorf("%s has a row for %s, which no schema has", d.Title, name)
				}
			}
		}
	}
}

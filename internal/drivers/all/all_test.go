package all_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/drivertest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
)

// environment is the content of testdata/environment.json in the folder of a driver.
type environment struct {
	// Sources are the places that name the variables and endpoints.
	Sources []string `json:"sources"`
	// Variables are the environment variables of the vendor's own tools, by setting. The first that is set wins.
	Variables map[string][]string `json:"variables"`
	// Endpoints are the official addresses, which are the only defaults of settings.
	Endpoints map[string]string `json:"endpoints"`
}

// A user of the vendor's tools has the environment already. No other variable is read.
func TestDrivers_environmentIsTheVendors(t *testing.T) {
	for _, d := range acctest.Drivers() {
		descriptor := d.Descriptor()
		t.Run(descriptor.Name, func(t *testing.T) {
			var vendor environment
			drivertest.ReadTestdata(t, d, "environment.json", &vendor)
			if len(vendor.Sources) == 0 {
				t.Error("the environment has no source")
			}
			variables, endpoints := map[string][]string{}, map[string]string{}
			for _, f := range descriptor.Fields {
				if len(f.Env) > 0 {
					variables[f.Name] = f.Env
				}
				if f.Default != "" {
					endpoints[f.Name] = f.Default
				}
			}
			if diff := cmp.Diff(vendor.Variables, variables); diff != "" {
				t.Error("variables:", diff)
			}
			if diff := cmp.Diff(vendor.Endpoints, endpoints); diff != "" {
				t.Error("endpoints:", diff)
			}
		})
	}
}

// files are what each folder of a driver has, under the same names.
var files = []string{
	"doc.go", "driver.go", "snapshots.go", "convert.go", "simulator.go", "conformance_test.go", "document_test.go",
	"api/client.go", "api/errors.go", "api/snapshots.go", "api/types.go",
	"sim/doc.go", "sim/sim.go", "sim/routes.go", "sim/auth.go", "sim/answers.go", "sim/state.go", "sim/seed.go",
	"sim/snapshots.go",
	"testdata/budget.json", "testdata/document.json", "testdata/environment.json",
}

// Every folder beside this one is a cloud of the list. Every driver of the tests has the same files.
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
		listed = append(listed, d.Descriptor().Name)
	}
	slices.Sort(listed)
	if diff := cmp.Diff(folders, listed); diff != "" {
		t.Error(diff)
	}
	for _, d := range acctest.Drivers() {
		folder := drivertest.Folder(t, d)
		if filepath.Base(folder) != d.Descriptor().Name {
			t.Errorf("the driver of %s is in %s", d.Descriptor().Name, folder)
		}
		for _, file := range files {
			if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
				t.Error(err)
			}
		}
	}
}

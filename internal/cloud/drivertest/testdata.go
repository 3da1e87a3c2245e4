package drivertest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// module is the path in front of this project's packages.
const module = "github.com/cloudsnap/terraform-provider-cloudsnap/"

// Folder returns the folder with the sources of a driver. The test must run in this module's checkout.
func Folder(t testing.TB, drv driver.Driver) string {
	t.Helper()
	below, ok := strings.CutPrefix(reflect.TypeOf(drv).PkgPath(), module)
	if !ok {
		t.Fatalf("%T is not a driver of this module", drv)
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) {
		if dir == filepath.Dir(dir) {
			t.Fatal("the test does not run in a checkout of the module")
		}
		dir = filepath.Dir(dir)
	}
	return filepath.Join(dir, filepath.FromSlash(below))
}

// HasTestdata reports whether the testdata folder of a driver has a file.
func HasTestdata(t testing.TB, drv driver.Driver, file string) bool {
	t.Helper()
	return exists(filepath.Join(Folder(t, drv), "testdata", file))
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// ReadTestdata decodes a JSON file of the testdata folder of a driver into v. A file that is missing or has an unknown
// field ends the test.
func ReadTestdata(t testing.TB, drv driver.Driver, file string, v any) {
	t.Helper()
	path := filepath.Join(Folder(t, drv), "testdata", file)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

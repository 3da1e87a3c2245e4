package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
)

// The proof that a new cloud is one folder and one line is every other test: nimbus is in their list. This test keeps
// the proof valid. Nimbus is an addition to the product's list, implements only what every cloud must, and no source
// outside its folder names it but the list.
func TestFifthCloud_isOneFolderAndOneLine(t *testing.T) {
	t.Parallel()
	var names []string
	for _, d := range append(all.Drivers(), nimbus.Driver{}) {
		names = append(names, d.Descriptor().Name)
	}
	if diff := cmp.Diff(names, driver.SupportedBy(acctest.Drivers(), driver.CapabilitySnapshot)); diff != "" {
		t.Error("the clouds of the tests:", diff)
	}
	// A rotation needs nothing but snapshots.
	needed := []driver.Capability{driver.CapabilitySnapshot, driver.CapabilitySnapshotRotation}
	for _, c := range driver.AllCapabilities() {
		if !slices.Contains(needed, c) && driver.Supports(nimbus.Driver{}, c) {
			t.Errorf("nimbus has the capability %s, which a new cloud does not need", c)
		}
	}
	client, err := nimbus.Driver{}.Open(driver.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := client.(driver.SnapshotEditor); ok {
		t.Error("nimbus updates snapshots in place, which a new cloud does not need")
	}
	list := filepath.Join("internal", "acctest", "clouds", "clouds.go")
	if diff := cmp.Diff([]string{list}, naming(t, "nimbus")); diff != "" {
		t.Error("sources that name nimbus:", diff)
	}
}

// naming returns the Go sources outside a cloud's folder, without tests, that contain its name.
func naming(t *testing.T, cloud string) []string {
	t.Helper()
	root := filepath.Join("..", "..")
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == cloud:
			return fs.SkipDir
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if strings.Contains(strings.ToLower(string(source)), cloud) {
			name, _ := filepath.Rel(root, path)
			found = append(found, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

package docs_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The linter has a cache in each checkout, whatever the environment says: a shared cache has findings with the paths of
// other checkouts, and `//nolint` has no effect on these once the other checkout is deleted.
func TestMakefile_lintCacheIsOfTheCheckout(t *testing.T) {
	checkout, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("make", "--no-print-directory", "-C", checkout, "-pn", "lint")
	cmd.Env = append(cmd.Environ(), "GOLANGCI_LINT_CACHE="+t.TempDir())
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("make -pn lint: %v", err)
	}
	want := "\nGOLANGCI_LINT_CACHE := " + checkout + "/bin/golangci-lint\n"
	if !strings.Contains(string(printed), want) {
		t.Errorf("make -pn lint does not print %q", want)
	}
}

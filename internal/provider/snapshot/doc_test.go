package snapshot

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The trail of an attribute in doc.go must lead somewhere.
func TestDoc_namedFilesExist(t *testing.T) {
	content, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^//\t(\S+\.(?:go|tf)) `).FindAllStringSubmatch(string(content), -1)
	if len(found) != 5 {
		t.Errorf("doc.go names %d places, want five", len(found))
	}
	for _, m := range found {
		pattern := filepath.Join("..", "..", "..", strings.ReplaceAll(m[1], "<cloud>", "*"))
		if files, err := filepath.Glob(pattern); err != nil || len(files) == 0 {
			t.Errorf("there is no %s", m[1])
		}
	}
}

package snapshot

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The places of an attribute that doc.go lists exist.
func TestDoc_namedFilesExist(t *testing.T) {
	for _, doc := range []string{"doc.go", "../image/doc.go"} {
		content, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?m)^//\t(\S+\.(?:go|tf)) `).FindAllStringSubmatch(string(content), -1)
		if len(found) != 5 {
			t.Errorf("%s names %d places, want five", doc, len(found))
		}
		for _, m := range found {
			pattern := filepath.Join("..", "..", "..", strings.ReplaceAll(m[1], "<cloud>", "*"))
			if files, err := filepath.Glob(pattern); err != nil || len(files) == 0 {
				t.Errorf("%s names %s, which does not exist", doc, m[1])
			}
		}
	}
}

// Package docs_test checks what the documents for contributors refer to.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

var (
	link     = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	scheme   = regexp.MustCompile(`^[a-z]+:`)
	testName = regexp.MustCompile("`(Test[A-Z]\\w*)`")
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
)

// documents returns the documents for contributors: path and text.
func documents(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range []string{"README.md", "CONTRIBUTING.md", "internal/docs/*.md", "internal/docs/adr/*.md"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no file matches %s (%v)", pattern, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[path] = string(content)
		}
	}
	return out
}

func TestLinks_pointToFiles(t *testing.T) {
	t.Parallel()
	for path, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || scheme.MatchString(target) {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target)); err != nil {
				t.Errorf("%s links to %s: %v", path, m[1], err)
			}
		}
	}
}

func TestTests_namedInDocumentsExist(t *testing.T) {
	t.Parallel()
	exists := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllStringSubmatch(string(content), -1) {
			exists[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range documents(t) {
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			if !exists[m[1]] {
				t.Errorf("%s names %s, and there is no such test", path, m[1])
			}
		}
	}
}

// ADRs stand in the index, and each begins with its number, its title and its status.
func TestADR_areListed(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile("adr/README.md")
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("adr/0*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no ADRs (%v)", err)
	}
	head := regexp.MustCompile(`\A# (\d{4}): (.+)\n\nStatus: (\w+)`)
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := head.FindStringSubmatch(string(content))
		if m == nil {
			t.Errorf("%s does not begin with number, title and status", path)
			continue
		}
		name := filepath.Base(path)
		if row := "| [" + m[1] + "](" + name + ") | " + m[2] + " | " + m[3]; !strings.Contains(string(index), row) {
			t.Errorf("adr/README.md does not list %s as %q", name, row)
		}
	}
}

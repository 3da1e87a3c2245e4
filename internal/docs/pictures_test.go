package docs_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// svgText returns the texts of a picture: a line for each element text. It fails if the picture is not well-formed.
func svgText(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() // It is only read.
	var lines []string
	inside := false
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "text" {
				inside, lines = true, append(lines, "")
			}
		case xml.EndElement:
			inside = inside && token.Name.Local != "text"
		case xml.CharData:
			if inside {
				lines[len(lines)-1] += string(token)
			}
		}
	}
}

// The picture of a terminal has the text of its recording, line by line. The recording is what a run prints:
// TestTFPicture_isWhatARunPrints compares them.
func TestPictures_showTheRecording(t *testing.T) {
	recordings, err := filepath.Glob("pictures/*.ansi")
	if err != nil || len(recordings) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, recording := range recordings {
		content, err := os.ReadFile(recording)
		if err != nil {
			t.Fatal(err)
		}
		plain := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(string(content), "")
		want := strings.TrimRight(plain, "\n")
		picture := strings.TrimSuffix(recording, ".ansi") + ".svg"
		got := strings.TrimRight(strings.Join(svgText(t, picture), "\n"), "\n")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is out of date: run make pictures (-recording +picture):\n%s", picture, diff)
		}
	}
}

// A picture that is drawn by hand is readable in a dark theme, and has a description for those who cannot see it.
func TestPictures_areReadable(t *testing.T) {
	for _, file := range []string{"pictures/life.svg", "pictures/architecture.svg"} {
		if len(svgText(t, file)) < 10 {
			t.Errorf("%s has next to no text", file)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"prefers-color-scheme: dark", "<title", "<desc"} {
			if !strings.Contains(string(content), part) {
				t.Errorf("%s has no %s", file, part)
			}
		}
	}
}

// What the badges of the README claim is true, and its first screen has the picture of the terminal.
func TestReadme_badges(t *testing.T) {
	read := func(path string) string {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	readme, ci, licence := read("README.md"), read(".github/workflows/ci.yml"), read("LICENSE")
	for badge, proof := range map[string]bool{
		`src="internal/docs/pictures/rotation.svg"`: true,
		"actions/workflows/ci.yml/badge.svg":        strings.HasPrefix(ci, "name: CI"),
		"licence-MPL--2.0":                          strings.HasPrefix(licence, "Mozilla Public License, version 2.0"),
		"Terraform-1.11_or_later":                   strings.Contains(ci, "terraform: 1.11.*"),
		"OpenTofu-1.11_or_later":                    strings.Contains(ci, "opentofu: 1.11.*"),
	} {
		if !strings.Contains(readme, badge) || !proof {
			t.Errorf("%s is missing or not true", badge)
		}
	}
}

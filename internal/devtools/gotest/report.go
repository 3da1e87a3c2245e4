package main

import (
	"fmt"
	"io"
	"strings"
)

// report follows a run and keeps what has not been said yet.
type report struct {
	out     io.Writer
	output  map[string]*strings.Builder
	passed  map[string]int
	skipped map[string]int
	skips   []skip
}

// skip is a test that did not run, and why.
type skip struct{ name, reason string }

func newReport(out io.Writer) *report {
	return &report{
		out:     out,
		output:  map[string]*strings.Builder{},
		passed:  map[string]int{},
		skipped: map[string]int{},
	}
}

func (r *report) read(in io.Reader) error { return decode(in, r.take) }

func (r *report) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "output":
		if r.output[key] == nil {
			r.output[key] = &strings.Builder{}
		}
		fmt.Fprint(r.output[key], e.Output)
	case "pass", "fail", "skip":
		r.end(e, strings.TrimRight(said(r.output[key]), "\n"))
		delete(r.output, key)
	}
}

func (r *report) end(e event, text string) {
	if e.Test == "" {
		r.endPackage(e, text)
		return
	}
	name := e.Package + " " + e.Test
	switch e.Action {
	case "pass":
		r.passed[e.Package]++
	case "skip":
		r.skipped[e.Package]++
		r.skips = append(r.skips, skip{name: name, reason: oneLine(text)})
	case "fail":
		fmt.Fprintf(r.out, "FAIL    %s (%.1fs)\n%s\n", name, e.Elapsed, text)
	}
}

func (r *report) endPackage(e event, text string) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(r.out, "ok      %s %.1fs, %d passed", e.Package, e.Elapsed, r.passed[e.Package])
		if n := r.skipped[e.Package]; n > 0 {
			fmt.Fprintf(r.out, ", %d SKIPPED", n)
		}
		fmt.Fprintln(r.out)
	case "fail":
		fmt.Fprintf(r.out, "FAIL    %s %.1fs\n%s\n", e.Package, e.Elapsed, text)
		r.unfinished(e.Package)
	}
}

// unfinished shows the tests that a panic or the time limit cut off: they get no end of their own.
func (r *report) unfinished(pkg string) {
	for key, text := range r.output {
		if strings.HasPrefix(key, pkg+" ") {
			fmt.Fprintf(r.out, "CUT OFF %s\n%s\n", key, strings.TrimRight(said(text), "\n"))
			delete(r.output, key)
		}
	}
}

// summary lists the skips and returns how many of them fail the run.
func (r *report) summary(rules rules) int {
	bad := 0
	for _, s := range r.skips {
		mark := "SKIPPED"
		if rules.fails(s.reason) {
			mark = "SKIPPED, NOT ALLOWED"
			bad++
		}
		fmt.Fprintf(r.out, "%s %s: %s\n", mark, s.name, s.reason)
	}
	return bad
}

// said drops the marks of go test itself.
func said(b *strings.Builder) string {
	if b == nil {
		return ""
	}
	var kept []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		word := strings.TrimSpace(line)
		if !strings.HasPrefix(word, "=== ") && !strings.HasPrefix(word, "--- ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

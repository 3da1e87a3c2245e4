package matrix

import (
	"cmp"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func readSettings(t *testing.T) settings {
	t.Helper()
	s := settings{
		size: cmp.Or(os.Getenv("CLOUDSNAP_MATRIX"), sampleSize), only: os.Getenv("CLOUDSNAP_MATRIX_CELL"), seed: 1,
	}
	if !slices.Contains([]string{sampleSize, changesSize, wholeSize}, s.size) {
		t.Fatalf("CLOUDSNAP_MATRIX has no size %q", s.size)
	}
	if text := os.Getenv("CLOUDSNAP_MATRIX_SEED"); text != "" {
		var err error
		if s.seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// pageFile is what a whole run writes.
const pageFile = "../../docs/reliability.md"

// Every operation at every cloud keeps its promises, whichever of its calls goes wrong in whichever way.
func TestMatrix(t *testing.T) {
	t.Parallel()
	debug.SetGCPercent(400)
	s, total := readSettings(t), &report{}
	t.Run("cells", func(t *testing.T) {
		random := rand.New(rand.NewPCG(s.seed, 0))
		for _, op := range operations() {
			for _, d := range s.drivers(op, random) {
				for _, latency := range s.latencies() {
					base := cell{drv: d, op: op, latency: latency}
					t.Run(op.name()+" "+d.Descriptor().Name+" "+latency.String(), func(t *testing.T) {
						t.Parallel()
						runAll(t, base, s, total)
					})
				}
			}
		}
	})
	t.Logf("%s\n%s", s, total)
	if s.size != wholeSize || s.only != "" {
		return
	}
	content, err := total.page()
	if err == nil {
		err = os.WriteFile(pageFile, []byte(content), 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}

// The page has every operation, fault and exception, and the README has its figure: `make matrix` writes the page.
func TestMatrix_page(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(pageFile)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	cells, _, _ := strings.Cut(strings.SplitAfter(string(content), "\n**")[1], " ")
	if figure := cells[:len(cells)-3] + "," + cells[len(cells)-3:] + " cells"; !strings.Contains(string(readme), figure) {
		t.Errorf("the README has not the figure %q of %s", figure, pageFile)
	}
	var rows []string
	for _, o := range operations() {
		rows = append(rows, o.name())
	}
	for _, f := range faults() {
		rows = append(rows, f.name)
	}
	for _, name := range rows {
		if !strings.Contains(string(content), "\n| "+name+" | ") {
			t.Errorf("%s has no row %q; run make matrix", pageFile, name)
		}
	}
	for _, e := range exceptions() {
		if !strings.Contains(string(content), e.reason) {
			t.Errorf("%s has no exception %q; run make matrix", pageFile, e.reason)
		}
	}
}

// runAll runs the cells of one operation at one cloud.
func runAll(t *testing.T, base cell, s settings, total *report) {
	t.Helper()
	first := base.run(t, nil)
	if first.skipped {
		return
	}
	if len(first.broken) > 0 {
		t.Errorf("%s: without a fault: %q", base, first.broken)
		return
	}
	total.has(base.op)
	random := rand.New(rand.NewPCG(s.seed, uint64(len(t.Name()))))
	for _, one := range cellsOf(base, first.calls) {
		if !s.selects(one, random) {
			continue
		}
		out := one.run(t, first.scene)
		total.add(one, out)
		reason := expectedFailure(one, out)
		if len(out.broken) > 0 && reason == "" {
			t.Errorf("%s:\n\t%q", one, out.broken)
		}
	}
}

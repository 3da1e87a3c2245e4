// Package devtools holds the tests of the scripts in tools/.
package devtools

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const outcomes = "github.com/cloudsnap/terraform-provider-cloudsnap/internal/devtools/testdata/outcomes"

// record runs the tests of testdata/outcomes and returns the file with their events. -short leaves out those that fail.
func record(t *testing.T, flags ...string) string {
	t.Helper()
	args := append([]string{"test", "-json", "-count=1"}, flags...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, "./testdata/outcomes")...)
	cmd.Stderr = os.Stderr
	events, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "events")
	if err := os.WriteFile(file, events, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// report runs tools/test.sh -report and returns its output and exit status.
func report(t *testing.T, noSkip, skipOK string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "../../tools/test.sh", append([]string{"-report"}, args...)...)
	cmd.Env = append(os.Environ(), "CLOUDSNAP_NO_SKIP="+noSkip, "CLOUDSNAP_SKIP_OK="+skipOK)
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func TestReport_failsOnlyForSkipsThatAreNotAllowed(t *testing.T) {
	events := record(t, "-short")
	const (
		version = outcomes + " TestSkip/version: outcomes_test.go:10: needs Terraform 1.14\n"
		quoted  = outcomes + ` TestSkip/"quoted": outcomes_test.go:13: === not a mark: "Action":"pass" ` +
			`outcomes_test.go:14: the file <C:\new> & "another" are missing` + "\n"
		header = "=== Skipped, not allowed\n"
		counts = "\nDONE 6 tests, 2 skipped in 1 packages"
	)
	for name, tt := range map[string]struct {
		noSkip, skipOK string
		refused        string
		status         int
		last           string
	}{
		"the rule is off":         {last: counts + "\n"},
		"0 is off":                {noSkip: "0", last: counts + "\n"},
		"all reasons are allowed": {noSkip: "1", skipOK: `needs Terraform|C:\\new`, last: counts + "\n"},
		"no reason is allowed": {
			noSkip: "1", refused: header + version + quoted, status: 1,
			last: counts + ", 2 skips not allowed: FAILED\n",
		},
		"one reason is allowed": {
			noSkip: "1", skipOK: `Terraform [0-9.]+$`, refused: header + quoted, status: 1,
			last: counts + ", 1 skips not allowed: FAILED\n",
		},
		"a test's name is no reason": {
			noSkip: "1", skipOK: "TestSkip", refused: header + version + quoted, status: 1,
			last: counts + ", 2 skips not allowed: FAILED\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			out, status := report(t, tt.noSkip, tt.skipOK, events)
			want := "\n=== Packages\nok    " + outcomes + ": 6 tests, 2 skipped\n"
			if tt.refused != "" {
				want += "\n" + tt.refused
			}
			if want += tt.last; out != want || status != tt.status {
				t.Errorf("exit status %d, want %d, with\n%s\nwant\n%s", status, tt.status, out, want)
			}
		})
	}
}

func TestReport_keepsTheStatusOfTheTests(t *testing.T) {
	out, status := report(t, "1", "", record(t), "3")
	for _, want := range []string{
		"\nFAIL  " + outcomes + ": 6 tests, 2 skipped, 2 failed\n",
		"\nDONE 6 tests, 2 skipped, 2 failed in 1 packages, 2 skips not allowed: FAILED\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %q in\n%s", want, out)
		}
	}
	if status != 3 {
		t.Errorf("exit status %d, want that of the tests, 3", status)
	}
}

func TestReport_failsWithoutEventsOrWithABrokenExpression(t *testing.T) {
	if out, status := report(t, "1", "[", record(t, "-short", "-run=TestPass")); status == 0 {
		t.Errorf("exit status 0 for an expression that does not compile, with\n%s", out)
	}
	if out, status := report(t, "1", "", filepath.Join(t.TempDir(), "missing")); status == 0 {
		t.Errorf("exit status 0 for a missing file, with\n%s", out)
	}
}

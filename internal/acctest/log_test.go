package acctest_test

import (
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// providerLines are the lines of the provider in the output of a command with TF_LOG, without those of its libraries.
func providerLines(output string) (lines []string) {
	for line := range strings.Lines(output) {
		if strings.Contains(line, "@module=cloudsnap") {
			lines = append(lines, line)
		}
	}
	return lines
}

// TF_LOG=INFO shows the steps of an apply at each cloud in a few lines.
func TestTFLog_infoShowsTheSteps(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	config, clouds := acctest.ProviderConfig, acctest.Drivers()
	for _, d := range clouds {
		c := s.Case(t, d.Descriptor().Name)
		config += c.HCL(c.Name, c.Sources[0])
	}
	cli := acctest.NewCLI(t, s, config)
	cli.Setenv("TF_LOG=INFO")
	// A step is the end of one part of the work. Between two steps there is a line for each state of the cloud.
	steps := func(lines []string, cloud string) (found []string) {
		for _, line := range lines {
			_, text, _ := strings.Cut(line, "terraform-provider-cloudsnap: ")
			step, fields, _ := strings.Cut(text, ":")
			if strings.Contains(fields, " cloud="+cloud+" ") && !strings.HasPrefix(step, "Waiting") {
				found = append(found, step)
			}
		}
		return found
	}
	created := providerLines(cli.Apply(t).MustSucceed(t).Output)
	deleted := providerLines(cli.Destroy(t).MustSucceed(t).Output)
	for _, d := range clouds {
		name := d.Descriptor().Name
		got := strings.Join(steps(created, name), ", ")
		if got != "The cloud has accepted the new snapshot" &&
			got != "The cloud has accepted the new snapshot, The snapshot is ready" {
			t.Errorf("%s: the steps of the create are %q", name, got)
		}
		if got := strings.Join(steps(deleted, name), ", "); got != "The snapshot is deleted" {
			t.Errorf("%s: the steps of the delete are %q", name, got)
		}
	}
	if n := len(created); n > 6*len(clouds) {
		t.Errorf("the log of the create has %d lines:\n%s", n, strings.Join(created, ""))
	}
}

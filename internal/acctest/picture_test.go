package acctest_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

var updatePicture = flag.Bool("update-picture", false, "write the recording of the README's picture anew")

// recording is what the README's picture shows. `make pictures` renders it.
const recording = "../docs/pictures/rotation.ansi"

// picture is the configuration of the picture.
const picture = `
terraform {
  required_providers {
    cloudsnap = {
      source  = "cloudsnap/cloudsnap"
      version = "~> 0.1"
    }
  }
}

resource "cloudsnap_snapshot_rotation" "web" {
  cloud       = "contabo"
  source_id   = "42011"
  interval    = "20h"
  keep_last   = 2
  name_prefix = "nightly"
}
`

// pictureBegin is the time of the first snapshot in the picture.
var pictureBegin = time.Date(2026, time.September, 21, 2, 17, 0, 0, time.UTC)

// settled replaces what each run has of its own: the times, which keep their distance in hours, the IDs of snapshots,
// durations, and the name of the CLI.
func settled(output string) string {
	const rfc, name = `\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z`, `\d{8}-\d{4}\b`
	times := regexp.MustCompile(rfc + "|" + name)
	layout := func(text string) string {
		if strings.Contains(text, "T") {
			return time.RFC3339
		}
		return "20060102-1504"
	}
	var first time.Time
	for _, text := range times.FindAllString(output, -1) {
		if at, err := time.Parse(layout(text), text); err == nil && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	output = times.ReplaceAllStringFunc(output, func(text string) string {
		at, err := time.Parse(layout(text), text)
		if err != nil {
			return text
		}
		return pictureBegin.Add(at.Sub(first).Round(time.Hour)).Format(layout(text))
	})
	snapshot := regexp.MustCompile(`snap\d{9,}\w*`)
	ids := snapshot.FindAllString(output, -1)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	output = snapshot.ReplaceAllStringFunc(output, func(id string) string {
		return fmt.Sprintf("snap%d", 1790000001+slices.Index(ids, id))
	})
	output = regexp.MustCompile(`after \d+s`).ReplaceAllString(output, "after 1s")
	return strings.NewReplacer("OpenTofu", "Terraform", "tofu ", "terraform ").Replace(output)
}

// visibleText returns the lines without colours and without what only some CLIs print.
func visibleText(output string) string {
	output = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(output, "")
	output = strings.ReplaceAll(output, "update in-place (current -> planned)", "update in-place")
	return regexp.MustCompile(`\n{2,}`).ReplaceAllString(strings.TrimSpace(output), "\n")
}

// The README's picture shows what a plan and an apply of a rotation print. go test -run TestTFPicture -update-picture
// records them.
func TestTFPicture_isWhatARunPrints(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	x.Write(t, "main.tf", acctest.ProviderConfig+picture)
	x.Run(t, "terraform init").MustSucceed(t)
	for range 2 {
		x.Run(t, "terraform apply").MustSucceed(t)
		s.Advance(24 * time.Hour)
	}
	x.Run(t, "export TF_CLI_ARGS=").MustSucceed(t)
	var got strings.Builder
	for _, command := range []string{"terraform plan -out=tonight", "terraform apply tonight"} {
		fmt.Fprintf(&got, "\x1b[1m$ %s\x1b[0m\n%s", command, x.Run(t, command).MustSucceed(t).Output)
	}
	text := settled(got.String())
	if *updatePicture {
		if err := os.WriteFile(recording, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(recording)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(visibleText(string(want)), visibleText(text)); diff != "" {
		t.Errorf("the picture is out of date: run make pictures (-want +got):\n%s", diff)
	}
}

package acctest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// The guide on several accounts works as it is written. An alias uses the credentials of its own block.
func TestTFGuide_severalAccounts(t *testing.T) {
	t.Parallel()
	const page = "several-accounts.md.tmpl"
	s := acctest.Start(t)
	x := installed(t, s)
	steps := readGuide(t, page)
	x.Write(t, "main.tf", example(t, "several-accounts"))
	configuration := under(steps, "The configuration")
	if len(configuration) != 2 {
		t.Fatalf("the guide has %d blocks about the configuration", len(configuration))
	}
	// Placeholders of credentials: the sandbox's environment takes their place, under the same names.
	for name, source := range secondAccount {
		if !strings.Contains(configuration[0].text, "export TF_VAR_"+name+"=") {
			t.Errorf("the guide does not set TF_VAR_%s", name)
		}
		x.Run(t, "export TF_VAR_"+name+"='"+s.Getenv(source)+"'").MustSucceed(t)
	}
	follow(t, x, configuration[1:]).MustSay(t, "2 added, 0 changed, 0 destroyed")

	module := under(steps, "With a module")
	x.Run(t, "mkdir machine").MustSucceed(t)
	x.Write(t, "machine/main.tf", module[0].text)
	follow(t, x, module[1:]).MustSay(t, "2 added, 0 changed, 0 destroyed")
	follow(t, x, under(steps, "Import")).MustSay(t, "1 imported, 0 added, 0 changed, 0 destroyed")
	x.Run(t, "terraform plan -detailed-exitcode").MustSucceed(t)

	out := x.Run(t, "TF_VAR_customer_api_secret=wrong terraform plan")
	out.MustFail(t).MustSay(t, "rejected the credentials", "cloudsnap_snapshot_rotation.customer")
	if strings.Contains(out.Output, "with cloudsnap_snapshot_rotation.own") {
		t.Errorf("the first account has the credentials of the second:\n%s", out.Output)
	}
}

// The guide on copies off-site works as it is written: each new snapshot becomes a file, which is checked.
func TestTFGuide_keepItOffSite(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	steps := readGuide(t, "keep-it-off-site.md.tmpl")
	x.Write(t, "main.tf", example(t, "off-site"))
	follow(t, x, under(steps, "The configuration")).MustSay(t, "2 added", "output suppressed due to ephemeral value")
	folder := x.Dir
	files := func() []string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(folder, "disks", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := files(); len(found) != 1 || filepath.Ext(found[0]) != ".qcow2" {
		t.Fatalf("the files are %q", found)
	}

	// The line of cron runs in the folder at hand, which has the credentials already.
	cron := strings.Fields(under(steps, "Every night, with cron")[1].text)
	night := strings.Replace(strings.Join(cron[5:], " "), "/srv/off-site", folder, 1)
	x.Write(t, "credentials", "true\n")
	old := filepath.Join(folder, "disks", "old.qcow2")
	x.Write(t, "disks/old.qcow2", "")
	long := time.Now().Add(-31 * 24 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	s.Advance(24 * time.Hour)
	x.Run(t, night).MustSucceed(t)
	if found := files(); len(found) != 2 {
		t.Errorf("after the second night, the files are %q", found)
	}

	// A damaged download is an error of the run, which cron sends by mail.
	x.Run(t, "mkdir -p ~/bin && printf '#!/bin/sh\\nexit 1\\n' >~/bin/md5sum && chmod +x ~/bin/md5sum").MustSucceed(t)
	s.Advance(24 * time.Hour)
	x.Run(t, "("+night+")").MustFail(t).MustSay(t, "local-exec provisioner error")
	x.Run(t, "rm ~/bin/md5sum").MustSucceed(t)
	x.Run(t, night).MustSucceed(t)
	if found := files(); len(found) != 3 {
		t.Errorf("after the third night, the files are %q", found)
	}

	x.Run(t, "printf '#!/bin/sh\\ncp \"$4\"/*.qcow2 .\\n' >~/bin/rclone && chmod +x ~/bin/rclone").MustSucceed(t)
	follow(t, x, under(steps, "To an object store"))
	if copied, err := filepath.Glob(filepath.Join(folder, "*.qcow2")); err != nil || len(copied) != 3 {
		t.Errorf("rclone copied %q, %v", copied, err)
	}
}

// The shortest rotation of the guide keeps the last three snapshots.
func TestTFGuide_keepTheLastThree(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	before := ofSource(s, "exoscale", "c1000000-0000-4000-8000-000000000001")
	follow(t, x, under(readGuide(t, nightly), "Keep the last 3 snapshots")).MustSay(t, "1 added")
	for i, want := range []int{2, 3, 3, 3} {
		s.Advance(night)
		x.Run(t, "terraform apply").MustSucceed(t).MustSay(t, "1 changed")
		if n := ofSource(s, "exoscale", "c1000000-0000-4000-8000-000000000001") - before; n != want {
			t.Errorf("after night %d there are %d snapshots, want %d", i+2, n, want)
		}
	}
}

// The guide on what the clouds do works as it is written, and each of its facts has a page of the vendor.
func TestTFGuide_whatTheCloudsDo(t *testing.T) {
	t.Parallel()
	const page = "what-the-clouds-do.md"
	rows := 0
	for line := range strings.Lines(guideText(t, page)) {
		cells := strings.Split(line, " | ")
		if len(cells) == 4 && !strings.HasPrefix(line, "| cloud |") {
			rows++
			if !strings.Contains(cells[2], "](https://") {
				t.Errorf("no page of the vendor: %s", line)
			}
		}
	}
	if rows < 12 {
		t.Errorf("the page has only %d facts", rows)
	}
	s := acctest.Start(t)
	x := installed(t, s)
	follow(t, x, under(readGuide(t, page), "Snapshots that disappear")).MustSay(t, "1 added")
	for _, step := range []struct {
		advance time.Duration
		say     string
	}{
		{19 * night, "No changes"}, {2 * night, "Snapshot expires soon"}, {10 * night, "Snapshot is gone"},
	} {
		s.Advance(step.advance)
		x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, step.say)
	}
}

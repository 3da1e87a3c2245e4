package acctest_test

import (
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

const restoreGuide = "restore.md.tmpl"

// restored counts the restores that a cloud has accepted.
func restored(s *acctest.Sandbox, cloud string) int {
	n := 0
	for _, e := range s.Requests(cloud) {
		if e.Method == "POST" && e.Status < 300 {
			n++
		}
	}
	return n
}

// Each section of the guide has a configuration. Its commands restore once.
func TestTFGuide_restore(t *testing.T) {
	t.Parallel()
	steps := readGuide(t, restoreGuide)
	for heading, cloud := range map[string]string{
		"Contabo": "contabo", "Exoscale": "exoscale", "Hostinger": "hostinger", "Koyeb": "koyeb",
	} {
		t.Run(heading, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t)
			x := installed(t, s)
			x.Write(t, "main.tf", example(t, "restore/"+cloud))
			commands := under(steps, heading)
			for _, step := range commands {
				if step.language != "sh" {
					continue
				}
				if strings.Contains(example(t, "restore/"+cloud), `"exoscale"`) {
					x.Run(t, "terraform init >/dev/null && ! terraform plan").MustSucceed(t).
						MustSay(t, "a restore requires it to be stopped")
					stopRestored(s)
				}
				s.ClearJournal()
				x.Run(t, step.text).MustSucceed(t).MustSay(t, "1 added, 0 changed, 0 destroyed")
			}
			x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, "No changes")
			if n := restored(s, cloud); n != 1 {
				t.Errorf("%d restores or volumes were made", n)
			}
		})
	}
}

// What the guide states of newer snapshots, and of another restore.
func TestTFGuide_restoreWithNewerSnapshots(t *testing.T) {
	t.Parallel()
	steps := readGuide(t, restoreGuide)
	block := func(heading string) string {
		t.Helper()
		for _, step := range under(steps, heading) {
			if step.language == "terraform" {
				return step.text
			}
		}
		t.Fatalf("no configuration under %s", heading)
		return ""
	}
	s := acctest.Start(t)
	c := s.Case(t, "contabo")
	c.Sources[0].SourceID = "42001"
	newer := c.HCL("newer", c.Sources[0])
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig+newer)
	cli.Apply(t).MustSucceed(t)
	cli.WriteWhole(t, example(t, "restore/contabo")+newer)
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Newer snapshots, oldest first", `"story newer"`)
	cli.Write(t, acctest.ProviderConfig+newer+block("Contabo"))
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 added", "also deletes these newer snapshots")
	cli.Run(t, "plan").MustSucceed(t).MustSay(t, "Snapshot is gone", "1 to add, 0 to change")
	cli.Write(t, acctest.ProviderConfig+block("Once more"))
	s.ClearJournal()
	cli.Apply(t).MustSucceed(t).MustSay(t, "0 added, 1 changed")
	if n := restored(s, c.Name); n != 1 {
		t.Errorf("%d restores were sent", n)
	}
}

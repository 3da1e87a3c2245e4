package acctest_test

import (
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	yaml "github.com/oasdiff/yaml3"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

const (
	nightly = "nightly-backups.md.tmpl"
	night   = 24 * time.Hour
)

// ofSource counts the snapshots of a machine.
func ofSource(s *acctest.Sandbox, cloud, source string) int {
	n := 0
	for _, snap := range s.Inventory()[cloud].Snapshots {
		if snap.SourceID == source {
			n++
		}
	}
	return n
}

// The guide's configuration keeps what its comments say, night after night. A missed night deletes nothing more, and a
// run that starts late does not make the next one take nothing.
func TestTFGuide_nightlyBackups(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	config := example(t, "nightly-backups")
	x.Write(t, "main.tf", config)
	foreign := ofSource(s, "exoscale", "c1000000-0000-4000-8000-000000000002")
	follow(t, x, under(readGuide(t, nightly), "The configuration")).MustSay(t, "4 added, 0 changed, 0 destroyed")
	x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, "No changes")
	apply := func(after time.Duration) {
		t.Helper()
		s.Advance(after)
		x.Run(t, "terraform apply").MustSucceed(t).MustSay(t, "0 added, 4 changed, 0 destroyed")
	}
	check := func(app, db, data int) {
		t.Helper()
		for _, m := range []struct {
			cloud, source string
			want          int
		}{
			{"contabo", "42011", app},
			{"exoscale", "c1000000-0000-4000-8000-000000000002", db + foreign},
			{"koyeb", "11111101-aaaa-4aaa-8aaa-000000000001", data + 1},
			{"hostinger", "17923", 1},
		} {
			if got := ofSource(s, m.cloud, m.source); got != m.want {
				t.Errorf("%s has %d snapshots of %s, want %d", m.cloud, got, m.source, m.want)
			}
		}
	}
	for n := 2; n <= 6; n++ {
		apply(night)
		check(min(n, 4), n, min(n, 3))
	}
	s.ClearJournal()
	apply(3 * night)
	check(4, 7, 3)
	if creates := s.Count("exoscale", http.MethodPost); creates != 1 {
		t.Errorf("after three missed nights, %d snapshots were taken, want one", creates)
	}
	apply(night + 3*time.Hour)
	s.Advance(night - 3*time.Hour)
	x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, "Plan: 0 to add, 4 to change, 0 to destroy")
	x.Write(t, "main.tf", strings.Replace(config, `"20h"`, `"24h"`, 1))
	x.Run(t, "terraform plan").MustSucceed(t).MustNotSay(t, "known after apply")

	x.Write(t, "main.tf", config)
	s.Advance(31 * night)
	x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, "Plan: 0 to add, 4 to change", "Snapshot is gone")
	if left := ofSource(s, "contabo", "42011"); left != 0 {
		t.Errorf("%d snapshots have not expired", left)
	}
}

// The line for cron, with the file of credentials, takes what is due. A failed run prints its output, and deletes
// nothing.
func TestTFGuide_nightlyCron(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	x.Write(t, "main.tf", example(t, "nightly-backups"))
	var line string
	for _, st := range under(readGuide(t, nightly), "With cron") {
		text := st.text
		if st.language == "sh" {
			for name, value := range environment(s) {
				text = strings.ReplaceAll(text, name+"=…", name+"='"+value+"'")
			}
			x.Write(t, "credentials", text)
			continue
		}
		fields := regexp.MustCompile(`^(?:[0-9*]+ ){5}(.*)\n$`).FindStringSubmatch(text)
		if fields == nil {
			t.Fatalf("not one line of a crontab: %q", text)
		}
		line = strings.Replace(fields[1], "cd /srv/backups", "cd '"+x.Dir+"'", 1)
	}
	// cron has a short environment. The credentials come from the file.
	const unset = "unset TF_CLI_CONFIG_FILE CNTB_OAUTH2_CLIENT_ID CNTB_OAUTH2_CLIENT_SECRET CNTB_OAUTH2_USER " +
		"CNTB_OAUTH2_PASS\n"
	x.Run(t, "terraform init").MustSucceed(t)
	if out := x.Run(t, unset+line).MustSucceed(t).Output; out != "" {
		t.Errorf("a good run prints %s", out)
	}
	s.Advance(night)
	s.Fault(sandbox.Fault{
		Method: http.MethodPost, Path: "^/contabo/.*/snapshots$", Do: sandbox.DoStatus, Status: http.StatusPaymentRequired,
		Body: map[string]any{"message": "Total snapshots exceed the total max limit of 5 snapshots"},
	})
	before, others := s.SnapshotIDs("contabo"), len(s.SnapshotIDs("koyeb"))
	out := x.Run(t, unset+line).MustSucceed(t)
	for text := range strings.SplitSeq(under(readGuide(t, nightly), "When a run fails")[0].text, "…") {
		// The line number is the one of the example with its own provider block.
		for sentence := range strings.SplitSeq(text, "\n\n") {
			if !strings.Contains(sentence, "on main.tf line") {
				out.MustSay(t, sentence)
			}
		}
	}
	if after := s.SnapshotIDs("contabo"); !slices.Equal(after, before) {
		t.Errorf("the failed run changed %v to %v", before, after)
	}
	if after := len(s.SnapshotIDs("koyeb")); after != others+1 {
		t.Errorf("the failure affects another rotation: %d snapshots became %d", others, after)
	}
	s.Fault()
	x.Run(t, unset+line).MustSucceed(t)
	x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, "No changes")
}

// environment has the variables of the sandbox.
func environment(s *acctest.Sandbox) map[string]string {
	out := map[string]string{}
	for _, v := range s.Environment() {
		out[v.Name] = v.Value
	}
	return out
}

// workflow is a file of GitHub Actions, as far as the test reads it.
type workflow struct {
	On struct {
		Schedule []struct {
			Cron string `yaml:"cron"`
		} `yaml:"schedule"`
	} `yaml:"on"`
	Jobs map[string]struct {
		Env   map[string]string `yaml:"env"`
		Steps []struct {
			Uses string `yaml:"uses"`
			Run  string `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

func readYAML(t *testing.T, file string, v any) {
	t.Helper()
	content, err := os.ReadFile(examples + "/nightly-backups/" + file)
	if err == nil {
		err = yaml.Unmarshal(content, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// The commands of the workflow take a snapshot of each machine, in a folder with the guide's configuration.
func TestTFGuide_nightlyGitHub(t *testing.T) {
	t.Parallel()
	var file workflow
	readYAML(t, "github-actions.yml", &file)
	job, ok := file.Jobs["backup"]
	if !ok || len(file.On.Schedule) != 1 || len(strings.Fields(file.On.Schedule[0].Cron)) != 5 {
		t.Fatalf("no job with a schedule: %+v", file)
	}
	for _, d := range all.Drivers() {
		for _, f := range d.Descriptor().Fields {
			if !f.Required {
				continue
			}
			if name := f.Env[0]; job.Env[name] != "${{ secrets."+name+" }}" {
				t.Errorf("the job has %q for %s", job.Env[name], name)
			}
		}
	}
	s := acctest.Start(t)
	x := freshHome(t, acctest.NewCLI(t, s, ""))
	x.Write(t, "main.tf", example(t, "nightly-backups"))
	x.Run(t, `mkdir "$HOME/runner" && export RUNNER_TEMP="$HOME/runner" GITHUB_ENV="$HOME/runner/env"`).MustSucceed(t)
	var last acctest.Result
	for _, step := range job.Steps {
		if step.Uses == "" {
			last = x.Run(t, "[ ! -e \"$GITHUB_ENV\" ] || export $(cat \"$GITHUB_ENV\")\n"+step.Run).MustSucceed(t)
		}
	}
	last.MustSay(t, "4 added, 0 changed, 0 destroyed")
}

// The same holds for the jobs of GitLab CI.
func TestTFGuide_nightlyGitLab(t *testing.T) {
	t.Parallel()
	type job struct {
		Variables map[string]string `yaml:"variables"`
		Script    []string          `yaml:"script"`
	}
	var file struct {
		Stages    []string          `yaml:"stages"`
		Variables map[string]string `yaml:"variables"`
		Provider  job               `yaml:"provider"`
		Backup    job               `yaml:"backup"`
	}
	readYAML(t, "gitlab-ci.yml", &file)
	if !slices.Equal(file.Stages, []string{"provider", "backup"}) {
		t.Errorf("the stages are %v", file.Stages)
	}
	s := acctest.Start(t)
	x := freshHome(t, acctest.NewCLI(t, s, ""))
	x.Write(t, "main.tf", example(t, "nightly-backups"))
	x.Run(t, `export CI_PROJECT_DIR="$HOME" CI_API_V4_URL=api CI_PROJECT_ID=1 CI_JOB_TOKEN=token`).MustSucceed(t)
	var last acctest.Result
	for _, j := range []job{file.Provider, file.Backup} {
		for _, variables := range []map[string]string{file.Variables, j.Variables} {
			for _, name := range slices.Sorted(maps.Keys(variables)) {
				x.Run(t, "export "+name+"=\""+variables[name]+"\"").MustSucceed(t)
			}
		}
		for _, command := range j.Script {
			last = x.Run(t, command).MustSucceed(t)
		}
	}
	last.MustSay(t, "4 added, 0 changed, 0 destroyed")
}

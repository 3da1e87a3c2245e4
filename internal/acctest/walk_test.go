package acctest_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

const beforeEveryChange = "before-every-change.md.tmpl"

// oneByOne makes a step of each command, because a command takes all answers to the questions of its step.
func oneByOne(steps []step) (commands []step) {
	for _, s := range steps {
		for line := range strings.Lines(s.text) {
			commands = append(commands, step{heading: s.heading, language: s.language, text: line})
		}
	}
	return commands
}

// Both commands of the guide take the snapshot first: the second one because the release has changed.
func TestTFGuide_beforeEveryChange(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := acctest.NewCLI(t, s, "").Terminal(t)
	x.Write(t, "main.tf", example(t, "before-every-change"))
	before := len(s.SnapshotIDs("contabo"))
	follow(t, x, oneByOne(under(readGuide(t, beforeEveryChange), "With a rotation"))).
		MustSay(t, "1 added, 1 changed, 1 destroyed", "deploying 2.0")
	if n := len(s.SnapshotIDs("contabo")) - before; n != 2 {
		t.Errorf("two releases took %d snapshots", n)
	}
}

// The commands with the action take a snapshot for the change, and another one without a change. The output that the
// guide prints is that of a run.
func TestTFGuide_beforeEveryChangeWithAnAction(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.NeedsActions(t)
	x := cli.Terminal(t)
	x.Write(t, "main.tf", example(t, "before-every-change-action"))
	steps := under(readGuide(t, beforeEveryChange), "With an action")
	out := follow(t, x, oneByOne(steps[:1]))
	for line := range strings.Lines(steps[1].text) {
		// The ID of the snapshot is another one in each run.
		line, _, _ = strings.Cut(strings.Trim(strings.TrimSpace(line), "… "), "snap17")
		out.MustSay(t, line)
	}
	follow(t, x, steps[2:]).MustSay(t, "Actions: 1 invoked.")
	if n := s.Count("contabo", "POST"); n != 2 {
		t.Errorf("%d creates were sent, want two", n)
	}
}

// The command of the guide moves the machine that its variables name.
func TestTFGuide_moveAMachine(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	x := installed(t, s)
	x.Write(t, "main.tf", example(t, "move-a-machine"))
	command := under(readGuide(t, "move-a-machine.md.tmpl"), "The configuration")[0].text
	const placeholder, id = "instance_id=…", "c1000000-0000-4000-8000-000000000001"
	if !strings.Contains(command, placeholder) {
		t.Fatalf("the command has no %s: %s", placeholder, command)
	}
	command = strings.Replace(command, placeholder, "instance_id="+id, 1)
	x.Run(t, "terraform init\n"+command).MustSucceed(t).MustSay(t, "The disk of "+id, "image_id = ")
}

// The plan of the guide ends with the warning that the guide shows.
func TestTFGuide_knowThatYourBackupsAreFresh(t *testing.T) {
	t.Parallel()
	x := installed(t, acctest.Start(t))
	x.Write(t, "main.tf", example(t, "fresh-backups"))
	steps := under(readGuide(t, "know-your-backups-are-fresh.md.tmpl"), "The configuration")
	follow(t, x, steps[:1]).MustSay(t, failedCheck, "No backup of the last 26h: web-1, db-1.")
}

// The snippets of the guide refer to machines of the vendors' own providers. The tests have a stand-in for Contabo's.
// For Exoscale, a local value has the attributes of the instance.
func TestTFGuide_machinesOfTheVendors(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	blocks := under(readGuide(t, "getting-started.md"), "The ID of a machine from its own resource")
	if len(blocks) != 2 {
		t.Fatalf("the guide has %d snippets", len(blocks))
	}
	const head = "terraform {\n  required_providers {\n    cloudsnap = { source = \"cloudsnap/cloudsnap\" }\n" +
		"    contabo = { source = \"contabo/contabo\" }\n  }\n}\n"
	exoscale := strings.ReplaceAll(blocks[0].text, "exoscale_compute_instance.web", "local.web")
	if exoscale == blocks[0].text {
		t.Errorf("the snippet has no instance of Exoscale: %s", exoscale)
	}
	cli.WriteWhole(t, head+acctest.ProviderConfig+"locals {\n  web = { zone = \"ch-gva-2\", id = "+
		strconv.Quote("c1000000-0000-4000-8000-000000000001")+" }\n}\n"+exoscale+
		"resource \"contabo_instance\" \"app\" {\n  display_name = \"app\"\n}\n"+blocks[1].text)
	cli.Apply(t).MustSucceed(t).MustSay(t, "3 added")
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
}

// The action of the guide restores when it is invoked.
func TestTFGuide_restoreAsAnAction(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	cli.NeedsActions(t)
	steps := under(readGuide(t, restoreGuide), "As an action")
	cli.Write(t, acctest.ProviderConfig+steps[0].text)
	cli.Terminal(t).Run(t, steps[1].text).MustSucceed(t).MustSay(t, "Actions: 1 invoked.")
	if n := restored(s, "contabo"); n != 1 {
		t.Errorf("%d restores were sent", n)
	}
}

// The commands of the troubleshooting page keep a tainted snapshot, and show the log.
func TestTFGuide_troubleshooting(t *testing.T) {
	t.Parallel()
	const page = "troubleshooting.md"
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	x := cli.Terminal(t)
	cli.Write(t, acctest.ProviderConfig+contaboSnapshot("before_upgrade", "42001", "before-upgrade"))
	x.Run(t, "terraform apply && terraform taint cloudsnap_snapshot.before_upgrade").MustSucceed(t)
	follow(t, x, under(readGuide(t, page), "A resource is tainted")).MustSay(t, "0 added, 0 changed, 0 destroyed")
	x.Run(t, "terraform destroy").MustSucceed(t)

	// The page and the guide for beginners have the same import block.
	block := under(readGuide(t, page), "-generate-config-out fails")[0].text
	if want := under(readGuide(t, "getting-started.md"), generate)[0].text; block != want {
		t.Errorf("the import block is\n%s, and in the other guide\n%s", block, want)
	}

	for _, step := range under(readGuide(t, page), "The log of the provider") {
		if step.language != "sh" {
			continue
		}
		out := x.Run(t, step.text).MustSucceed(t)
		if strings.Contains(step.text, "INFO") {
			out.MustSay(t, "The cloud has accepted the new snapshot").MustNotSay(t, "request answered")
		} else {
			out.MustSay(t, "request answered")
		}
	}
}

// The backends of the guide are valid. Without an account of their services, nothing more can be tried.
func TestTFGuide_nightlyBackends(t *testing.T) {
	t.Parallel()
	for _, heading := range []string{"With GitHub Actions", "With GitLab CI"} {
		x := installed(t, acctest.Start(t))
		x.Write(t, "main.tf", example(t, "nightly-backups"))
		follow(t, x, under(readGuide(t, nightly), heading))
		x.Run(t, "test -e backend.tf && terraform init -backend=false && terraform validate").MustSucceed(t).
			MustSay(t, "The configuration is valid")
	}
}

// walkedWhole are the guides of which a test runs all blocks, whatever their heading.
var walkedWhole = map[string]string{
	"sandbox.md":       "TestTFGuide_sandbox runs each command",
	"cloud-support.md": "it is generated and has no commands",
}

// Each block of a guide that can be run is run by a test: a test file names the guide and the heading of the block.
func TestGuides_areWalked(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(guides, "*.md*"))
	if err != nil || len(pages) < 16 {
		t.Fatalf("%d guides, %v", len(pages), err)
	}
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pages {
		page := filepath.Base(path)
		if walkedWhole[page] != "" {
			continue
		}
		text := ""
		for _, file := range tests {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(content), strconv.Quote(page)) ||
				(page == nightly && strings.Contains(string(content), "readGuide(t, nightly)")) ||
				(page == restoreGuide && strings.Contains(string(content), "readGuide(t, restoreGuide)")) {
				text += string(content)
			}
		}
		if text == "" {
			t.Errorf("no test reads %s", page)
			continue
		}
		for _, s := range readGuide(t, page) {
			if (s.language == "sh" || s.language == "terraform") && s.heading != generate &&
				!strings.Contains(text, strconv.Quote(s.heading)) {
				t.Errorf("%s: no test runs what is under %q", page, s.heading)
			}
		}
	}
}

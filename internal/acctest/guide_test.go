package acctest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

const (
	guides   = "../../templates/guides"
	generate = "Import with a generated resource block"
)

// step is a fenced block of a guide: commands to run, or a file to write.
type step struct {
	heading, language, text string
	// file is the last file that the text before the block names, empty where there is none.
	file string
}

var fileName = regexp.MustCompile("`([a-z_]+(?:\\.auto)?\\.tf(?:vars|query\\.hcl)?)`")

// guideText reads a page.
func guideText(t *testing.T, page string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(guides, page))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// readGuide takes the fenced blocks out of a page, in order.
func readGuide(t *testing.T, page string) []step {
	t.Helper()
	var steps []step
	var heading, before string
	open := false
	for line := range strings.Lines(guideText(t, page)) {
		language, fence := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "```")
		switch {
		case fence && !open:
			s := step{heading: heading, language: language}
			if names := fileName.FindAllStringSubmatch(before, -1); len(names) > 0 {
				s.file = names[len(names)-1][1]
			}
			steps, before, open = append(steps, s), "", true
		case fence:
			open = false
		case open:
			steps[len(steps)-1].text += line
		case strings.HasPrefix(line, "#"):
			heading, before = strings.TrimSpace(strings.TrimLeft(line, "#")), ""
		default:
			before += line
		}
	}
	if len(steps) == 0 || open {
		t.Fatalf("%s has no fenced blocks, or one without an end", page)
	}
	return steps
}

// under keeps the steps under some headings.
func under(steps []step, headings ...string) []step {
	return slices.DeleteFunc(slices.Clone(steps), func(s step) bool { return !slices.Contains(headings, s.heading) })
}

// follow does what a guide's steps say, and returns what the last command printed.
func follow(t *testing.T, x *acctest.Terminal, steps []step) acctest.Result {
	t.Helper()
	var last acctest.Result
	for _, s := range steps {
		switch {
		case s.language == "sh":
			if last = x.Run(t, s.text); last.Code != 0 {
				t.Fatalf("under %q, exit code %d of\n%s\n%s", s.heading, last.Code, s.text, last.Output)
			}
		case s.file != "":
			x.Write(t, s.file, s.text)
		default:
			t.Fatalf("under %q: the guide does not name the file of\n%s", s.heading, s.text)
		}
	}
	return last
}

// freshHome is a terminal in a home folder of its own, where nothing of the test's set-up helps Terraform to find
// the provider. A clone of the repository is this checkout, where nothing is written.
func freshHome(t *testing.T, cli *acctest.CLI) *acctest.Terminal {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	// What the tools have in the real home folder must hold in the new one too.
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOENV"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		cli.Setenv(name + "=" + strings.TrimSpace(string(value)))
	}
	cli.Setenv("GIT_CONFIG_GLOBAL=" + os.ExpandEnv("$HOME/.gitconfig"))
	home := t.TempDir()
	cli.Setenv("HOME="+home, "XDG_DATA_HOME=", "MAKEFLAGS=", "BINARY="+filepath.Join(home, "built"))
	cli.Setenv("TF_CLI_CONFIG_FILE=" + os.DevNull)
	x := cli.Terminal(t)
	x.Dir = home
	// go build links nothing where the file is current.
	file, err := released()
	if err == nil {
		err = os.WriteFile(filepath.Join(home, "built"), file, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(home, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	git := "#!/bin/sh\n[ \"$1\" = clone ] || exec " + lookPath(t, "git") + " \"$@\"\nln -s '" + root + "' \"${2##*/}\"\n"
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte(git), 0o700); err != nil {
		t.Fatal(err)
	}
	x.Run(t, `export PATH="$HOME/bin:$PATH"`).MustSucceed(t)
	return x
}

// released returns the provider as make build writes it, built once for all tests of a process.
var released = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "cloudsnap-release-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // The folder for temporary files keeps what is left.
	file := filepath.Join(dir, "built")
	cmd := exec.Command("make", "-C", "../..", "build", "BINARY="+file)
	cmd.Env = append(os.Environ(), "MAKEFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make build: %w\n%s", err, out)
	}
	return os.ReadFile(file)
})

func lookPath(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The guide for beginners works as it is written, from the clone to the import, on the CLI at hand.
func TestTFGuide_gettingStarted(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	x := freshHome(t, cli)
	steps := readGuide(t, "getting-started.md")

	follow(t, x, under(steps, "Install"))
	// Placeholders of credentials: the sandbox's environment takes their place, under the same names.
	for _, line := range strings.Fields(under(steps, "Credentials")[0].text) {
		if name, _, ok := strings.Cut(line, "="); ok && s.Getenv(name) == "" {
			t.Errorf("the sandbox has no %s", name)
		}
	}
	follow(t, x, under(steps, "The first snapshot")).MustSay(t, "1 added, 0 changed, 0 destroyed")
	follow(t, x, under(steps, "Snapshots that exist already")).MustSay(t, `"contabo/42001/snap1700000042"`)
	follow(t, x, under(steps, "Import with a resource block")).MustSay(t, "1 imported, 0 added, 0 changed, 0 destroyed")
	x.Run(t, "terraform plan -detailed-exitcode").MustSucceed(t)
	x.Run(t, "terraform destroy").MustSucceed(t).MustSay(t, "2 destroyed")
}

// The README's installation serves a configuration with a local module too. After another build of the same version,
// the commands that make install prints are those of the troubleshooting page, and they work.
func TestTFInstall_modulesAndRebuilds(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	x := freshHome(t, cli)
	out := follow(t, x, under(readGuide(t, "../../README.md"), "Install"))
	if strings.Contains(out.Output, "replaces another") {
		t.Errorf("a first installation replaces nothing:\n%s", out.Output)
	}
	checkout := x.Dir
	x.Run(t, "mkdir -p ~/snapshots/machine && cd ~/snapshots").MustSucceed(t)
	main := under(readGuide(t, "getting-started.md"), "The first snapshot")[1].text
	x.Write(t, "machine/main.tf", main)
	x.Write(t, "main.tf", "module \"machine\" {\n  source = \"./machine\"\n}\n")
	x.Run(t, "terraform init && terraform plan").MustSucceed(t).MustSay(t, "Plan: 1 to add, 0 to change, 0 to destroy")

	rebuilt := x.Run(t, "(cd '"+checkout+"' && make install VERSION=0.1.0-rebuilt)").MustSucceed(t)
	if out := x.Run(t, "terraform init"); !strings.Contains(out.Output, "checksums previously recorded") {
		t.Errorf("init takes another build of the same version, so the troubleshooting page is wrong:\n%s", out.Output)
	}
	commands := under(readGuide(t, "troubleshooting.md"), "terraform init refuses a new build")[0].text
	said := strings.NewReplacer("'", `"`, filepath.Dir(x.Dir), "$HOME").Replace(rebuilt.Output)
	for line := range strings.Lines(commands) {
		if !strings.Contains(said, strings.TrimSpace(line)) {
			t.Errorf("make install does not print %q:\n%s", line, rebuilt.Output)
		}
	}
	x.Run(t, commands).MustSucceed(t)
	x.Run(t, "terraform plan").MustSucceed(t).MustSay(t, "Plan: 1 to add, 0 to change, 0 to destroy")
}

// The command of the troubleshooting page destroys what is in the state although a plan is refused.
func TestTFGuide_destroyPastARefusal(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, acctest.ProviderConfig)
	c, occupied := s.Case(t, "contabo"), s.Case(t, "hostinger")
	cli.Write(t, acctest.ProviderConfig+c.HCL("kept", c.Sources[0]))
	cli.Apply(t).MustSucceed(t)
	before := len(s.SnapshotIDs(occupied.Name))
	cli.Write(t, acctest.ProviderConfig+c.HCL("kept", c.Sources[0])+"resource \"cloudsnap_snapshot\" \"refused\" {\n"+
		"  cloud     = \"hostinger\"\n  source_id = \"17924\"\n}\n")
	cli.Destroy(t).MustFail(t).MustSay(t, "replace_existing")
	x := cli.Terminal(t)
	steps := under(readGuide(t, "troubleshooting.md"), "terraform destroy fails while planning")
	follow(t, x, steps).MustSay(t, "1 destroyed")
	if after := len(s.SnapshotIDs(occupied.Name)); after != before {
		t.Errorf("%d snapshots of the refused resource's VM became %d", before, after)
	}
}

// The sandbox's page works as it is written, on a sandbox that listens elsewhere.
func TestTFGuide_sandbox(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	cli := acctest.NewCLI(t, s, "")
	// The environment must come from the page's own command.
	for _, v := range s.Environment() {
		cli.Setenv(v.Name + "=")
	}
	control := filepath.Join(t.TempDir(), "sandboxctl")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", control, "../sandbox/cmd/sandboxctl")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const source = "go run ./internal/sandbox/cmd/sandboxctl "
	control += " -url " + s.URL() + " "
	x, ran := cli.Terminal(t), 0
	x.Dir = t.TempDir()
	for _, st := range readGuide(t, "sandbox.md") {
		for line := range strings.Lines(st.text) {
			if strings.Contains(line, source) {
				ran++
				x.Run(t, strings.Replace(line, source, control, 1)).MustSucceed(t)
			}
		}
		if st.language == "json" {
			x.Write(t, "faults.json", st.text)
			x.Run(t, control+"faults faults.json").MustSucceed(t)
			x.Run(t, control+"faults").MustSucceed(t).MustSay(t, `"lose"`)
		}
	}
	if ran < 9 {
		t.Errorf("the page has %d commands of sandboxctl, want nine at least", ran)
	}
	x.Run(t, control+"reset").MustSucceed(t)
	x.Run(t, `test -n "$CNTB_API" && test -n "$KOYEB_TOKEN"`).MustSucceed(t)
	x.Dir = cli.Dir
	cli.Write(t, acctest.ProviderConfig+s.Case(t, "koyeb").HCL("test", s.Case(t, "koyeb").Sources[0]))
	x.Run(t, "terraform apply").MustSucceed(t).MustSay(t, "1 added")
}

// Links between pages lead somewhere: to a page that exists, and to a heading of it.
func TestGuides_links(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^):#]*\.md)?(?:#([a-z0-9-]+))?\)`)
	heading := regexp.MustCompile(`(?m)^#+ (.*)$`)
	headings := func(file string) []string {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		}
		var anchors []string
		for _, m := range heading.FindAllStringSubmatch(string(content), -1) {
			kept := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(m[1]), "")
			anchors = append(anchors, strings.ReplaceAll(kept, " ", "-"))
		}
		return anchors
	}
	pages, err := filepath.Glob("../../docs/guides/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%v %v", pages, err)
	}
	resources, err := filepath.Glob("../../docs/resources/*.md")
	if err != nil || len(resources) == 0 {
		t.Fatalf("%v %v", resources, err)
	}
	for _, page := range slices.Concat(pages, resources, []string{"../../docs/index.md", "../../README.md"}) {
		content, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(resources, page) && !strings.Contains(string(content), "](../guides/cloud-support.md)") {
			t.Errorf("%s has no link to the page of what each cloud can do", page)
		}
		for _, m := range link.FindAllStringSubmatch(string(content), -1) {
			target := page
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(page), m[1])
			}
			anchors := headings(target)
			if m[2] != "" && !strings.HasPrefix(m[2], "nestedatt") && !slices.Contains(anchors, m[2]) {
				t.Errorf("%s: %s has no heading for #%s, only %v", page, target, m[2], anchors)
			}
		}
	}
}

package acctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// CLI is a real Terraform or OpenTofu in a directory of its own, with a real provider process and the sandbox's
// environment.
type CLI struct {
	Dir string
	env []string
	bin string
}

// Result is what a command printed, and how it ended.
type Result struct {
	// Output is stdout and stderr as a user would see them, without colours.
	Output string
	Code   int
}

// build returns the folder of the provider with the clouds of the tests, and of the stand-in for a vendor's own
// provider. tools/test.sh builds them for all packages, and names the folder in CLOUDSNAP_TEST_PROVIDERS. Otherwise a
// process compiles them once for all its tests, and TestMain removes them.
var build = sync.OnceValues(func() (string, error) {
	if dir := os.Getenv("CLOUDSNAP_TEST_PROVIDERS"); dir != "" {
		// go test reuses no result of a test that has looked at a file which changed since.
		_, err := os.Stat(filepath.Join(dir, "terraform-provider-cloudsnap"))
		return dir, err
	}
	dir, err := os.MkdirTemp("", "cloudsnap-provider-")
	if err != nil {
		return "", err
	}
	built = dir
	const source = "github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/cmd/..."
	out, err := exec.Command("go", "build", "-o", dir+string(filepath.Separator), source).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

// built is the folder that build has made, or empty.
var built string

// NewCLI prepares a directory with a configuration, and the sandbox's environment.
func NewCLI(t testing.TB, s *Sandbox, config string) *CLI {
	t.Helper()
	checkName(t)
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	bin := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if bin == "" {
		if bin, err = exec.LookPath("terraform"); err != nil {
			t.Fatal("no CLI: set TF_ACC_TERRAFORM_PATH, as make test does")
		}
	}
	c := &CLI{Dir: t.TempDir(), bin: bin}
	rc := filepath.Join(c.Dir, "cli.tfrc")
	write(t, rc, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"cloudsnap/cloudsnap\" = %[1]q\n"+
		"    \"contabo/contabo\"     = %[1]q\n  }\n  direct {}\n}\n", dir))
	c.Write(t, config)
	c.env = append(
		os.Environ(),
		"TF_CLI_CONFIG_FILE="+rc,
		"CHECKPOINT_DISABLE=1",
		"TF_IN_AUTOMATION=1",
		"TF_CLI_ARGS=-no-color",
		"TF_LOG=",
		"TF_LOG_PATH=",
	)
	for _, v := range s.Environment() {
		c.env = append(c.env, v.Name+"="+v.Value)
	}
	return c
}

// Setenv adds variables for the commands that follow.
func (c *CLI) Setenv(pairs ...string) { c.env = append(c.env, pairs...) }

// Write replaces the configuration.
func (c *CLI) Write(t testing.TB, config string) {
	t.Helper()
	const head = "terraform {\n  required_providers {\n    cloudsnap = { source = \"cloudsnap/cloudsnap\" }\n  }\n}\n"
	write(t, filepath.Join(c.Dir, "main.tf"), head+config)
}

// WriteWhole replaces the configuration by one that names its providers itself.
func (c *CLI) WriteWhole(t testing.TB, config string) {
	t.Helper()
	write(t, filepath.Join(c.Dir, "main.tf"), config)
}

// NeedsIdentity skips the test, loudly, on a CLI that knows no identity: Terraform before 1.12.
func (c *CLI) NeedsIdentity(t testing.TB) {
	t.Helper()
	var v struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(c.Run(t, "version", "-json").MustSucceed(t).Output), &v); err != nil {
		t.Fatal(err)
	}
	if version.Must(version.NewVersion(v.Version)).LessThan(tfversion.Version1_12_0) {
		t.Skipf("SKIPPED, NOT PASSED: Terraform CLI version %s knows no identity, 1.12 does", v.Version)
	}
}

// NeedsActions skips the test, loudly, on a CLI that has no actions: Terraform before 1.14, and OpenTofu.
func (c *CLI) NeedsActions(t testing.TB) {
	t.Helper()
	if name, ok := c.isTerraform114(t); !ok {
		t.Skipf("SKIPPED, NOT PASSED: needs Terraform 1.14, which has actions, and this is %s", name)
	}
}

// NeedsQuery skips the test, loudly, on a CLI that has no command query: Terraform before 1.14, and OpenTofu.
func (c *CLI) NeedsQuery(t testing.TB) {
	t.Helper()
	if name, ok := c.isTerraform114(t); !ok {
		t.Skipf("SKIPPED, NOT PASSED: needs Terraform 1.14, which has the command query, and this is %s", name)
	}
}

// isTerraform114 reports whether the CLI is Terraform 1.14 or newer, and what it is.
func (c *CLI) isTerraform114(t testing.TB) (name string, ok bool) {
	t.Helper()
	name, _, _ = strings.Cut(c.Run(t, "version").MustSucceed(t).Output, "\n")
	number, isTerraform := strings.CutPrefix(name, "Terraform v")
	if !isTerraform {
		return name, false
	}
	return name, version.Must(version.NewVersion(number)).Core().GreaterThanOrEqual(tfversion.Version1_14_0)
}

// WriteFile writes another file beside the configuration.
func (c *CLI) WriteFile(t testing.TB, name, content string) {
	t.Helper()
	write(t, filepath.Join(c.Dir, name), content)
}

func write(t testing.TB, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Run runs a command and waits for its end.
func (c *CLI) Run(t testing.TB, args ...string) Result {
	t.Helper()
	return c.Start(t, args...).Wait(t)
}

// Apply applies without asking.
func (c *CLI) Apply(t testing.TB, args ...string) Result {
	t.Helper()
	return c.Run(t, append([]string{"apply", "-auto-approve", "-input=false"}, args...)...)
}

// Destroy destroys without asking.
func (c *CLI) Destroy(t testing.TB, args ...string) Result {
	t.Helper()
	return c.Run(t, append([]string{"destroy", "-auto-approve", "-input=false"}, args...)...)
}

// State is the state file as it stands.
func (c *CLI) State(t testing.TB) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(c.Dir, "terraform.tfstate"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(content)
}

// Attribute is an attribute of a resource's first instance in the state, nil where it is null or not there.
func (c *CLI) Attribute(t testing.TB, resourceName, attribute string) any {
	t.Helper()
	var state struct {
		Resources []struct {
			Name      string `json:"name"`
			Instances []struct {
				Attributes map[string]any `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(c.State(t)), &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Name == resourceName && len(r.Instances) > 0 {
			return r.Instances[0].Attributes[attribute]
		}
	}
	return nil
}

// Running is a command under way.
type Running struct {
	cmd *exec.Cmd
	out *bytes.Buffer
}

// Start runs a command in a process group of its own and does not wait.
func (c *CLI) Start(t testing.TB, args ...string) *Running {
	t.Helper()
	r := &Running{cmd: exec.CommandContext(t.Context(), c.bin, args...), out: &bytes.Buffer{}}
	r.cmd.Dir, r.cmd.Env = c.Dir, c.env
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
	inOwnGroup(r.cmd)
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// Wait waits for the end of the command.
func (r *Running) Wait(t testing.TB) Result {
	t.Helper()
	if err := r.cmd.Wait(); err != nil && r.cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return Result{Output: r.out.String(), Code: r.cmd.ProcessState.ExitCode()}
}

// Done waits for the end of the command in the background, instead of Wait. The channel has the result then.
func (r *Running) Done(t testing.TB) <-chan Result {
	t.Helper()
	done := make(chan Result, 1)
	go func() { done <- r.Wait(t) }()
	return done
}

// MustSucceed fails the test when the command did.
func (r Result) MustSucceed(t testing.TB) Result {
	t.Helper()
	if r.Code != 0 {
		t.Fatalf("exit code %d:\n%s", r.Code, r.Output)
	}
	return r
}

// MustFail fails the test when the command did not.
func (r Result) MustFail(t testing.TB) Result {
	t.Helper()
	if r.Code == 0 {
		t.Fatalf("the command succeeded:\n%s", r.Output)
	}
	return r
}

// MustSay fails the test unless the output has all the texts. Terraform breaks and frames lines, so white space and
// frames do not count.
func (r Result) MustSay(t testing.TB, texts ...string) Result {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(Flat(r.Output), Flat(text)) {
			t.Errorf("the output does not say %q:\n%s", text, r.Output)
		}
	}
	return r
}

// MustNotSay fails the test if the output has one of the texts.
func (r Result) MustNotSay(t testing.TB, texts ...string) Result {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(Flat(r.Output), Flat(text)) {
			t.Errorf("the output says %q:\n%s", text, r.Output)
		}
	}
	return r
}

// Flat takes off what Terraform does to a text to fit it into a terminal.
func Flat(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(s)), " ")
}

// Hurry moves the clock of the clouds by hours each time that a command waits for it, until done has the command's
// result, and returns the result. The requests show that it waits. More moves would let its tokens expire.
func (s *Sandbox) Hurry(t testing.TB, done <-chan Result) Result {
	t.Helper()
	seen := len(s.Journal())
	Eventually(t, "the command ends", func() bool {
		if n := len(s.Journal()); n > seen+20 {
			s.Advance(3 * time.Hour)
			seen = n
		}
		return len(done) > 0
	})
	return <-done
}

// Eventually waits until a condition outside the process holds, and fails the test when it does not within two minutes.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("it did not happen within two minutes: %s", what)
		case <-tick.C:
		}
	}
}

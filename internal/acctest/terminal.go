package acctest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Terminal runs shell commands one after the other, as a user types them. The folder and exported variables stay from
// one to the next. `terraform` is the CLI at hand, whatever its name.
type Terminal struct {
	// Dir is the current folder.
	Dir string
	env []string
	// kept has the exported variables and the folder of the command before.
	kept string
}

// Terminal opens a shell in the directory of the configuration, with the environment of the CLI.
func (c *CLI) Terminal(t testing.TB) *Terminal {
	t.Helper()
	bin, kept := t.TempDir(), t.TempDir()
	if err := os.Symlink(c.bin, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	path := bin + string(filepath.ListSeparator) + os.Getenv("PATH")
	return &Terminal{Dir: c.Dir, env: append(append([]string{}, c.env...), "PATH="+path), kept: kept}
}

// Run runs a script up to its first failure and waits for its end. Every question is answered with yes.
func (x *Terminal) Run(t testing.TB, script string) Result {
	t.Helper()
	variables, folder := filepath.Join(x.kept, "variables"), filepath.Join(x.kept, "folder")
	// The variables are kept last, so a script that failed leaves none behind.
	whole := fmt.Sprintf("set -eu\n[ ! -e '%[1]s' ] || . '%[1]s'\n%[3]s\npwd >'%[2]s'\nexport -p >'%[1]s'\n",
		variables, folder, script)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", whole)
	cmd.Dir, cmd.Env = x.Dir, x.env
	cmd.Stdin = strings.NewReader(strings.Repeat("yes\n", 10))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	result := Result{Output: out.String(), Code: cmd.ProcessState.ExitCode()}
	if result.Code != 0 {
		return result
	}
	dir, err := os.ReadFile(folder)
	if err != nil {
		t.Fatal(err)
	}
	x.Dir = strings.TrimSpace(string(dir))
	return result
}

// Write writes a file of the current folder.
func (x *Terminal) Write(t testing.TB, name, content string) {
	t.Helper()
	write(t, filepath.Join(x.Dir, name), content)
}

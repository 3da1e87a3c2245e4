//go:build unix

package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// build makes the real binary.
func build(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sandboxd")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return file
}

// process is a running sandboxd, and what it has printed so far.
type process struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr *bytes.Buffer
	lines  []string
	base   string
}

// start runs it on a free port and reads its environment.
func start(t *testing.T, file string, args ...string) *process {
	t.Helper()
	p := &process{
		cmd:    exec.CommandContext(t.Context(), file, append([]string{"-listen", "127.0.0.1:0"}, args...)...),
		stderr: &bytes.Buffer{},
	}
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdout = bufio.NewReader(stdout)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range expected(t, "") {
		line, err := p.stdout.ReadString('\n')
		if err != nil {
			t.Fatalf("%v after %q; stderr: %s", err, p.lines, p.stderr)
		}
		p.lines = append(p.lines, line)
	}
	if p.base = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(strings.Join(p.lines, "")); p.base == "" {
		t.Fatalf("no URL in %q", p.lines)
	}
	return p
}

func expected(t *testing.T, base string) []simkit.Variable {
	t.Helper()
	box, err := sandbox.New(all.Drivers(), sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return box.Environment(base)
}

// stop sends a signal, and wants an end within a second, exit code 0 and nothing more on stdout.
func (p *process) stop(t *testing.T, s os.Signal) {
	t.Helper()
	begun := time.Now()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(p.stdout)
	if err != nil || len(rest) > 0 {
		t.Errorf("after the environment: %q %v", rest, err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%v: %v; stderr: %s", s, err, p.stderr)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("%v: it took %s to stop", s, took)
	}
}

func ask(t *testing.T, method, url, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() // It is read to its end.
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s %v", method, url, resp.StatusCode, content, err)
	}
	return string(content)
}

func TestSandboxd_printsAnEnvironmentThatAShellReads(t *testing.T) {
	p := start(t, build(t))
	defer p.stop(t, syscall.SIGTERM)
	var script, want strings.Builder
	for _, v := range expected(t, p.base) {
		fmt.Fprintf(&script, "printf '%%s\\n' \"$%s\"\n", v.Name)
		want.WriteString(v.Value + "\n")
	}
	for _, line := range p.lines {
		if !regexp.MustCompile(`^export [A-Z][A-Z0-9_]*='.*'\n$`).MatchString(line) {
			t.Errorf("not an export line: %q", line)
		}
	}
	shell := exec.CommandContext(t.Context(), "sh", "-c", strings.Join(p.lines, "")+script.String())
	shell.Env = []string{}
	got, err := shell.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Error(diff)
	}
	if health := ask(t, "GET", p.base+"/_sandbox/health", ""); strings.TrimSpace(health) != `{"status":"ok"}` {
		t.Errorf("health: %s", health)
	}
}

// Whoever starts it in a terminal learns what is served, how it ends and what comes next.
func TestSandboxd_saysHowToGoOn(t *testing.T) {
	p := start(t, build(t))
	p.stop(t, syscall.SIGTERM)
	said := p.stderr.String()
	wants := []string{"Ctrl-C", "sandboxctl -url " + p.base + " env)", "sandboxctl -url " + p.base + " sources"}
	for _, d := range all.Drivers() {
		wants = append(wants, p.base+"/"+d.Descriptor().Name+"\n")
	}
	for _, want := range wants {
		if !strings.Contains(said, want) {
			t.Errorf("stderr lacks %q:\n%s", want, said)
		}
	}
}

func TestSandboxd_stopsWhileARequestHangs(t *testing.T) {
	p := start(t, build(t))
	ask(t, "PUT", p.base+"/_sandbox/faults", `[{"do":"hang"}]`)
	ended := make(chan struct{})
	req, err := http.NewRequestWithContext(t.Context(), "GET", p.base+"/"+all.Drivers()[0].Descriptor().Name+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(ended)
		if resp, err := (&http.Transport{}).RoundTrip(req); err == nil {
			t.Error("the request that hangs was answered")
			_ = resp.Body.Close()
		}
	}()
	for !strings.Contains(ask(t, "GET", p.base+"/_sandbox/journal", ""), "hang") {
		if t.Context().Err() != nil {
			t.Fatal("the request never came")
		}
	}
	p.stop(t, os.Interrupt)
	<-ended
}

func TestSandboxd_goesOnWithItsStateFile(t *testing.T) {
	file, state := build(t), filepath.Join(t.TempDir(), "state.json")
	first := start(t, file, "-state", state, "-pace", "0")
	ask(t, "POST", first.base+"/_sandbox/clock", `{"advance":"720h"}`)
	before := inventoryOf(t, first)
	first.stop(t, syscall.SIGTERM)

	second := start(t, file, "-state", state, "-pace", "0")
	after := inventoryOf(t, second)
	second.stop(t, syscall.SIGTERM)
	if d := time.Until(after.Now); d < 719*time.Hour {
		t.Errorf("the clock was not kept: %s", after.Now)
	}
	if diff := cmp.Diff(before.Clouds, after.Clouds); diff != "" {
		t.Error(diff)
	}
}

func inventoryOf(t *testing.T, p *process) (out sandbox.Inventory) {
	t.Helper()
	if err := json.Unmarshal([]byte(ask(t, "GET", p.base+"/_sandbox/world", "")), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSandboxd_refusals(t *testing.T) {
	file := build(t)
	broken := filepath.Join(t.TempDir(), "broken.json")
	if err := os.WriteFile(broken, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, 1, "not a loopback address"},
		{[]string{"-listen", ":0"}, 1, "not a loopback address"},
		{[]string{"-listen", "example.com:0"}, 1, "not a loopback address"},
		{[]string{"-listen", "127.0.0.1"}, 1, "port"},
		{[]string{"-state", broken, "-listen", "127.0.0.1:0"}, 1, broken},
		{[]string{"-pace", "-1s"}, 1, "-pace"},
		{[]string{"-speed", "9"}, 2, "-speed"},
		{[]string{"start"}, 1, `"start"`},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), file, c.args...)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			stdout, err := cmd.Output()
			if err == nil || cmd.ProcessState.ExitCode() != c.code || len(stdout) > 0 ||
				!strings.Contains(stderr.String(), c.says) {
				t.Errorf("%v, stdout %q, stderr %q", err, stdout, &stderr)
			}
		})
	}
}

// Command gotest runs `go test` with the given arguments and shows what plain `go test` keeps to itself: each test that was
// skipped, with its reason. Passing packages take one line, failing tests show their output.
//
// CLOUDSNAP_NO_SKIP=1 makes a skipped test a failure. CLOUDSNAP_SKIP_OK is a regular expression of reasons that are accepted
// all the same.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	code, err := run(ctx, os.Args[1:], os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gotest:", err)
	}
	stop()
	os.Exit(code)
}

// run blocks until the tests have ended and returns the exit code.
func run(ctx context.Context, args []string, out io.Writer) (int, error) {
	rules, err := skipRules(os.Getenv)
	if err != nil {
		return 2, err
	}
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	// The tests end by themselves on an interrupt, which the terminal sends to them too; killing them would leave sandboxes behind.
	cmd.Cancel = func() error { return nil }
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return 2, fmt.Errorf("connect to go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return 2, fmt.Errorf("start go test: %w", err)
	}
	rep := newReport(out)
	readErr := rep.read(pipe)
	waitErr := cmd.Wait()
	bad := rep.summary(rules)

	var exit *exec.ExitError
	switch {
	case errors.As(waitErr, &exit):
		return exit.ExitCode(), nil
	case waitErr != nil:
		return 2, fmt.Errorf("run go test: %w", waitErr)
	case readErr != nil:
		return 2, readErr
	case bad > 0:
		return 1, fmt.Errorf("%d skipped tests, and CLOUDSNAP_NO_SKIP is set", bad)
	}
	return 0, nil
}

// rules say which skips fail the run.
type rules struct {
	forbidden bool
	accepted  *regexp.Regexp
}

func skipRules(env func(string) string) (rules, error) {
	r := rules{forbidden: env("CLOUDSNAP_NO_SKIP") != "" && env("CLOUDSNAP_NO_SKIP") != "0"}
	if expr := env("CLOUDSNAP_SKIP_OK"); expr != "" {
		re, err := regexp.Compile(expr)
		if err != nil {
			return rules{}, fmt.Errorf("CLOUDSNAP_SKIP_OK: %w", err)
		}
		r.accepted = re
	}
	return r, nil
}

func (r rules) fails(reason string) bool {
	return r.forbidden && (r.accepted == nil || !r.accepted.MatchString(reason))
}

// event is one line of `go test -json` (go doc test2json).
type event struct {
	Action  string  `json:"Action"`
	Package string  `json:"Package"`
	Test    string  `json:"Test"`
	Elapsed float64 `json:"Elapsed"`
	Output  string  `json:"Output"`
}

func decode(r io.Reader, each func(event)) error {
	dec := json.NewDecoder(r)
	for {
		var e event
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			// Whatever follows has no form any more; the sender must not block on a full pipe.
			_, _ = io.Copy(io.Discard, r)
			return fmt.Errorf("read the output of go test: %w", err)
		}
		each(e)
	}
}

// Command sandboxctl shows and controls a running sandbox, for scripts and for people without an HTTP client at hand.
//
//	sandboxctl [-url http://127.0.0.1:8484] COMMAND
//
// sandboxctl help lists the commands.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hashicorp/go-cleanhttp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sandboxctl:", err)
		os.Exit(1)
	}
}

// command is one thing that sandboxctl does.
type command struct {
	name, arguments, help string
	run                   func(c control, ctx context.Context, args []string) error
}

// commands are all but help, in the order of the list that help prints.
func commands() []command {
	return []command{
		{"env", "", "print the environment of the sandbox's clients, for eval in a POSIX shell", control.env},
		{"sources", "", "list the machines and volumes, and how many snapshots each has", control.sources},
		{"state", "[-location NAME] ID STATE", "stop or start a machine, detach or attach a volume", control.state},
		{"snapshots", "[-cloud NAME] [-source ID]", "list the snapshots", control.snapshots},
		{"world", "", "print everything that exists, as JSON", control.inventory},
		{"journal", "", "print every request so far, as JSON", control.journal},
		{"advance", "DURATION", "move the clock, as in 12h, 30d or -90m", control.advance},
		{
			"faults",
			"[FILE]",
			"print the faults, as JSON, or set those in FILE; - reads them from stdin",
			control.faults,
		},
		{"reset", "", "put everything back to the start", control.reset},
	}
}

// run executes one command. Its result goes to out; an error is a sentence for the user.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("sandboxctl", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	base := flags.String("url", sandbox.DefaultURL, "where the sandbox listens")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return help(out)
	case err != nil:
		return fmt.Errorf("%w\n%s", err, hint)
	}
	if flags.NArg() == 0 || flags.Arg(0) == "help" {
		return help(out)
	}
	name, rest := flags.Arg(0), flags.Args()[1:]
	for _, cmd := range commands() {
		if cmd.name != name {
			continue
		}
		c := control{base: strings.TrimSuffix(*base, "/"), http: cleanhttp.DefaultClient(), in: in, out: out}
		err := cmd.run(c, ctx, rest)
		if errors.Is(err, errUsage) {
			return fmt.Errorf("usage: sandboxctl %s", strings.TrimSpace(cmd.name+" "+cmd.arguments))
		}
		return err
	}
	return fmt.Errorf("there is no command %q\n%s", name, hint)
}

const hint = "sandboxctl help lists the commands"

// errUsage is returned by a command whose arguments do not fit.
var errUsage = errors.New("wrong arguments")

func help(out io.Writer) error {
	fmt.Fprintf(out, "usage: sandboxctl [-url %s] COMMAND\n\n", sandbox.DefaultURL)
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, cmd := range commands() {
		fmt.Fprintf(table, "  %s\t%s\n", strings.TrimSpace(cmd.name+" "+cmd.arguments), cmd.help)
	}
	fmt.Fprintf(table, "  help\tprint this list\n")
	return table.Flush()
}

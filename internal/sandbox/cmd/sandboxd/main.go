// Command sandboxd serves the sandbox: the four clouds, simulated on loopback.
//
// Once it listens, it prints the environment for clients to stdout, as lines for a POSIX shell, and nothing else:
//
//	sandboxd >env.sh & ... && . ./env.sh
//
// To stderr it prints what it serves and the next commands. It stops on SIGINT and SIGTERM.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// stopTime is how long requests that are under way may go on after a signal.
const stopTime = 500 * time.Millisecond

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run serves until the context ends, and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sandboxd", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String(
		"listen",
		strings.TrimPrefix(sandbox.DefaultURL, "http://"),
		"loopback `address` to listen on; port 0 takes any that is free",
	)
	latency := flags.Duration("pace", 2*time.Second, "how `long` slow work takes; 0 finishes it at the first poll")
	state := flags.String("state", "", "`file` that keeps the state across restarts")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := serve(ctx, *listen, *latency, *state, flags.Args(), stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "sandboxd:", err)
		return 1
	}
	return 0
}

func serve(
	ctx context.Context,
	listen string,
	latency time.Duration,
	state string,
	rest []string,
	stdout, stderr io.Writer,
) error {
	if len(rest) > 0 {
		return fmt.Errorf("there are only flags, no argument %q", rest[0])
	}
	if latency < 0 {
		return errors.New("-pace must not be negative")
	}
	if err := sandbox.CheckListen(listen); err != nil {
		return err
	}
	box, err := sandbox.New(all.Drivers(), sandbox.Options{
		Latency:   latency,
		StateFile: state,
		Warn:      func(err error) { fmt.Fprintln(stderr, "sandboxd:", err) },
	})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	// The name localhost may lead elsewhere.
	if err := sandbox.CheckListen(listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: box, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	announce(stdout, stderr, box, "http://"+listener.Addr().String())

	select {
	case err := <-ended:
		return errors.Join(err, box.Close())
	case <-ctx.Done():
	}
	// Closing first ends the hanging requests, so that the server does not wait for them. A running request saves the
	// state itself.
	err = box.Close()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // Clients that do not let go are cut off.
	}
	return err
}

// announce prints the environment to stdout, and to stderr what is served, how it ends and what to do next.
func announce(stdout, stderr io.Writer, box *sandbox.Sandbox, base string) {
	var environment, message strings.Builder
	for _, v := range box.Environment(base) {
		environment.WriteString(v.Export())
	}
	message.WriteString("\nThe sandbox serves:\n")
	for _, mount := range box.Mounts() {
		fmt.Fprintf(&message, "  %s%s\n", base, mount)
	}
	control := "go run ./internal/sandbox/cmd/sandboxctl"
	if base != sandbox.DefaultURL {
		control += " -url " + base
	}
	fmt.Fprintf(&message, `In another terminal, in this folder:
  eval "$(%[1]s env)"   # set the environment above
  %[1]s sources         # list the machines and volumes
  %[1]s help            # list the other commands
Press Ctrl-C here to stop it.
`, control)
	// A closed stdout or stderr stops nothing: the sandbox still serves.
	_, _ = io.WriteString(stdout, environment.String())
	_, _ = io.WriteString(stderr, message.String())
}

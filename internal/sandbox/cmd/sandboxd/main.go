// Command sandboxd serves the sandbox: the four clouds, simulated on loopback.
//
// It prints the environment that clients need to stdout once it listens, as lines for a POSIX shell, and nothing else there:
//
//	sandboxd >env.sh & ... && . ./env.sh
//
// It stops on SIGINT and SIGTERM.
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
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
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
	listen := flags.String("listen", "127.0.0.1:8484", "loopback `address` to listen on; port 0 takes any that is free")
	pace := flags.Duration("pace", 2*time.Second, "how `long` slow work takes; 0 finishes it at the first poll")
	state := flags.String("state", "", "`file` that keeps the world across restarts")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := serve(ctx, *listen, *pace, *state, flags.Args(), stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "sandboxd:", err)
		return 1
	}
	return 0
}

func serve(ctx context.Context, listen string, pace time.Duration, state string, rest []string, stdout, stderr io.Writer) error {
	if len(rest) > 0 {
		return fmt.Errorf("there are only flags, no argument %q", rest[0])
	}
	if pace < 0 {
		return errors.New("-pace must not be negative")
	}
	if err := sandbox.CheckListen(listen); err != nil {
		return err
	}
	box, err := sandbox.New(all.Drivers(), sandbox.Options{
		Pace:      pace,
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
	printEnvironment(stdout, box.Environment("http://"+listener.Addr().String()))

	select {
	case err := <-ended:
		return errors.Join(err, box.Close())
	case <-ctx.Done():
	}
	// Closing first lets go of what hangs, so that the server need not wait for it. Whatever is still acted on saves itself.
	err = box.Close()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // Clients that do not let go are cut off.
	}
	return err
}

// printEnvironment writes lines for a POSIX shell.
func printEnvironment(w io.Writer, variables []simkit.Variable) {
	var b strings.Builder
	for _, v := range variables {
		fmt.Fprintf(&b, "export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
	}
	_, _ = io.WriteString(w, b.String()) // Nobody reads it any more: the sandbox still serves.
}

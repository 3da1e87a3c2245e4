//go:build unix

package plugin

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// ignoreTermination lets the process survive a SIGTERM to its whole process group. A CLI stops the provider over the
// protocol, after the provider has reported what it has created.
func ignoreTermination() { signal.Ignore(syscall.SIGTERM) }

// endWithParent ends the process soon after the CLI that started it was killed, which nothing else signals. A parent
// that ends normally stops the process over the protocol. It blocks.
func endWithParent(parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			os.Exit(1)
		}
	}
}

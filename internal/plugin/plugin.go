// Package plugin serves the provider to the CLI that started the process, and ends the process with the CLI.
package plugin

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// Serve serves the provider with a list of clouds until the CLI ends it. With debug it waits for a debugger and prints
// the value of TF_REATTACH_PROVIDERS. It changes signal handling and environment of the process.
func Serve(version string, drivers []driver.Driver, debug bool) error {
	quietLogs()
	if !debug {
		// A CLI stops the provider over the protocol. A SIGTERM to the whole process group must not kill the provider
		// before it has reported what it has created.
		signal.Ignore(syscall.SIGTERM)
		go endWithParent(os.Getppid())
	}
	return providerserver.Serve(
		context.Background(),
		provider.New(version, drivers, os.Getenv),
		providerserver.ServeOpts{
			Address: "registry.terraform.io/cloudsnap/cloudsnap",
			Debug:   debug,
		},
	)
}

// endWithParent ends the process soon after the CLI that started it was killed, which nothing else signals. A parent
// that ends normally stops the process over the protocol.
func endWithParent(parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			os.Exit(1)
		}
	}
}

// quietLogs switches off the libraries' trace lines if no log is configured: they are formatted even then, and take
// half the time of a plan.
func quietLogs() {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_PROTO", "TF_ACC_LOG"} {
		if os.Getenv(name) != "" {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", "TF_LOG_PROVIDER_PROTO"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, "OFF") // Without it there is only more log.
		}
	}
}

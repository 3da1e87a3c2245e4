// Command terraform-provider-cloudsnap is the plugin that Terraform and OpenTofu start.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// version is set when a release is linked.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger, and print what TF_REATTACH_PROVIDERS must be")
	flag.Parse()

	quietLogs()
	if !*debug {
		// A CLI stops the provider over the protocol. A SIGTERM to the whole process group must not kill the provider
		// before it has reported what it has created.
		signal.Ignore(syscall.SIGTERM)
		go endWithParent(os.Getppid())
	}

	err := providerserver.Serve(
		context.Background(),
		provider.New(version, all.Drivers(), os.Getenv),
		providerserver.ServeOpts{
			Address: "registry.terraform.io/cloudsnap/cloudsnap",
			Debug:   *debug,
		},
	)
	if err != nil {
		log.Fatal(err)
	}
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

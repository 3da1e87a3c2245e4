// Package plugin serves the provider to the CLI that started the process, and ends the process with the CLI.
package plugin

import (
	"os"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

// Address is the provider's address in a registry.
const Address = "registry.terraform.io/cloudsnap/cloudsnap"

// Serve serves the provider with a list of clouds until the CLI ends it. With debug it waits for a debugger and prints
// the value of TF_REATTACH_PROVIDERS. It changes signal handling and environment of the process.
func Serve(version string, drivers []driver.Driver, debug bool) error {
	logged := QuietLogs()
	if !logged {
		tuneGC()
	}
	if !debug {
		ignoreTermination()
		go endWithParent(os.Getppid())
	}
	var opts []tf6server.ServeOpt
	if debug {
		opts = append(opts, tf6server.WithManagedDebug())
	}
	of := provider.New(version, drivers, os.Getenv)
	return tf6server.Serve(Address, func() tfprotov6.ProviderServer { return newServer(of(), logged) }, opts...)
}

// newServer returns the server of a provider, without loggers unless a log is configured (logged).
func newServer(of frameworkprovider.Provider, logged bool) tfprotov6.ProviderServer {
	full := providerserver.NewProtocol6(of)()
	if known, ok := full.(server); ok && !logged {
		return quiet{known}
	}
	return full
}

// QuietLogs switches off the libraries' trace lines if no log is configured, and reports whether one is. The lines are
// formatted even then, and take half the time of a plan.
func QuietLogs() (logged bool) {
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_PROTO", "TF_ACC_LOG"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", "TF_LOG_PROVIDER_PROTO"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, "OFF") // Without it there is only more log.
		}
	}
	return false
}

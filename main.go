// Command terraform-provider-cloudsnap is the plugin that Terraform and OpenTofu start.
package main

import (
	"flag"
	"log"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/plugin"
)

// version is set when a release is linked.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger, and print what TF_REATTACH_PROVIDERS must be")
	flag.Parse()
	if err := plugin.Serve(version, all.Drivers(), *debug); err != nil {
		log.Fatal(err)
	}
}

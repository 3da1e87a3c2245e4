// Command terraform-provider-twin serves the twin, for a measurement beside the provider.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/twin"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/plugin"
	cloudsnap "github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider"
)

func main() {
	plugin.QuietLogs()
	of := cloudsnap.New("twin", all.Drivers(), os.Getenv)
	err := providerserver.Serve(
		context.Background(),
		func() provider.Provider { return twin.New(of(), all.Drivers()) },
		providerserver.ServeOpts{Address: plugin.Address},
	)
	if err != nil {
		log.Fatal(err)
	}
}

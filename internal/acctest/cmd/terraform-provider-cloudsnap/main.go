// Command terraform-provider-cloudsnap is the plugin with the clouds of the tests.
package main

import (
	"log"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/clouds"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/plugin"
)

func main() {
	if err := plugin.Serve("test", clouds.Drivers(), false); err != nil {
		log.Fatal(err)
	}
}

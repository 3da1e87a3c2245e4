// Command terraform-provider-contabo is a stand-in for Contabo's own provider in the tests of moves.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/contaboprovider"
)

func main() {
	err := providerserver.Serve(context.Background(), contaboprovider.New, providerserver.ServeOpts{
		Address: "registry.terraform.io/contabo/contabo",
	})
	if err != nil {
		log.Fatal(err)
	}
}

// Package clouds lists the clouds of the tests: those of the product, and nimbus. That every test passes with nimbus in
// the list proves that a new cloud is a folder and a line.
package clouds

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/all"
)

// Drivers returns one driver per cloud: one line more than the list of the product.
func Drivers() []driver.Driver {
	return append(all.Drivers(),
		nimbus.Driver{},
	)
}

// EmptyListing returns the JSON with which a cloud answers that there is nothing, if an accidental answer can equal it.
// It is empty for the other clouds.
func EmptyListing(cloud string) string {
	return map[string]string{"exoscale": "{}", "nimbus": "[]"}[cloud]
}

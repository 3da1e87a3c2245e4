// Package all lists the clouds of this project. It is the only place that names them all: adding a cloud is a
// folder beside this one and a line here.
package all

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb"
)

// Drivers returns one driver per cloud, in the order of the documentation: one line per cloud.
func Drivers() []driver.Driver {
	return []driver.Driver{
		contabo.Driver{},
		exoscale.Driver{},
		koyeb.Driver{},
		hostinger.Driver{},
	}
}

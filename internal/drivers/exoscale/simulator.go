//go:build !release

package exoscale

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator returns the simulator of Exoscale for the sandbox.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return sim.New(config) }

//go:build !release

package exoscale

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator simulates Exoscale in the sandbox.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return sim.New(config) }

//go:build !release

package hostinger

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator returns the simulator of Hostinger for the sandbox.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return sim.New(config) }

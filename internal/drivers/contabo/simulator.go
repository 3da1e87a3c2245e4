//go:build !release

package contabo

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator returns the simulator of Contabo for the sandbox.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return sim.New(config) }

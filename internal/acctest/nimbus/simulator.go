//go:build !release

package nimbus

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/nimbus/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator simulates Nimbus in the sandbox.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return sim.New(config) }

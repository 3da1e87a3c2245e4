//go:build !release

package koyeb

import (
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/sim"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Simulator returns the simulator of Koyeb for the sandbox.
func (Driver) Simulator(config *simkit.Config) simkit.Simulator { return sim.New(config) }

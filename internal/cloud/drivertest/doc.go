// Package drivertest is the conformance suite: the requirements that every driver meets. A driver's own test is one
// line:
//
//	func TestConformance(t *testing.T) { drivertest.Run(t, sandboxtest.Harness(contabo.Driver{})) }
//
// The suite calls the driver through cloud.Open, as the provider does. A Simulation shows the side of the cloud:
// existing objects, requests, faults. The suite names no cloud. The descriptor and the capabilities decide which
// requirements apply. A dry run shows which requests a driver sends for a create.
//
// Each requirement is a row of the table in run.go, and has a simulation of its own. The package imports only the core;
// the Harness adds the sandbox.
package drivertest

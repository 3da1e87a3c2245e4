// Package drivertest is the conformance suite: the requirements that every driver meets. A driver's own test is one
// line:
//
//	func TestConformance(t *testing.T) { drivertest.Run(t, sandboxtest.Harness(contabo.Driver{})) }
//
// The suite calls the driver through cloud.Open, as the provider does. A Simulation shows the side of the cloud: what exists
// there, which requests arrived, which faults apply. The suite names no cloud. The descriptor and the capabilities decide
// which requirements apply; the requests that a driver sends for a create are found by watching one.
//
// Each requirement is a row of the table in run.go, and has a simulation of its own. The package imports the core alone: the
// sandbox comes in through the Harness.
package drivertest

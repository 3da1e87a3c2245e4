// Package cloudtest holds the promises that every cloud's driver keeps, as one suite of tests. A driver's own test is one line:
//
//	func TestConformance(t *testing.T) { cloudtest.Run(t, sandboxtest.Harness(contabo.Driver{})) }
//
// The suite talks to the driver through cloud.Open, as the Terraform surface does, and looks at the other end through a World: what exists there,
// what was asked, what goes wrong. It names no cloud. What a cloud cannot do is found by its capabilities and Limits, and skipped with the reason;
// which requests a driver sends for a create is learned by watching one.
//
// Each promise is a function in the table of run.go, and has a world of its own. Like the core, the package imports nothing of this project
// but the core: the sandbox comes in through the Harness.
package cloudtest

// Package sim simulates Nimbus' API as testdata/openapi.json describes it, on the sandbox's clock. A create and a
// delete are finished in their answers, whatever the latency. Bodies are strict. Nothing is left out.
//
// Start reading at sim.go and routes.go; seed.go has the initial state.
package sim

// Package simkit is what the simulators of the clouds share: the sandbox's clock, the latency of slow work, a state
// that is saved, routes, IDs that are the same at every start, and the inventory that each cloud shows.
//
// A simulator is written from the vendor's API document, never from this project's client. It is strict: an unknown
// field, a missing header or wrong credentials are errors. It has a state, and moves slow work by the sandbox's clock:
// work is due when the latency has passed since it began. It runs in the provider's tests and in sandboxd, never in the
// released provider.
package simkit

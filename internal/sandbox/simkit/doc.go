// Package simkit is what the simulators of the clouds share: the sandbox's clock, the pace of slow work, identifiers that are the same at every
// start, and the shape in which each cloud shows its world.
//
// A simulator is written from the vendor's API document, never from this project's client. It is strict (an unknown field, a missing header or wrong
// credentials are errors), stateful, and moves its slow work by the sandbox's clock: work is due when the pace has passed since it began. It runs
// in the provider's tests and in sandboxd, never in the provider.
package simkit

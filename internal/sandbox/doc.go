// Package sandbox simulates the clouds on loopback, for the demo, the tests and the documentation.
//
// A Sandbox is an http.Handler. It mounts the simulator of each driver below the cloud's name, and adds what no single cloud has:
//
//   - a journal of every request to a cloud, in order of arrival;
//   - faults: answers that are refused, lost, late, cut or garbled, as data (faults.go);
//   - one clock that can be moved, which the simulators and the Date header of every answer follow;
//   - a state file, so that the world survives a restart.
//
// All of it is controlled by JSON below /_sandbox (control.go). The simulators run one at a time under one lock, so they need none of their own.
// Nothing but loopback is served: the credentials are fake, and everybody who can reach the sandbox may use it.
//
// The package knows no cloud. Start reading at sandbox.go.
package sandbox

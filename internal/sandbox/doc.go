// Package sandbox simulates the clouds on loopback, for the demo, the tests and the documentation.
//
// A Sandbox is an http.Handler. It mounts the simulator of each driver below the cloud's name, and adds:
//
//   - a journal of every request to a cloud, in order of arrival;
//   - faults: answers that are refused, lost, late, cut or garbled, as data (faults.go);
//   - the states of the machines and volumes, which can be stopped, started, detached and attached (sources.go);
//   - one clock that can be moved, which sets the time of the simulators and the Date header of every answer;
//   - a state file, so that the state survives a restart.
//
// Clients control it with JSON below /_sandbox (control.go). The simulators run one at a time under one lock, so they
// need no lock of their own. The sandbox serves loopback only: the credentials are fake, and every client that reaches
// the sandbox may use it.
//
// The package does not depend on any cloud. Start reading at sandbox.go.
//
// The flags of sandboxd, the mounts of the clouds and the paths of the control API are a stable interface: programs
// outside this repository use them. Their names do not follow a renaming in the code.
package sandbox

// Package cloud is the engine: it creates and deletes snapshots, images and templates at any cloud, and keeps the
// promises of the README.
//
// The Terraform provider calls Cloud. Cloud checks capabilities, locks sources, waits, finds lost creates, and returns
// every failure as a *driver.Error. It calls a cloud through the contract in package driver. Package rules has the
// checks at plan time, package wait the poller, and package drivertest the conformance suite.
//
// The package depends on neither Terraform nor any vendor. Start at cloud.go, then snapshot.go and lost_create.go.
package cloud

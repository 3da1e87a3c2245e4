// Package cloud is the engine: it takes snapshots, fetches images and makes templates at any cloud, and keeps what users rely on.
//
// Cloud is what the Terraform layer calls. It checks capabilities, serialises work per source, waits, finds what a lost create has made,
// and turns every failure into a *driver.Error. It calls a cloud through the contract in package driver. Package rules beside it holds the
// checks at plan time, package wait the poller, package drivertest the conformance suite.
//
// The package knows neither Terraform nor any vendor. Start at cloud.go, then snapshot.go and lost_create.go.
package cloud

// Package cloud is the portable core: snapshots, images and templates in this project's own words, and everything that
// all clouds have in common.
//
// The pieces, from the outside in:
//
//   - Cloud is what the Terraform surface calls. It checks capabilities, serialises work per source, waits, looks for what
//     an ambiguous create may have left behind, and turns every failure into an *Error.
//   - Driver is one cloud's entry in the list of internal/drivers/all: a Descriptor (data) and Open.
//   - Client is what Open returns. A client implements the small interfaces of driver.go that its cloud can honour;
//     implementing one is the capability, there is no second table.
//
// The package knows neither Terraform nor any vendor, and imports nothing of this project but its own sub-package wait.
// Start reading at driver.go, then snapshots.go.
package cloud

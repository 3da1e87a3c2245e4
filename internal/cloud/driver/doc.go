// Package driver is the contract between the engine and a cloud: what a cloud's driver implements, and the domain types that both
// speak. Who writes a driver reads this package alone. Start at driver.go, then descriptor.go.
//
//   - Driver is one cloud's entry in the list of internal/drivers/all: a Descriptor (data) and Open.
//   - Client is what Open returns. It implements the small interfaces of driver.go that its cloud supports; implementing one is the
//     capability (capability.go), there is no second table.
//   - Snapshot, Image, Operation and Ref are the domain types. Error and Kind are how failures are classified.
//
// The package knows neither Terraform nor any vendor, and imports nothing of this project.
package driver

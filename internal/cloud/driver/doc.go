// Package driver is the contract between the engine and a cloud: the interfaces that a driver implements, and the
// domain types that both use. The author of a driver needs no other package of this project except httpx. Start at
// driver.go, then descriptor.go.
//
//   - Driver is one cloud's entry in the list of internal/drivers/all: a Descriptor (data) and Open.
//   - Attributes is the table of one noun at the cloud: what the cloud supports, and within which limits.
//   - Client is what Open returns. It implements those interfaces of driver.go that its cloud supports. Implementing
//     an interface is the capability (capability.go); there is no second table.
//   - Snapshot, Image, Operation and Ref are the domain types. Error and Kind classify failures.
//
// The package depends on neither Terraform nor any vendor, and imports nothing of this project.
package driver

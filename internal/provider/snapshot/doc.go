// Package snapshot is the Terraform side of snapshots: the resource cloudsnap_snapshot and the data source cloudsnap_snapshots.
//
// One attribute passes five places on its way to a cloud, under one name:
//
//	examples/resources/cloudsnap_snapshot/resource.tf   what a user writes
//	internal/provider/snapshot/schema.go                type, validators, plan modifiers, text
//	internal/provider/snapshot/model.go                 toSpec and fromSnapshot: Terraform ↔ domain
//	internal/cloud/driver/snapshot.go                          what it means
//	internal/drivers/<cloud>/convert.go                 domain ↔ wire
//
// The package names no cloud: what differs between them comes from their Descriptors.
package snapshot

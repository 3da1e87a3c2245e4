// Package snapshot is the Terraform side of snapshots: the resource and the list resource
// cloudsnap_snapshot, and the data sources cloudsnap_snapshot and cloudsnap_snapshots.
//
// An attribute has one name in five places:
//
//	examples/resources/cloudsnap_snapshot/resource.tf   an example
//	internal/provider/snapshot/schema.go                type, validators, plan modifiers, description
//	internal/provider/snapshot/model.go                 toSpec and fromSnapshot: Terraform ↔ domain
//	internal/cloud/driver/snapshot.go                   the meaning
//	internal/drivers/<cloud>/convert.go                 domain ↔ wire; beside it, the row of the table
//
// No code here depends on a cloud's name. What differs between clouds comes from their Descriptors.
package snapshot

// Package volume is the Terraform side of volumes that a cloud creates from snapshots: the resource and the list
// resource cloudsnap_snapshot_volume. It has the same files as package snapshot, and an attribute has the same five
// places.
//
// Two things are special. Before the create there is nothing that the state could hold, so an interrupt of the wait for
// the snapshot leaves no state. What else happens to a volume, such as its attachment to a service, changes computed
// attributes only, so it plans nothing.
package volume

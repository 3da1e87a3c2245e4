// Package source is the Terraform side of the sources of snapshots: the data source cloudsnap_snapshot_sources.
//
// No code here depends on a cloud's name. What differs between clouds comes from their Descriptors.
package source

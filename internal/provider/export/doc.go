// Package export is the Terraform side of exports: a snapshot's disk as a file for download. The managed resource
// cloudsnap_snapshot_export (resource.go) exports a snapshot and stores the file's checksum. The ephemeral resource of
// the same name (ephemeral.go) yields the URL, which is a secret. No state, plan or log contains it.
package export

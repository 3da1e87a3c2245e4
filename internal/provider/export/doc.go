// Package export is the Terraform side of exporting snapshots: a snapshot's disk as a file to download. The managed resource cloudsnap_snapshot_export (resource.go)
// sees to it that a snapshot is exported and keeps the file's checksum; the ephemeral resource of the same name (ephemeral.go) yields the URL, which is a secret and
// never reaches a state, a plan or a log.
package export

// Package restore is the Terraform side of restores: the disk of a source is overwritten with one of its snapshots. The
// managed resource cloudsnap_snapshot_restore (resource.go) restores once, and again when its triggers change. A
// restore is an event: a read sends nothing, and a destroy only removes it from the state. The action
// cloudsnap_restore_snapshot (action.go) restores each time it runs.
package restore

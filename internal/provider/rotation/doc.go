// Package rotation is cloudsnap_snapshot_rotation: snapshots of one source that renew themselves, with rules that state
// which of them are kept. Start at plan.go, which decides what a run does; resource.go carries it out. The engine does
// the work (cloud.Rotate) and has the rules (cloud.Retention).
package rotation

// Package template is the Terraform side of templates that are made of snapshots: the resource cloudsnap_snapshot_template. It has the rooms of the package
// snapshot, and an attribute takes the same way through them.
//
// Two things are special. The snapshot that a template was made of is not known to the cloud any more, so an import leaves snapshot_id null; and a description may
// be longer when a template is made than when it is changed, so that some changes need a new template. Both are decided in plan.go and schema.go.
package template

// Package template is the Terraform side of templates that a cloud creates from snapshots: the resource and the
// list resource cloudsnap_snapshot_template. It has the same files as package snapshot, and an attribute has the same
// five places.
//
// Two things are special, both in plan.go and schema.go. The cloud does not report the snapshot of a template, so an
// import leaves snapshot_id null. The limit of a description is higher for a create than for an update, so some changes
// need a new template.
package template

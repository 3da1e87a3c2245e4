package driver

import "time"

// Volume is a volume that a cloud can create from a snapshot. A zero value or a nil pointer means that the cloud does
// not report it.
type Volume struct {
	ID       string
	Location string
	Name     string
	// SnapshotID is the ID of the snapshot that the volume was created from.
	SnapshotID string
	// State is the cloud's own word in lower case, such as "attached", or StateDeleting.
	State     State
	CreatedAt time.Time
	SizeGiB   *int64
}

// Ref returns the address of the volume.
func (v Volume) Ref() Ref { return Ref{Location: v.Location, ObjectID: v.ID} }

// VolumeSpec contains the parameters of a create.
type VolumeSpec struct {
	SnapshotID string
	// Location is where the snapshot is. A caller of the engine may leave it empty where the cloud reports it.
	Location string
	Name     string
}

// Snapshot returns the address of the snapshot.
func (s VolumeSpec) Snapshot() Ref { return Ref{Location: s.Location, ObjectID: s.SnapshotID} }

// VolumeChange contains the fields to update. nil leaves a field unchanged.
type VolumeChange struct {
	Name *string
}

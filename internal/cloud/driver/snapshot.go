package driver

import "time"

// State is where an object is in its life, in one vocabulary for all clouds. A word that a cloud uses and this project
// does not know passes through in lower case, so compare only against the constants.
type State string

// The states that this project knows.
const (
	StateCreating  State = "creating"
	StateReady     State = "ready"
	StateExporting State = "exporting"
	StateExported  State = "exported"
	StateMigrating State = "migrating"
	StateDeleting  State = "deleting"
	StateError     State = "error"
)

// States lists the states that this project knows.
func States() []State {
	return []State{StateCreating, StateReady, StateExporting, StateExported, StateMigrating, StateDeleting, StateError}
}

// Snapshot is a point-in-time copy of an instance, a volume or a VM. Zero values mean that the cloud does not say.
type Snapshot struct {
	// ID is the cloud's own identifier. It is empty only while a single-slot cloud has not yet given one.
	ID string
	// SourceID is the instance, volume or VM that it was taken of.
	SourceID string
	// Location is the zone or region.
	Location    string
	Name        string
	Description string
	State       State
	CreatedAt   time.Time
	// ExpiresAt is when the cloud deletes it by itself.
	ExpiresAt time.Time
	// SizeGiB is the size of the snapshotted disk.
	SizeGiB *int64
	// ImageID and ImageName are the image that the source was running.
	ImageID   string
	ImageName string
	// ApplicationConsistent tells whether the guest flushed its data first.
	ApplicationConsistent *bool
	// StorageType is "local" or "remote" where a cloud moves snapshots.
	StorageType string
	// RestoreTimeSeconds is the cloud's estimate for a restore.
	RestoreTimeSeconds *int64
}

// Ref returns what addresses the snapshot.
func (s Snapshot) Ref() Ref {
	return Ref{Location: s.Location, SourceID: s.SourceID, ObjectID: s.ID}
}

// Ref addresses a snapshot, an image or a template. Which parts a cloud needs is said in its Limits.
type Ref struct {
	Location string
	// SourceID is empty for images.
	SourceID string
	// ObjectID is the cloud's own ID of the object. Empty at a single-slot cloud means whatever is in the slot.
	ObjectID string
}

// Source is an instance, a volume or a VM that snapshots are taken of.
type Source struct {
	ID       string
	Location string
	Name     string
	// Room is how many more snapshots the cloud takes of it; nil where the cloud does not report it.
	Room *int
}

// SnapshotSpec is what to snapshot, and how.
type SnapshotSpec struct {
	SourceID    string
	Location    string
	Name        string
	Description string
	// ReplaceExisting allows a single-slot cloud to overwrite the snapshot that it has.
	ReplaceExisting bool
}

// Ref returns what is known of the address before the snapshot exists.
func (s SnapshotSpec) Ref() Ref {
	return Ref{Location: s.Location, SourceID: s.SourceID}
}

// SnapshotChange is what to change; nil leaves a field as it is.
type SnapshotChange struct {
	Name        *string
	Description *string
}

// SnapshotFilter narrows a listing; zero values do not filter.
type SnapshotFilter struct {
	SourceID string
	Location string
	// NameContains is matched by the cloud where it can, else here.
	NameContains string
}

// ReadyWhen is how far a snapshot must have come before waiting ends.
type ReadyWhen struct {
	// Remote also waits until the snapshot has moved to remote storage.
	Remote bool
}

// StorageRemote is the StorageType of a snapshot that has moved off its source's node.
const StorageRemote = "remote"

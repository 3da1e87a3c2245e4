package driver

import "time"

// State is the state of an object, in one vocabulary for all clouds. A cloud's state without a constant passes
// through in lower case, so compare only with the constants.
type State string

// The states with a meaning in this project.
const (
	StateCreating  State = "creating"
	StateReady     State = "ready"
	StateExporting State = "exporting"
	StateExported  State = "exported"
	StateMigrating State = "migrating"
	StateDeleting  State = "deleting"
	StateError     State = "error"
)

// States returns all states that have a constant.
func States() []State {
	return []State{StateCreating, StateReady, StateExporting, StateExported, StateMigrating, StateDeleting, StateError}
}

// Snapshot is a point-in-time copy of an instance, a volume or a VM. A zero value means that the cloud does not
// report it.
type Snapshot struct {
	// ID is the cloud's own identifier. It is empty while the cloud has not assigned one.
	ID string
	// SourceID is the ID of the instance, volume or VM.
	SourceID string
	// Location is the zone or region.
	Location    string
	Name        string
	Description string
	State       State
	CreatedAt   time.Time
	// ExpiresAt is when the cloud deletes the snapshot.
	ExpiresAt time.Time
	// SizeGiB is the size of the snapshotted disk.
	SizeGiB *int64
	// ImageID and ImageName identify the image that the source ran.
	ImageID   string
	ImageName string
	// ApplicationConsistent is true if the guest flushed its data before the snapshot.
	ApplicationConsistent *bool
	// StorageType is "local" or "remote" at a cloud that moves snapshots.
	StorageType string
	// RestoreTimeSeconds is the cloud's estimate for a restore.
	RestoreTimeSeconds *int64
}

// Ref returns the address of the snapshot.
func (s Snapshot) Ref() Ref {
	return Ref{Location: s.Location, SourceID: s.SourceID, ObjectID: s.ID}
}

// Ref addresses a snapshot, an image, a template or a volume. The cloud's Limits state which parts it needs.
type Ref struct {
	Location string
	// SourceID is empty for images and volumes.
	SourceID string
	// ObjectID is the cloud's own ID of the object. At a cloud with a single snapshot per source, empty means that
	// snapshot.
	ObjectID string
}

// Source is an instance, a volume or a VM that a cloud can snapshot.
type Source struct {
	ID       string
	Location string
	Name     string
	// State is the cloud's own word in lower case, such as "running".
	State string
	// Busy is true while an operation works on the source or locks it. It is for the sources of a Restorer.
	Busy bool
	// ErrorMessage is the cloud's own reason if the state is "error".
	ErrorMessage string
	// MaxSnapshots is how many snapshots the source can have. nil means that the cloud does not report it.
	MaxSnapshots *int
	// Room is how many more snapshots the cloud accepts for the source. nil means that the cloud does not report it.
	Room *int
}

// SnapshotSpec contains the parameters of a create.
type SnapshotSpec struct {
	SourceID    string
	Location    string
	Name        string
	Description string
	// ReplaceExisting allows the create to overwrite the single snapshot of the source.
	ReplaceExisting bool
	// Supersedes is the ID of the snapshot that the create may overwrite without ReplaceExisting, because the caller owns
	// it. Empty means none.
	Supersedes string
	// Unmanaged means that no resource will have the snapshot. The engine uses it: nothing in the run replaces the
	// snapshot or makes room for it.
	Unmanaged bool
}

// Ref returns the address of the snapshot without its ID.
func (s SnapshotSpec) Ref() Ref {
	return Ref{Location: s.Location, SourceID: s.SourceID}
}

// RestoreSpec contains the parameters of a restore.
type RestoreSpec struct {
	SourceID   string
	Location   string
	SnapshotID string
	// DeleteNewer allows the restore to delete the newer snapshots of the source.
	DeleteNewer bool
}

// Ref returns the address of the snapshot.
func (s RestoreSpec) Ref() Ref {
	return Ref{Location: s.Location, SourceID: s.SourceID, ObjectID: s.SnapshotID}
}

// SnapshotChange contains the fields to update. nil leaves a field unchanged.
type SnapshotChange struct {
	Name        *string
	Description *string
}

// SnapshotFilter narrows a listing. A zero value does not filter.
type SnapshotFilter struct {
	SourceID string
	Location string
	// NameContains is part of the name. The cloud filters by it where it can; otherwise the engine does.
	NameContains string
}

// ReadyWhen states when a wait for a snapshot ends.
type ReadyWhen struct {
	// Remote means that the wait also includes the move to remote storage.
	Remote bool
}

// StorageRemote is the StorageType of a snapshot that the cloud has moved from the source's node.
const StorageRemote = "remote"

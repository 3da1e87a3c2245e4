package driver

import (
	"regexp"
	"time"
)

// Descriptor describes a cloud as data, without a request. The provider schema, the environment variables, the rules,
// the documentation and the sandbox loop over the descriptors of all clouds.
type Descriptor struct {
	// Name is the value of `cloud`, the provider's block and the sandbox's mount: "contabo".
	Name string
	// Title is the cloud's name in texts: "Contabo".
	Title string
	// Fields are the settings of the provider's block, in the order of the documentation.
	Fields []Field
	// Limits are the limits that no interface can express.
	Limits Limits
	// Moves are the resource types of other providers that a `moved` block can begin with.
	Moves []Move
}

// Field is one setting of a cloud's provider block.
type Field struct {
	// Name is the attribute's name and the key in Settings.Values.
	Name string
	// Env are the environment variables of the setting. The first one that is set and not empty applies.
	Env []string
	// Default applies where neither configuration nor environment sets a value.
	Default string
	// Help is one or two sentences for the documentation.
	Help string
	// Required settings must have a value before the cloud is used.
	Required bool
	// Sensitive settings are credentials.
	Sensitive bool
	// Endpoint settings are URLs that must be https, or http on loopback.
	Endpoint bool
}

// Field returns the setting of that name.
func (d Descriptor) Field(name string) (Field, bool) {
	for _, f := range d.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Limits are a cloud's limits, which the checks at plan time, the schema and the documentation read.
type Limits struct {
	// Snapshot is the table of cloudsnap_snapshot.
	Snapshot Attributes
	// Image is the table of cloudsnap_custom_image, and empty for a cloud that does not support it.
	Image Attributes
	// ImageFilters is the table of the filters of cloudsnap_images.
	ImageFilters Attributes
	// Template is the table of cloudsnap_snapshot_template, and empty for a cloud that does not support it.
	Template Attributes
	// Volume is the table of cloudsnap_snapshot_volume, and empty for a cloud that does not support it.
	Volume Attributes
	// Restore is the table of cloudsnap_snapshot_restore, and empty for a cloud that does not support it.
	Restore Attributes
	// RestoreState is the state that a source must have for a restore; empty means any.
	RestoreState string
	// Location is the attribute `location` of all nouns. It is settable at a cloud that keeps objects in zones, and
	// computed at a cloud that reports a region.
	Location Attribute
	// LocationField is the provider setting with the default location; empty if there is none.
	LocationField string
	// SourceKind is what a snapshot is taken of: "instance".
	SourceKind string
	// UnreportedSlots clouds hold a number of snapshots per source that no request reports.
	UnreportedSlots bool
	// Scope is what one listing of snapshots covers.
	Scope Scope
	// SnapshotID, ImageID and VolumeID are the parts of an import ID after the cloud's name.
	SnapshotID, ImageID, VolumeID []IDPart
	// IDForms is what the parts of an import ID look like, as far as the vendor shows it. It refuses no complete ID: it
	// only decides what an ID without the cloud's name can mean. A part without a form can be any text that the tables
	// accept.
	IDForms map[IDPart]*regexp.Regexp
	// MinPoll is the shortest interval between two polls that the vendor tolerates, and ImageMinPoll that of an image.
	// 0 leaves the interval to the engine.
	MinPoll, ImageMinPoll time.Duration
	// ImageFile states, in full sentences, what the file of a custom image must be like.
	ImageFile string
	// ImageListing completes "The list contains …" in the documentation of cloudsnap_images.
	ImageListing string

	// rotation is the result of Rotation, nil until it is remembered.
	rotation Attributes
}

// ReplaceExisting is the attribute of a snapshot that permits a create to overwrite the single snapshot of a source.
const ReplaceExisting = "replace_existing"

// WaitForRemote is the attribute of a snapshot that extends the wait to the move to remote storage.
const WaitForRemote = "wait_for_remote"

// DeleteNewerSnapshots is the attribute of a restore that permits it to delete the newer snapshots of the source.
const DeleteNewerSnapshots = "delete_newer_snapshots"

// RestoreDeletesNewer reports whether a restore deletes all newer snapshots of the source.
func (l Limits) RestoreDeletesNewer() bool { return l.Restore[DeleteNewerSnapshots].Settable() }

// SingleSnapshot reports whether a source has a single snapshot, which a new one overwrites.
func (l Limits) SingleSnapshot() bool { return l.Snapshot[ReplaceExisting].Settable() }

// MovesToRemote reports whether the cloud moves a snapshot to other storage after it is ready.
func (l Limits) MovesToRemote() bool { return l.Snapshot[WaitForRemote].Settable() }

// Scope is what one listing of snapshots covers at a cloud.
type Scope int

const (
	// ScopeSource listings cover one instance or VM.
	ScopeSource Scope = iota
	// ScopeLocation listings cover a zone.
	ScopeLocation
	// ScopeAccount listings cover the whole account.
	ScopeAccount
)

// IDPart is one part of an import ID.
type IDPart int

const (
	// PartSource is the ID of the instance, volume or VM.
	PartSource IDPart = iota
	// PartLocation is the zone.
	PartLocation
	// PartSnapshot is the cloud's own ID of a snapshot.
	PartSnapshot
	// PartImage is the cloud's own ID of an image.
	PartImage
	// PartTemplate is the cloud's own ID of a template.
	PartTemplate
	// PartNamePrefix is the prefix of the names that a rotation gives.
	PartNamePrefix
	// PartVolume is the cloud's own ID of a volume that was created from a snapshot.
	PartVolume
)

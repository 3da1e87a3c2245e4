package koyeb

import (
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/koyeb/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// The prefixes of Koyeb's words.
const (
	statusPrefix = "SNAPSHOT_STATUS_"
	typePrefix   = "SNAPSHOT_TYPE_"

	volumeStatusPrefix = "PERSISTENT_VOLUME_STATUS_"
)

// stateFromStatus maps Koyeb's words, without the prefix and in lower case. Other words pass through.
var stateFromStatus = map[string]driver.State{
	"creating":  driver.StateCreating,
	"available": driver.StateReady,
	"migrating": driver.StateMigrating,
	"deleting":  driver.StateDeleting,
	"deleted":   stateDeleted,
	// The zero value, because Koyeb has no word for a failed snapshot.
	"invalid": driver.StateError,
}

// stateDeleted is a deleted snapshot or volume that Koyeb still returns. It never leaves this package.
const stateDeleted driver.State = "deleted"

// absent is the error of an absent snapshot without a 404.
func absent(message string) error {
	return &driver.Error{Kind: driver.KindNotFound, Message: message}
}

// snapshotToWire converts a spec. Not sent: Location is that of the volume, Koyeb's snapshots have no description, and
// no snapshot overwrites another.
func snapshotToWire(spec driver.SnapshotSpec) api.CreateSnapshotRequest {
	return api.CreateSnapshotRequest{ParentVolumeID: spec.SourceID, Name: spec.Name}
}

// changeToWire converts a change. Not sent: Koyeb's snapshots have no description.
func changeToWire(change driver.SnapshotChange) api.UpdateSnapshotRequest {
	return api.UpdateSnapshotRequest{Name: *change.Name}
}

// snapshotFromWire converts a snapshot in any state, also a deleted one. Not reported: description, expiry, image,
// consistency, restore time.
func snapshotFromWire(wire api.Snapshot) driver.Snapshot {
	return driver.Snapshot{
		ID:          wire.ID,
		SourceID:    wire.ParentVolumeID,
		Location:    wire.Region,
		Name:        wire.Name,
		State:       stateOf(wire.Status),
		CreatedAt:   httpx.ParseTime(wire.CreatedAt),
		SizeGiB:     sizeFromWire(wire.Size),
		StorageType: storageType(wire.Type),
	}
}

// presentFromWire is snapshotFromWire for a snapshot that must exist: deleted is KindNotFound.
func presentFromWire(wire api.Snapshot) (driver.Snapshot, error) {
	snap := snapshotFromWire(wire)
	if snap.State == stateDeleted {
		return driver.Snapshot{}, absent("the snapshot has been deleted")
	}
	return snap, nil
}

// snapshotsFromWire yields the pages of the existing snapshots that match.
func snapshotsFromWire(
	wires iter.Seq2[[]api.Snapshot, error], filter driver.SnapshotFilter,
) iter.Seq2[[]driver.Snapshot, error] {
	wires = distinct(wires, func(s api.Snapshot) string { return s.ID })
	return driver.Convert(wires, func(wire api.Snapshot) (driver.Snapshot, bool) {
		snap := snapshotFromWire(wire)
		return snap, !gone(snap) && matches(snap, filter)
	})
}

// distinct yields an object once that is on two pages, because another one was created or deleted between them.
func distinct[W any](wires iter.Seq2[[]W, error], id func(W) string) iter.Seq2[[]W, error] {
	return func(yield func([]W, error) bool) {
		seen := map[string]bool{}
		for page, err := range wires {
			page = slices.DeleteFunc(page, func(wire W) bool {
				known := seen[id(wire)]
				seen[id(wire)] = true
				return known
			})
			if !yield(page, err) {
				return
			}
		}
	}
}

func gone(s driver.Snapshot) bool { return s.State == stateDeleted || s.State == driver.StateDeleting }

func matches(s driver.Snapshot, filter driver.SnapshotFilter) bool {
	return (filter.SourceID == "" || s.SourceID == filter.SourceID) &&
		(filter.Location == "" || s.Location == filter.Location) &&
		strings.Contains(s.Name, filter.NameContains)
}

func stateOf(status string) driver.State {
	word := bare(status, statusPrefix)
	if state, ok := stateFromStatus[word]; ok {
		return state
	}
	return driver.State(word)
}

// storageType returns "local" or "remote", or "" for the zero value.
func storageType(kind string) string {
	if word := bare(kind, typePrefix); word != "invalid" {
		return word
	}
	return ""
}

// bare removes the prefix of one of Koyeb's words, whatever its case.
func bare(word, prefix string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ToUpper(word), prefix))
}

// sizeFromWire omits a size of 0, which no volume has.
func sizeFromWire(size *api.Int64) *int64 {
	if size == nil || *size == 0 {
		return nil
	}
	v := int64(*size)
	return &v
}

// kindOf returns the kind of an error. For a state that forbids the request, Koyeb sends 400 with its own code. No
// document has another code for an exhausted quota, so that is KindConflict too.
func kindOf(err error) driver.Kind {
	var failed *httpx.Error
	if !errors.As(err, &failed) {
		return driver.KindUnknown
	}
	precondition := failed.Code == api.CodeFailedPrecondition || failed.Code == api.CodeGRPCFailedPrecondition
	if failed.Status == http.StatusBadRequest && precondition {
		return driver.KindConflict
	}
	return driver.KindForStatus(failed.Status)
}

// volumeToWire converts a spec. Koyeb takes the size from the snapshot and refuses another one, so none is sent.
func volumeToWire(spec driver.VolumeSpec) api.CreatePersistentVolumeRequest {
	return api.CreatePersistentVolumeRequest{
		VolumeType: api.VolumeLocalBlock, Name: spec.Name, Region: spec.Location, SnapshotID: spec.SnapshotID,
	}
}

// volumeChangeToWire converts a change.
func volumeChangeToWire(change driver.VolumeChange) api.UpdatePersistentVolumeRequest {
	return api.UpdatePersistentVolumeRequest{Name: *change.Name}
}

// volumeFromWire converts a volume in any state, also a deleted one.
func volumeFromWire(wire api.PersistentVolume) driver.Volume {
	return driver.Volume{
		ID:         wire.ID,
		Location:   wire.Region,
		Name:       wire.Name,
		SnapshotID: wire.SnapshotID,
		State:      driver.State(bare(wire.Status, volumeStatusPrefix)),
		CreatedAt:  httpx.ParseTime(wire.CreatedAt),
		SizeGiB:    sizeFromWire(wire.MaxSize),
	}
}

// presentVolumeFromWire is volumeFromWire for a volume that must exist: deleted is KindNotFound.
func presentVolumeFromWire(wire api.PersistentVolume) (driver.Volume, error) {
	volume := volumeFromWire(wire)
	if volume.State == stateDeleted {
		return driver.Volume{}, absent("the volume has been deleted")
	}
	return volume, nil
}

// volumesFromWire yields the pages of the existing volumes.
func volumesFromWire(wires iter.Seq2[[]api.PersistentVolume, error]) iter.Seq2[[]driver.Volume, error] {
	wires = distinct(wires, func(v api.PersistentVolume) string { return v.ID })
	return driver.Convert(wires, func(wire api.PersistentVolume) (driver.Volume, bool) {
		volume := volumeFromWire(wire)
		return volume, volume.State != stateDeleted && volume.State != driver.StateDeleting
	})
}

// sourceFromWire converts a volume. Not reported: how many snapshots it can have.
func sourceFromWire(w api.PersistentVolume) driver.Source {
	return driver.Source{ID: w.ID, Location: w.Region, Name: w.Name, State: bare(w.Status, volumeStatusPrefix)}
}

// isDeleted reports whether a volume is deleted or being deleted. Koyeb still returns it for some time.
func isDeleted(s driver.Source) bool { return s.State == "deleted" || s.State == "deleting" }

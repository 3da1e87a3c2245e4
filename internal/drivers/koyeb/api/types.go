package api

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Snapshot is a copy of a volume ("Koyeb API: Snapshot"). Times are RFC 3339, or empty. Status and Type are the
// vendor's words; the document may lack some.
type Snapshot struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	Size           *Int64 `json:"size"` // Size is the volume's, in GB.
	CreatedAt      string `json:"created_at"`
	UpdatedAt      string `json:"updated_at"`
	DeletedAt      string `json:"deleted_at"`
	OrganizationID string `json:"organization_id"`
	ParentVolumeID string `json:"parent_volume_id"`
	Region         string `json:"region"`
	Status         string `json:"status"`
	Type           string `json:"type"`
}

// CreateSnapshotRequest is the body of CreateSnapshot. The document requires no field.
type CreateSnapshotRequest struct {
	ParentVolumeID string `json:"parent_volume_id,omitempty"`
	Name           string `json:"name,omitempty"`
	ProjectID      string `json:"project_id,omitempty"`
}

// UpdateSnapshotRequest is the body of UpdateSnapshot.
type UpdateSnapshotRequest struct {
	Name string `json:"name,omitempty"`
}

// PersistentVolume is a disk ("Koyeb API: PersistentVolume").
type PersistentVolume struct {
	ID             string `json:"id"`
	Name           string `json:"name"`
	SnapshotID     string `json:"snapshot_id"` // SnapshotID is what the volume was made from.
	CreatedAt      string `json:"created_at"`
	UpdatedAt      string `json:"updated_at"`
	DeletedAt      string `json:"deleted_at"`
	OrganizationID string `json:"organization_id"`
	ServiceID      string `json:"service_id"` // ServiceID is what the volume is attached to.
	Region         string `json:"region"`
	ReadOnly       bool   `json:"read_only"`
	MaxSize        *Int64 `json:"max_size"` // MaxSize and CurSize are in GB.
	CurSize        *Int64 `json:"cur_size"`
	Status         string `json:"status"`
	BackingStore   string `json:"backing_store"`
}

// VolumeLocalBlock is the only type of a volume at Koyeb.
const VolumeLocalBlock = "PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK"

// CreatePersistentVolumeRequest is the body of CreatePersistentVolume. With a SnapshotID the volume is created from a
// snapshot: then MaxSize is empty, and Region is the region of the snapshot.
type CreatePersistentVolumeRequest struct {
	VolumeType string `json:"volume_type,omitempty"`
	Name       string `json:"name,omitempty"`
	Region     string `json:"region,omitempty"`
	ReadOnly   bool   `json:"read_only,omitempty"`
	MaxSize    int64  `json:"max_size,omitempty"`
	SnapshotID string `json:"snapshot_id,omitempty"`
	ProjectID  string `json:"project_id,omitempty"`
}

// UpdatePersistentVolumeRequest is the body of UpdatePersistentVolume. The document has max_size too, which grows the
// volume.
type UpdatePersistentVolumeRequest struct {
	Name string `json:"name,omitempty"`
}

// Int64 is a number that Koyeb sends as a number in some answers and as a string in others.
type Int64 int64

// UnmarshalJSON accepts both forms, and 10.0 for 10.
func (n *Int64) UnmarshalJSON(text []byte) error {
	digits := bytes.Trim(text, `"`)
	if len(digits) == 0 || string(digits) == "null" {
		return nil
	}
	if v, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
		*n = Int64(v)
		return nil
	}
	v, err := strconv.ParseFloat(string(digits), 64)
	if err != nil || v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		return fmt.Errorf("%s is not a whole number", text)
	}
	*n = Int64(v)
	return nil
}

// snapshotReply is the answer of all operations on one snapshot.
type snapshotReply struct {
	Snapshot Snapshot `json:"snapshot"`
}

// hasSnapshot checks an answer with one snapshot: the one with the ID want, or any snapshot if want is empty.
func hasSnapshot(want string) func(snapshotReply) error {
	return func(r snapshotReply) error { return httpx.SameID("snapshot", r.Snapshot.ID, want) }
}

// volumeReply is the answer of all operations on one volume.
type volumeReply struct {
	Volume PersistentVolume `json:"volume"`
}

// hasVolume checks an answer with one volume: the one with the ID want, or any volume if want is empty.
func hasVolume(want string) func(volumeReply) error {
	return func(r volumeReply) error { return httpx.SameID("volume", r.Volume.ID, want) }
}

// position is the position of a page in its listing.
type position struct {
	Limit   *Int64 `json:"limit"`
	HasNext bool   `json:"has_next"`
}

// listSnapshotsReply is one page of snapshots.
type listSnapshotsReply struct {
	position
	Snapshots []Snapshot `json:"snapshots"`
}

// listVolumesReply is one page of volumes.
type listVolumesReply struct {
	position
	Volumes []PersistentVolume `json:"volumes"`
}

// isPage refuses a successful answer that is not a page of a listing. An empty page may lack its list, but not its
// position.
func isPage(empty bool, at position) error {
	if empty && at.Limit == nil {
		return errors.New("it has no list")
	}
	return nil
}

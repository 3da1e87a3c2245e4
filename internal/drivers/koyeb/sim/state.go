package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// Koyeb's words, from its document.
const (
	statusCreating  = "SNAPSHOT_STATUS_CREATING"
	statusAvailable = "SNAPSHOT_STATUS_AVAILABLE"
	statusMigrating = "SNAPSHOT_STATUS_MIGRATING"
	statusDeleting  = "SNAPSHOT_STATUS_DELETING"
	statusDeleted   = "SNAPSHOT_STATUS_DELETED"
	statusInvalid   = "SNAPSHOT_STATUS_INVALID"

	typeLocal  = "SNAPSHOT_TYPE_LOCAL"
	typeRemote = "SNAPSHOT_TYPE_REMOTE"

	volumePrefix   = "PERSISTENT_VOLUME_STATUS_"
	volumeAttached = volumePrefix + "ATTACHED"
	volumeDetached = volumePrefix + "DETACHED"
	volumeDeleting = volumePrefix + "DELETING"
	volumeDeleted  = volumePrefix + "DELETED"

	storeLocalBlock = "PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK"
)

// state is everything that the simulator keeps.
type state struct {
	// Serial counts the objects created so far. IDs contain it, so they are unique.
	Serial    int               `json:"serial"`
	Volumes   []*volume         `json:"volumes"`
	Snapshots []*snapshot       `json:"snapshots"`
	Buckets   map[string]bucket `json:"buckets"`
}

// snapshot is a snapshot of a volume. The fields that the document does not have come last.
type snapshot struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Size           int64      `json:"size"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
	DeletedAt      *time.Time `json:"deleted_at"`
	OrganizationID string     `json:"organization_id"`
	ParentVolumeID string     `json:"parent_volume_id"`
	Region         string     `json:"region"`
	Status         string     `json:"status"`
	Type           string     `json:"type"`

	ProjectID string `json:"project_id"`
	// Seen reports whether a GET has shown the snapshot since it was created or deleted.
	Seen bool `json:"seen"`
	// DeleteBegan is the time of the DELETE, or nil.
	DeleteBegan *time.Time `json:"delete_began"`
}

// volume is a disk.
type volume struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	SnapshotID     string     `json:"snapshot_id"`
	CreatedAt      time.Time  `json:"created_at"`
	UpdatedAt      time.Time  `json:"updated_at"`
	OrganizationID string     `json:"organization_id"`
	ServiceID      string     `json:"service_id"`
	Region         string     `json:"region"`
	ReadOnly       bool       `json:"read_only"`
	MaxSize        int64      `json:"max_size"`
	CurSize        int64      `json:"cur_size"`
	Status         string     `json:"status"`
	BackingStore   string     `json:"backing_store"`
	DeletedAt      *time.Time `json:"deleted_at"`

	ProjectID string `json:"project_id"`
	// Seen reports whether a GET has shown the volume since it was deleted.
	Seen bool `json:"seen"`
	// DeleteBegan is the time of the DELETE, or nil.
	DeleteBegan *time.Time `json:"delete_began"`
}

// newID returns an unused ID.
func (s *Simulator) newID(kind string) string {
	s.State.Serial++
	return simkit.UUID("koyeb", kind, s.State.Serial)
}

// snapshot returns the snapshot with an ID, or nil.
func (s *Simulator) snapshot(id string) *snapshot {
	return simkit.Find(s.State.Snapshots, func(snap *snapshot) bool { return snap.ID == id })
}

// volume returns the volume with an ID, or nil.
func (s *Simulator) volume(id string) *volume {
	return simkit.Find(s.State.Volumes, func(v *volume) bool { return v.ID == id })
}

// dueAfter reports whether a number of latencies has passed since start.
func (s *Simulator) dueAfter(start time.Time, latencies int) bool {
	return s.Due(start.Add(time.Duration(latencies-1) * s.Latency))
}

// finishDue ends all work that is due.
func (s *Simulator) finishDue() {
	for _, snap := range s.State.Snapshots {
		s.finishDueSnapshot(snap)
	}
	s.State.Snapshots = slices.DeleteFunc(s.State.Snapshots, s.isGone)
	for _, v := range s.State.Volumes {
		if v.Status == volumeDeleting && s.dueAfter(*v.DeleteBegan, 1) {
			now := s.Now()
			v.Status, v.DeletedAt, v.UpdatedAt = volumeDeleted, &now, now
		}
	}
	s.State.Volumes = slices.DeleteFunc(s.State.Volumes, func(v *volume) bool {
		return v.Status == volumeDeleted && s.isForgotten(v.Name, *v.DeleteBegan)
	})
}

func (s *Simulator) finishDueSnapshot(snap *snapshot) {
	if snap.DeleteBegan != nil {
		if snap.Status == statusDeleting && s.dueAfter(*snap.DeleteBegan, 1) {
			now := s.Now()
			snap.Status, snap.DeletedAt, snap.UpdatedAt = statusDeleted, &now, now
		}
		return
	}
	if snap.Status == statusCreating && s.dueAfter(snap.CreatedAt, 1) {
		s.advance(snap)
	}
	if s.Latency == 0 {
		return // Each GET moves the snapshot towards remote storage instead: see advanceOnGet.
	}
	if snap.Status == statusAvailable && snap.Type == typeLocal && s.dueAfter(snap.CreatedAt, 2) {
		s.advance(snap)
	}
	if snap.Status == statusMigrating && s.dueAfter(snap.CreatedAt, 3) {
		s.advance(snap)
	}
}

// advance moves a snapshot one step on its way to remote storage.
func (s *Simulator) advance(snap *snapshot) {
	switch {
	case snap.Status == statusCreating:
		snap.Status = statusAvailable
	case snap.Status == statusAvailable && snap.Type == typeLocal:
		snap.Status = statusMigrating
	case snap.Status == statusMigrating:
		snap.Status, snap.Type = statusAvailable, typeRemote
	default:
		return
	}
	snap.UpdatedAt = s.Now()
}

// advanceOnGet moves a snapshot one step before a GET shows it, with latency 0 only. It reports whether the snapshot
// still exists.
func (s *Simulator) advanceOnGet(snap *snapshot) bool {
	if s.Latency != 0 {
		return true
	}
	first := !snap.Seen
	snap.Seen = true
	switch {
	case first:
		return true
	case snap.Status == statusDeleted:
		s.State.Snapshots = slices.DeleteFunc(s.State.Snapshots, func(other *snapshot) bool { return other == snap })
		return false
	case snap.DeleteBegan == nil:
		s.advance(snap)
	}
	return true
}

// isGone reports whether a deleted snapshot is no longer shown.
func (s *Simulator) isGone(snap *snapshot) bool {
	return snap.Status == statusDeleted && s.isForgotten(snap.Name, *snap.DeleteBegan)
}

// isForgotten reports whether an object that is DELETED is no longer shown.
func (s *Simulator) isForgotten(name string, deleteBegan time.Time) bool {
	return strings.Contains(name, "vanish") || (s.Latency != 0 && s.dueAfter(deleteBegan, 2))
}

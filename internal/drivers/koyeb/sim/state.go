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

	storeLocalBlock = "PERSISTENT_VOLUME_BACKING_STORE_LOCAL_BLK"
)

// state is everything that the simulator remembers.
type state struct {
	// Serial counts what was made, so that IDs are new.
	Serial    int               `json:"serial"`
	Volumes   []*volume         `json:"volumes"`
	Snapshots []*snapshot       `json:"snapshots"`
	Buckets   map[string]bucket `json:"buckets"`
}

// snapshot is a snapshot of a volume. Fields that the document does not have stand last.
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
	// Seen is whether a GET has shown it since it was made or deleted.
	Seen bool `json:"seen"`
	// DeleteBegan is the time of the DELETE.
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
	ProjectID      string     `json:"project_id"`
	DeleteBegan    *time.Time `json:"delete_began"`
}

// newID makes an ID that was not there before.
func (s *Sim) newID(kind string) string {
	s.state.Serial++
	return simkit.UUID("koyeb", kind, s.state.Serial)
}

func (s *Sim) snapshot(id string) *snapshot {
	for _, snap := range s.state.Snapshots {
		if snap.ID == id {
			return snap
		}
	}
	return nil
}

func (s *Sim) volume(id string) *volume {
	for _, v := range s.state.Volumes {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// dueAfter reports whether so many paces have passed since start.
func (s *Sim) dueAfter(start time.Time, paces int) bool {
	return s.world.Due(start.Add(time.Duration(paces-1) * s.world.Latency))
}

// settle does all work that is due.
func (s *Sim) settle() {
	for _, snap := range s.state.Snapshots {
		s.settleSnapshot(snap)
	}
	s.state.Snapshots = slices.DeleteFunc(s.state.Snapshots, s.forgotten)
	s.state.Volumes = slices.DeleteFunc(s.state.Volumes, func(v *volume) bool {
		return v.DeleteBegan != nil && s.dueAfter(*v.DeleteBegan, 1)
	})
}

func (s *Sim) settleSnapshot(snap *snapshot) {
	if snap.DeleteBegan != nil {
		if snap.Status == statusDeleting && s.dueAfter(*snap.DeleteBegan, 1) {
			now := s.world.Now()
			snap.Status, snap.DeletedAt, snap.UpdatedAt = statusDeleted, &now, now
		}
		return
	}
	if snap.Status == statusCreating && s.dueAfter(snap.CreatedAt, 1) {
		s.advance(snap)
	}
	if s.world.Latency == 0 {
		return // The moves to remote storage are steps of GETs then: see look.
	}
	if snap.Status == statusAvailable && snap.Type == typeLocal && s.dueAfter(snap.CreatedAt, 2) {
		s.advance(snap)
	}
	if snap.Status == statusMigrating && s.dueAfter(snap.CreatedAt, 3) {
		s.advance(snap)
	}
}

// advance moves a snapshot one step on its way to remote storage.
func (s *Sim) advance(snap *snapshot) {
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
	snap.UpdatedAt = s.world.Now()
}

// look is what a GET does to a snapshot at pace 0, before it is shown. It reports whether there is still something to show.
func (s *Sim) look(snap *snapshot) bool {
	if s.world.Latency != 0 {
		return true
	}
	first := !snap.Seen
	snap.Seen = true
	switch {
	case first:
		return true
	case snap.Status == statusDeleted:
		s.state.Snapshots = slices.DeleteFunc(s.state.Snapshots, func(other *snapshot) bool { return other == snap })
		return false
	case snap.DeleteBegan == nil:
		s.advance(snap)
	}
	return true
}

// forgotten reports whether a deleted snapshot is no longer shown.
func (s *Sim) forgotten(snap *snapshot) bool {
	if snap.Status != statusDeleted {
		return false
	}
	return strings.Contains(snap.Name, "vanish") || (s.world.Latency != 0 && s.dueAfter(*snap.DeleteBegan, 2))
}

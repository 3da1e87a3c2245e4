package sim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

var nameCharset = regexp.MustCompile(`^[A-Za-z0-9 -]*$`)

// snapshotName returns the ID of the snapshot with a number.
func snapshotName(number int64) string { return fmt.Sprintf("snap%d", number) }

func snapshotPath(snap snapshot) string {
	return instancePath(snap.InstanceID) + "/snapshots/" + snap.ID
}

// expireSnapshots deletes the snapshots that are 30 days old.
func (s *Simulator) expireSnapshots() {
	now := s.Now()
	s.State.Snapshots = slices.DeleteFunc(s.State.Snapshots, func(snap snapshot) bool {
		return !now.Before(snap.AutoDelete)
	})
}

// listSnapshots is retrieveSnapshotList.
func (s *Simulator) listSnapshots(w http.ResponseWriter, r *http.Request, instance int64) {
	query := r.URL.Query()
	p, broken := readPage(query, "name")
	if broken == nil && s.findInstance(instance) == nil {
		broken = noInstance(instance)
	}
	var found []record
	for _, snap := range s.State.Snapshots {
		if snap.InstanceID == instance && strings.Contains(snap.Name, query.Get("name")) {
			found = append(found, snapshotRecord(snap))
		}
	}
	if broken == nil {
		broken = p.sort(found, snapshotRecord(snapshot{}))
	}
	if broken != nil {
		broken.answer(w)
		return
	}
	s.list(w, r, found, p)
}

// getSnapshot is retrieveSnapshot.
func (s *Simulator) getSnapshot(w http.ResponseWriter, _ *http.Request, index int) {
	snap := s.State.Snapshots[index]
	s.one(w, http.StatusOK, snapshotPath(snap), snapshotRecord(snap))
}

// createSnapshot is createSnapshot: the snapshot exists at once.
func (s *Simulator) createSnapshot(w http.ResponseWriter, r *http.Request, id int64) {
	change, broken := readSnapshot(r, true)
	of := s.findInstance(id)
	if broken == nil && of == nil {
		broken = noInstance(id)
	}
	if broken == nil {
		broken = of.lock()
	}
	if broken == nil && s.taken(id) >= of.Slots {
		broken = fail(
			http.StatusPaymentRequired,
			"Total snapshots exceed the total max limit of %d snapshots",
			of.Slots,
		)
	}
	if broken != nil {
		broken.answer(w)
		return
	}
	now := s.Now().Truncate(time.Millisecond)
	// IDs stay unique for two snapshots in one second, and after the clock was put back.
	s.State.LastSnapshot = max(now.Unix(), s.State.LastSnapshot+1)
	snap := snapshot{
		ID:         snapshotName(s.State.LastSnapshot),
		InstanceID: id,
		Created:    now,
		AutoDelete: now.Add(retention),
		ImageID:    of.ImageID,
	}
	if from := s.findImage(of.ImageID); from != nil {
		snap.ImageName = from.Name
	}
	change.apply(&snap)
	s.State.Snapshots = append(s.State.Snapshots, snap)
	s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "CREATED")
	s.one(w, http.StatusCreated, snapshotPath(snap), snapshotRecord(snap))
}

// updateSnapshot is updateSnapshot.
func (s *Simulator) updateSnapshot(w http.ResponseWriter, r *http.Request, index int) {
	change, broken := readSnapshot(r, false)
	if broken != nil {
		broken.answer(w)
		return
	}
	snap := &s.State.Snapshots[index]
	change.apply(snap)
	s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "UPDATED")
	s.one(w, http.StatusOK, snapshotPath(*snap), snapshotRecord(*snap))
}

// deleteSnapshot is deleteSnapshot.
func (s *Simulator) deleteSnapshot(w http.ResponseWriter, r *http.Request, index int) {
	snap := s.State.Snapshots[index]
	if locked := s.findInstance(snap.InstanceID).lock(); locked != nil {
		locked.answer(w)
		return
	}
	s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "DELETED")
	s.State.Snapshots = slices.Delete(s.State.Snapshots, index, index+1)
	w.WriteHeader(http.StatusNoContent)
}

// rollbackSnapshot is rollbackSnapshot: the newer snapshots of the instance are deleted at once, and the instance is
// locked until the latency has passed. The answer has no data.
func (s *Simulator) rollbackSnapshot(w http.ResponseWriter, r *http.Request, index int) {
	to := s.State.Snapshots[index]
	of := s.findInstance(to.InstanceID)
	refused := decode(r, &struct{}{})
	if refused == nil {
		refused = of.lock()
	}
	if refused != nil {
		refused.answer(w)
		return
	}
	of.Rollback = &rollback{Started: s.Now(), Status: of.Status, Fails: strings.HasPrefix(to.Name, "broken")}
	if of.Status == failed {
		of.Rollback.Status = running
	}
	of.Status = installing
	kept := make([]snapshot, 0, len(s.State.Snapshots))
	for i, snap := range s.State.Snapshots {
		// Snapshots are in the order of their creation.
		if snap.InstanceID == to.InstanceID && i > index {
			s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "DELETED")
			continue
		}
		kept = append(kept, snap)
	}
	s.State.Snapshots = kept
	simkit.JSON(w, http.StatusOK, map[string]any{"_links": links{Self: s.Mount + snapshotPath(to)}})
}

// taken returns how many slots of an instance are in use.
func (s *Simulator) taken(instance int64) int {
	n := 0
	for _, snap := range s.State.Snapshots {
		if snap.InstanceID == instance {
			n++
		}
	}
	return n
}

// snapshotChange is the body of a create or an update.
type snapshotChange struct {
	Name        *string `json:"name"`
	Description *string `json:"description"`
}

func (c snapshotChange) apply(snap *snapshot) {
	snap.Name = simkit.ValueOr(c.Name, snap.Name)
	snap.Description = simkit.ValueOr(c.Description, snap.Description)
}

// readSnapshot checks a body against CreateSnapshotRequest or UpdateSnapshotRequest.
func readSnapshot(r *http.Request, create bool) (snapshotChange, *failure) {
	var c snapshotChange
	if broken := decode(r, &c); broken != nil {
		return c, broken
	}
	var broken []string
	rule := func(ok bool, text string) {
		if !ok {
			broken = append(broken, text)
		}
	}
	rule(c.Name != nil || !create, "name should not be null or undefined")
	if c.Name != nil {
		n := utf8.RuneCountInString(*c.Name)
		rule(n >= 1, "name must be longer than or equal to 1 characters")
		rule(n <= 30, "name must be shorter than or equal to 30 characters")
		rule(nameCharset.MatchString(*c.Name), "name may contain only letters, numbers, spaces and dashes")
	}
	if c.Description != nil {
		n := utf8.RuneCountInString(*c.Description)
		rule(n >= 1, "description must be longer than or equal to 1 characters")
		rule(n <= 255, "description must be shorter than or equal to 255 characters")
	}
	if broken != nil {
		return c, invalid(broken)
	}
	return c, nil
}

// snapshotRecord returns all members of SnapshotResponse.
func snapshotRecord(snap snapshot) record {
	return record{
		"tenantId":       tenantID,
		"customerId":     customerID,
		"snapshotId":     snap.ID,
		"name":           snap.Name,
		"description":    snap.Description,
		"instanceId":     snap.InstanceID,
		"createdDate":    stamp(snap.Created),
		"autoDeleteDate": stamp(snap.AutoDelete),
		"imageId":        snap.ImageID,
		"imageName":      snap.ImageName,
	}
}

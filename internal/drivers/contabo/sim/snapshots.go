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

// snapshotName is the form of a snapshot's ID.
func snapshotName(number int64) string { return fmt.Sprintf("snap%d", number) }

func snapshotPath(snap snapshot) string {
	return instancePath(snap.InstanceID) + "/snapshots/" + snap.ID
}

// expireSnapshots deletes what has lived its 30 days.
func (s *Simulator) expireSnapshots() {
	now := s.world.Now()
	s.state.Snapshots = slices.DeleteFunc(s.state.Snapshots, func(snap snapshot) bool { return !now.Before(snap.AutoDelete) })
}

// onSnapshot finds the snapshot of an instance and hands its place on.
func (s *Simulator) onSnapshot(w http.ResponseWriter, r *http.Request, instance int64, id string, handle func(w http.ResponseWriter, r *http.Request, at int)) {
	if s.findInstance(instance) == nil {
		noInstance(instance).answer(w)
		return
	}
	at := slices.IndexFunc(s.state.Snapshots, func(snap snapshot) bool { return snap.InstanceID == instance && snap.ID == id })
	if at < 0 {
		notFound("Snapshots", "snapshotId", id).answer(w)
		return
	}
	handle(w, r, at)
}

// listSnapshots is retrieveSnapshotList.
func (s *Simulator) listSnapshots(w http.ResponseWriter, r *http.Request, instance int64) {
	query := r.URL.Query()
	p, broken := readPage(query, "name")
	if broken == nil && s.findInstance(instance) == nil {
		broken = noInstance(instance)
	}
	var found []record
	for _, snap := range s.state.Snapshots {
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
func (s *Simulator) getSnapshot(w http.ResponseWriter, _ *http.Request, at int) {
	snap := s.state.Snapshots[at]
	s.one(w, http.StatusOK, snapshotPath(snap), snapshotRecord(snap))
}

// createSnapshot is createSnapshot: the snapshot is there at once.
func (s *Simulator) createSnapshot(w http.ResponseWriter, r *http.Request, id int64) {
	change, broken := readSnapshot(r, true)
	of := s.findInstance(id)
	if broken == nil && of == nil {
		broken = noInstance(id)
	}
	if broken == nil && s.taken(id) >= of.Slots {
		broken = fail(http.StatusPaymentRequired, "Total snapshots exceed the total max limit of %d snapshots", of.Slots)
	}
	if broken != nil {
		broken.answer(w)
		return
	}
	now := s.world.Now().Truncate(time.Millisecond)
	// Two in one second must not have the same ID, nor one that another had before the clock was put back.
	s.state.LastSnapshot = max(now.Unix(), s.state.LastSnapshot+1)
	snap := snapshot{
		ID:         snapshotName(s.state.LastSnapshot),
		InstanceID: id,
		Created:    now,
		AutoDelete: now.Add(retention),
		ImageID:    of.ImageID,
	}
	if from := s.findImage(of.ImageID); from != nil {
		snap.ImageName = from.Name
	}
	change.apply(&snap)
	s.state.Snapshots = append(s.state.Snapshots, snap)
	s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "CREATED")
	s.one(w, http.StatusCreated, snapshotPath(snap), snapshotRecord(snap))
}

// updateSnapshot is updateSnapshot.
func (s *Simulator) updateSnapshot(w http.ResponseWriter, r *http.Request, at int) {
	change, broken := readSnapshot(r, false)
	if broken != nil {
		broken.answer(w)
		return
	}
	snap := &s.state.Snapshots[at]
	change.apply(snap)
	s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "UPDATED")
	s.one(w, http.StatusOK, snapshotPath(*snap), snapshotRecord(*snap))
}

// deleteSnapshot is deleteSnapshot.
func (s *Simulator) deleteSnapshot(w http.ResponseWriter, r *http.Request, at int) {
	snap := s.state.Snapshots[at]
	s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "DELETED")
	s.state.Snapshots = slices.Delete(s.state.Snapshots, at, at+1)
	w.WriteHeader(http.StatusNoContent)
}

// rollbackSnapshot is rollbackSnapshot: the newer snapshots of the instance are deleted. The answer has no data.
func (s *Simulator) rollbackSnapshot(w http.ResponseWriter, r *http.Request, at int) {
	if broken := decode(r, &struct{}{}); broken != nil {
		broken.answer(w)
		return
	}
	to := s.state.Snapshots[at]
	kept := make([]snapshot, 0, len(s.state.Snapshots))
	for i, snap := range s.state.Snapshots {
		// Snapshots stand in the order in which they were taken.
		if snap.InstanceID == to.InstanceID && i > at {
			s.note(r, snapshotAudit, snap.ID, snap.InstanceID, "DELETED")
			continue
		}
		kept = append(kept, snap)
	}
	s.state.Snapshots = kept
	simkit.JSON(w, http.StatusOK, map[string]any{"_links": links{Self: s.world.Mount + snapshotPath(to)}})
}

// taken counts the slots of an instance that are in use.
func (s *Simulator) taken(instance int64) int {
	n := 0
	for _, snap := range s.state.Snapshots {
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
	if c.Name != nil {
		snap.Name = *c.Name
	}
	if c.Description != nil {
		snap.Description = *c.Description
	}
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

// snapshotRecord has all members of SnapshotResponse.
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

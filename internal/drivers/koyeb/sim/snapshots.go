package sim

import (
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// QuotaGB is how many GB the snapshots of the organization may take up together.
const QuotaGB = 10_000

// usedGB is how many GB the existing snapshots take up.
func (s *Simulator) usedGB() (used int64) {
	for _, snap := range s.State.Snapshots {
		if snap.Status != statusDeleted {
			used += snap.Size
		}
	}
	return used
}

// The lengths of a snapshot's name, as in the dashboard's form.
const (
	shortestName = 2
	longestName  = 63
)

func badName(name string) []errorField {
	if n := utf8.RuneCountInString(name); n < shortestName || n > longestName {
		return []errorField{{Field: "name", Description: "must have 2 to 63 characters"}}
	}
	return nil
}

func showSnapshot(snap *snapshot) map[string]any {
	return map[string]any{
		"id":               snap.ID,
		"name":             snap.Name,
		"size":             snap.Size,
		"created_at":       stamp(snap.CreatedAt),
		"updated_at":       stamp(snap.UpdatedAt),
		"deleted_at":       stampOrNull(snap.DeletedAt),
		"organization_id":  snap.OrganizationID,
		"parent_volume_id": snap.ParentVolumeID,
		"region":           snap.Region,
		"status":           snap.Status,
		"type":             snap.Type,
	}
}

func answerSnapshot(w http.ResponseWriter, snap *snapshot) {
	simkit.JSON(w, http.StatusOK, map[string]any{"snapshot": showSnapshot(snap)})
}

// createSnapshot is the operation CreateSnapshot. It accepts attached and detached volumes.
func (s *Simulator) createSnapshot(w http.ResponseWriter, r *http.Request) {
	var body struct {
		ParentVolumeID *string `json:"parent_volume_id"`
		Name           *string `json:"name"`
		ProjectID      *string `json:"project_id"`
	}
	if !decode(w, r, &body) {
		return
	}
	var problems []errorField
	if !simkit.IsUUID(text(body.ParentVolumeID)) {
		problems = append(problems, errorField{Field: "parent_volume_id", Description: "must be a UUID"})
	}
	name := text(body.Name)
	if name != "" {
		problems = append(problems, badName(name)...)
	}
	parent := s.volume(text(body.ParentVolumeID))
	switch {
	case len(problems) > 0:
		invalid(w, problems...)
		return
	case parent == nil || parent.Status == volumeDeleted:
		notFound(w, "Volume")
		return
	case parent.Status == volumeDeleting:
		precondition(w, "The volume is being deleted")
		return
	case s.usedGB()+parent.MaxSize > QuotaGB:
		precondition(w, fmt.Sprintf("The snapshots of the organization would exceed their quota of %d GB", QuotaGB))
		return
	}

	now := s.Now()
	snap := &snapshot{
		ID: s.newID("snapshot"), Name: name, Size: parent.MaxSize, CreatedAt: now, UpdatedAt: now,
		OrganizationID: organizationID, ParentVolumeID: parent.ID, Region: parent.Region,
		Status: statusCreating, Type: typeLocal, ProjectID: text(body.ProjectID),
	}
	s.State.Snapshots = append(s.State.Snapshots, snap)
	answerSnapshot(w, snap)
}

// getSnapshot is the operation GetSnapshot.
func (s *Simulator) getSnapshot(w http.ResponseWriter, r *http.Request) {
	snap := s.snapshot(r.PathValue("id"))
	if snap == nil || !s.advanceOnGet(snap) {
		notFound(w, "Snapshot")
		return
	}
	answerSnapshot(w, snap)
}

// listSnapshots is the operation ListSnapshots, newest first. It lists DELETED snapshots unless statuses exclude them.
func (s *Simulator) listSnapshots(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	statuses := query["statuses"]
	known := []string{statusInvalid, statusCreating, statusAvailable, statusMigrating, statusDeleting, statusDeleted}
	for _, status := range statuses {
		if !slices.Contains(known, status) {
			invalid(w, errorField{Field: "statuses", Description: "has an unknown value"})
			return
		}
	}
	var all []*snapshot
	for _, snap := range slices.Backward(s.State.Snapshots) {
		if matches(query.Get("region"), snap.Region) && matches(query.Get("organization_id"), snap.OrganizationID) &&
			(len(statuses) == 0 || slices.Contains(statuses, snap.Status)) {
			all = append(all, snap)
		}
	}
	page(w, query, s.PageSize(largestPage), "snapshots", all, showSnapshot)
}

// updateSnapshot is the operation UpdateSnapshot: a POST that renames the snapshot.
func (s *Simulator) updateSnapshot(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name *string `json:"name"`
	}
	if !decode(w, r, &body) {
		return
	}
	snap := s.snapshot(r.PathValue("id"))
	if snap == nil {
		notFound(w, "Snapshot")
		return
	}
	if body.Name != nil {
		if problems := badName(*body.Name); problems != nil {
			invalid(w, problems...)
			return
		}
	}
	if snap.DeleteBegan != nil {
		precondition(w, "The snapshot is being deleted")
		return
	}
	if body.Name != nil {
		snap.Name, snap.UpdatedAt = *body.Name, s.Now()
	}
	answerSnapshot(w, snap)
}

// deleteSnapshot is the operation DeleteSnapshot. It may be repeated while the snapshot is DELETING.
// A DELETED snapshot is not found.
func (s *Simulator) deleteSnapshot(w http.ResponseWriter, r *http.Request) {
	snap := s.snapshot(r.PathValue("id"))
	if snap == nil || snap.Status == statusDeleted {
		notFound(w, "Snapshot")
		return
	}
	if snap.DeleteBegan == nil {
		now := s.Now()
		snap.Status, snap.DeleteBegan, snap.UpdatedAt, snap.Seen = statusDeleting, &now, now, false
	}
	answerSnapshot(w, snap)
}

// matches reports whether a value passes a filter. An empty filter passes everything.
func matches(filter, value string) bool { return filter == "" || filter == value }

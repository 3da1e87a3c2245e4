package sim

import (
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// QuotaGB is how much the snapshots of the organization may take up together.
const QuotaGB = 10_000

// usedGB is what the snapshots that exist take up.
func (s *Sim) usedGB() (used int64) {
	for _, snap := range s.state.Snapshots {
		if snap.Status != statusDeleted {
			used += snap.Size
		}
	}
	return used
}

// The lengths of a snapshot's name, as the dashboard's form has them.
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

// createSnapshot is the operation CreateSnapshot. A volume may be snapshotted whether it is attached or not.
func (s *Sim) createSnapshot(w http.ResponseWriter, r *http.Request, _ string) {
	var body struct {
		ParentVolumeID *string `json:"parent_volume_id"`
		Name           *string `json:"name"`
		ProjectID      *string `json:"project_id"`
	}
	if !decode(w, r, &body) {
		return
	}
	var problems []errorField
	if !isUUID(text(body.ParentVolumeID)) {
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
	case parent == nil:
		notFound(w, "Volume")
		return
	case parent.Status == volumeDeleting:
		precondition(w, "The volume is being deleted")
		return
	case s.usedGB()+parent.MaxSize > QuotaGB:
		precondition(w, fmt.Sprintf("The snapshots of the organization would exceed their quota of %d GB", QuotaGB))
		return
	}

	now := s.world.Now()
	snap := &snapshot{
		ID: s.newID("snapshot"), Name: name, Size: parent.MaxSize, CreatedAt: now, UpdatedAt: now, OrganizationID: organizationID,
		ParentVolumeID: parent.ID, Region: parent.Region, Status: statusCreating, Type: typeLocal, ProjectID: text(body.ProjectID),
	}
	s.state.Snapshots = append(s.state.Snapshots, snap)
	answerSnapshot(w, snap)
}

// getSnapshot is the operation GetSnapshot.
func (s *Sim) getSnapshot(w http.ResponseWriter, _ *http.Request, id string) {
	snap := s.snapshot(id)
	if snap == nil || !s.look(snap) {
		notFound(w, "Snapshot")
		return
	}
	answerSnapshot(w, snap)
}

// listSnapshots is the operation ListSnapshots, newest first. What is DELETED is listed unless statuses leave it out.
func (s *Sim) listSnapshots(w http.ResponseWriter, r *http.Request, _ string) {
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
	for _, snap := range slices.Backward(s.state.Snapshots) {
		if fits(query.Get("region"), snap.Region) && fits(query.Get("organization_id"), snap.OrganizationID) &&
			(len(statuses) == 0 || slices.Contains(statuses, snap.Status)) {
			all = append(all, snap)
		}
	}
	page(w, query, "snapshots", all, showSnapshot)
}

// updateSnapshot is the operation UpdateSnapshot: a POST that renames.
func (s *Sim) updateSnapshot(w http.ResponseWriter, r *http.Request, id string) {
	var body struct {
		Name *string `json:"name"`
	}
	if !decode(w, r, &body) {
		return
	}
	snap := s.snapshot(id)
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
		snap.Name, snap.UpdatedAt = *body.Name, s.world.Now()
	}
	answerSnapshot(w, snap)
}

// deleteSnapshot is the operation DeleteSnapshot. One that is being deleted may be deleted again; one that is DELETED is not found.
func (s *Sim) deleteSnapshot(w http.ResponseWriter, _ *http.Request, id string) {
	snap := s.snapshot(id)
	if snap == nil || snap.Status == statusDeleted {
		notFound(w, "Snapshot")
		return
	}
	if snap.DeleteBegan == nil {
		now := s.world.Now()
		snap.Status, snap.DeleteBegan, snap.UpdatedAt, snap.Seen = statusDeleting, &now, now, false
	}
	answerSnapshot(w, snap)
}

// fits reports whether a value passes a filter, where an empty filter lets everything through.
func fits(filter, value string) bool { return filter == "" || filter == value }

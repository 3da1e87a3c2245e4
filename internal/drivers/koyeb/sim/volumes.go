package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// longestVolumeName is the limit of the vendor's Terraform provider.
const longestVolumeName = 64

// text returns the value of a field, and "" for one that is absent or null.
func text(field *string) string { return simkit.ValueOr(field, "") }

// int64Field is a number that the vendor's JSON also accepts as a string.
type int64Field int64

// UnmarshalJSON accepts both forms.
func (n *int64Field) UnmarshalJSON(raw []byte) error {
	raw = []byte(strings.Trim(string(raw), `"`))
	var v int64
	if err := json.Unmarshal(raw, &v); err != nil {
		return &json.UnmarshalTypeError{
			Value: "value other than a whole number", Type: reflect.TypeFor[int64](), Field: "max_size",
		}
	}
	*n = int64Field(v)
	return nil
}

func showVolume(v *volume) map[string]any {
	return map[string]any{
		"id":              v.ID,
		"name":            v.Name,
		"snapshot_id":     v.SnapshotID,
		"created_at":      stamp(v.CreatedAt),
		"updated_at":      stamp(v.UpdatedAt),
		"deleted_at":      stampOrNull(v.DeletedAt),
		"organization_id": v.OrganizationID,
		"service_id":      v.ServiceID,
		"region":          v.Region,
		"read_only":       v.ReadOnly,
		"max_size":        v.MaxSize,
		"cur_size":        v.CurSize,
		"status":          v.Status,
		"backing_store":   v.BackingStore,
	}
}

// portableVolumeStatus is the provider's word for the status of a volume.
func portableVolumeStatus(status string) string {
	return strings.ToLower(strings.TrimPrefix(status, volumePrefix))
}

// SourceStates returns the states of a volume that SetSourceState accepts.
func (s *Simulator) SourceStates() []string {
	return []string{portableVolumeStatus(volumeAttached), portableVolumeStatus(volumeDetached)}
}

// SetSourceState attaches a volume to a service of its own, or detaches it. A volume that is being deleted stays
// detached.
func (s *Simulator) SetSourceState(source simkit.Source, state string) error {
	v := s.volume(source.SourceID)
	if v.DeleteBegan != nil {
		return fmt.Errorf("the volume %s is being deleted", v.ID)
	}
	v.Status, v.ServiceID, v.UpdatedAt = volumePrefix+strings.ToUpper(state), "", s.Now()
	if v.Status == volumeAttached {
		v.ServiceID = simkit.UUID("koyeb", "service", v.ID)
	}
	return nil
}

func answerVolume(w http.ResponseWriter, v *volume) {
	simkit.JSON(w, http.StatusOK, map[string]any{"volume": showVolume(v)})
}

// listVolumes is the operation ListPersistentVolumes, newest first. It lists DELETED volumes too.
func (s *Simulator) listVolumes(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	var all []*volume
	for _, v := range slices.Backward(s.State.Volumes) {
		if matches(query.Get("service_id"), v.ServiceID) && matches(query.Get("region"), v.Region) &&
			matches(query.Get("name"), v.Name) && matches(query.Get("project_id"), v.ProjectID) {
			all = append(all, v)
		}
	}
	page(w, query, s.PageSize(largestPage), "volumes", all, showVolume)
}

// getVolume is the operation GetPersistentVolume. With latency 0 it shows a DELETED volume once.
func (s *Simulator) getVolume(w http.ResponseWriter, r *http.Request) {
	v := s.volume(r.PathValue("id"))
	if v == nil {
		notFound(w, "Volume")
		return
	}
	if s.Latency == 0 && v.Status == volumeDeleted {
		if v.Seen {
			s.State.Volumes = slices.DeleteFunc(s.State.Volumes, func(other *volume) bool { return other == v })
			notFound(w, "Volume")
			return
		}
		v.Seen = true
	}
	answerVolume(w, v)
}

// createVolumeBody is the document's CreatePersistentVolumeRequest.
type createVolumeBody struct {
	VolumeType *string     `json:"volume_type"`
	Name       *string     `json:"name"`
	Region     *string     `json:"region"`
	ReadOnly   *bool       `json:"read_only"`
	MaxSize    *int64Field `json:"max_size"`
	SnapshotID *string     `json:"snapshot_id"`
	ProjectID  *string     `json:"project_id"`
}

// createVolume is the operation CreatePersistentVolume: an empty volume, or a restored snapshot.
func (s *Simulator) createVolume(w http.ResponseWriter, r *http.Request) {
	var body createVolumeBody
	if !decode(w, r, &body) {
		return
	}
	from := s.snapshot(text(body.SnapshotID))
	problems := badVolume(body, from)
	switch {
	case text(body.SnapshotID) != "" && (from == nil || from.DeleteBegan != nil):
		notFound(w, "Snapshot")
		return
	case len(problems) > 0:
		invalid(w, problems...)
		return
	case from != nil && (from.Status != statusAvailable || from.Type != typeRemote):
		precondition(w, "The snapshot has not been moved to remote storage yet")
		return
	}

	now := s.Now()
	v := &volume{
		ID: s.newID("volume"), Name: text(body.Name), SnapshotID: text(body.SnapshotID), CreatedAt: now, UpdatedAt: now,
		OrganizationID: organizationID, Region: text(body.Region), ReadOnly: body.ReadOnly != nil && *body.ReadOnly,
		Status: volumeDetached, BackingStore: storeLocalBlock, ProjectID: text(body.ProjectID),
	}
	if from != nil {
		v.MaxSize, v.CurSize = from.Size, from.Size
	} else {
		v.MaxSize = int64(*body.MaxSize)
	}
	s.State.Volumes = append(s.State.Volumes, v)
	answerVolume(w, v)
}

// badVolume returns the fields that cannot be accepted; from is the snapshot to restore, or nil.
func badVolume(body createVolumeBody, from *snapshot) []errorField {
	var problems []errorField
	report := func(field, description string) {
		problems = append(problems, errorField{Field: field, Description: description})
	}
	if text(body.VolumeType) != storeLocalBlock {
		report("volume_type", "must be "+storeLocalBlock)
	}
	if badVolumeName(text(body.Name)) {
		report("name", "must have 2 to 64 characters")
	}
	if !slices.Contains(regions, text(body.Region)) {
		report("region", "is not a region with volumes")
	} else if from != nil && from.Region != text(body.Region) {
		report("region", "must be the region of the snapshot")
	}
	switch size := body.MaxSize; {
	case from != nil && size != nil && *size != 0:
		report("max_size", "must not be set with snapshot_id")
	case from == nil && (size == nil || *size < 1):
		report("max_size", "must be at least 1")
	}
	return problems
}

func badVolumeName(name string) bool {
	n := utf8.RuneCountInString(name)
	return n < shortestName || n > longestVolumeName
}

// updateVolume is the operation UpdatePersistentVolume: it renames and grows a volume.
func (s *Simulator) updateVolume(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name    *string     `json:"name"`
		MaxSize *int64Field `json:"max_size"`
	}
	if !decode(w, r, &body) {
		return
	}
	v := s.volume(r.PathValue("id"))
	switch {
	case v == nil:
		notFound(w, "Volume")
		return
	case v.DeleteBegan != nil:
		precondition(w, "The volume is being deleted")
		return
	case body.Name != nil && badVolumeName(*body.Name):
		invalid(w, errorField{Field: "name", Description: "must have 2 to 64 characters"})
		return
	case body.MaxSize != nil && int64(*body.MaxSize) < v.MaxSize:
		invalid(w, errorField{Field: "max_size", Description: "must not shrink"})
		return
	}
	if body.Name != nil {
		v.Name = *body.Name
	}
	if body.MaxSize != nil {
		v.MaxSize = int64(*body.MaxSize)
	}
	v.UpdatedAt = s.Now()
	answerVolume(w, v)
}

// deleteVolume is the operation DeletePersistentVolume. The snapshots of the volume stay. It may be repeated while the
// volume is DELETING. A DELETED volume is not found.
func (s *Simulator) deleteVolume(w http.ResponseWriter, r *http.Request) {
	v := s.volume(r.PathValue("id"))
	switch {
	case v == nil || v.Status == volumeDeleted:
		notFound(w, "Volume")
		return
	case v.Status == volumeAttached:
		precondition(w, "The volume is attached to a service")
		return
	}
	if v.DeleteBegan == nil {
		now := s.Now()
		v.Status, v.DeleteBegan, v.UpdatedAt = volumeDeleting, &now, now
	}
	answerVolume(w, v)
}

package driver

import "time"

// Operation is slow work that a cloud has accepted, and where to ask how far it is. The zero Job means that nothing is left to
// wait for. It is kept in Terraform's private state, so an interrupted wait can go on in another process.
type Operation struct {
	// ID is the cloud's operation or action; empty where only the object itself shows the progress.
	ID string `json:"id,omitempty"`
	// Location and SourceID are where the operation is asked for.
	Location string `json:"location,omitempty"`
	SourceID string `json:"source_id,omitempty"`
	// PollObject means that the object itself must be read until it has arrived or gone.
	PollObject bool `json:"watch,omitempty"`
	// Supersedes is the ID of the snapshot that the new one overwrites, and SupersedesCreatedAt its time of creation.
	// As long as the cloud still shows that one, the new one is not there.
	Supersedes          string    `json:"replaces,omitempty"`
	SupersedesCreatedAt time.Time `json:"replaces_created_at,omitzero"`
	// Fresh means that the cloud has accepted the operation a moment ago, so its first poll comes after a pause. It is not kept: a wait that goes on polls at once.
	Fresh bool `json:"-"`
	// Adopted means that the answer of the create was lost, and the object or the operation was found by a listing. It is for the caller of the
	// create only and not kept.
	Adopted bool `json:"-"`
}

// Done reports whether nothing is left to wait for.
func (j Operation) Done() bool { return j.ID == "" && !j.PollObject }

// FreshObject reports whether the first poll of the object is the first one since the cloud has accepted the operation.
func (j Operation) FreshObject() bool { return j.Fresh && j.ID == "" }

// SupersededOnly keeps of an operation only what it replaces.
func (j Operation) SupersededOnly() Operation {
	return Operation{Supersedes: j.Supersedes, SupersedesCreatedAt: j.SupersedesCreatedAt}
}

// TrackingKey is the name under which an operation belongs to a resource of this run: the numbers of operations and of objects may be the same.
func (j Operation) TrackingKey() string {
	if j.ID == "" {
		return ""
	}
	return "job " + j.ID
}

// Matches reports whether s is what the operation makes, and not what it replaces.
func (j Operation) Matches(s Snapshot) bool {
	return j.Supersedes == "" || s.ID != j.Supersedes || s.CreatedAt.After(j.SupersedesCreatedAt)
}

// OperationStatus is the answer to one question after an operation.
type OperationStatus struct {
	// Done is true once the operation has succeeded. A failed operation is an error of KindFailed.
	Done bool
	// Status is the cloud's own word for where it is, for messages.
	Status string
	// FinishedAt is when the operation ended by the cloud's clock, zero where the cloud does not say.
	FinishedAt time.Time
	// ObjectID is the ID of the object that the operation makes, as soon as the cloud names it.
	ObjectID string
}

package driver

import "time"

// Operation is slow work that a cloud has accepted, and how to poll it. The zero Operation means that nothing is left
// to wait for. Terraform's private state stores it, so that another process can resume an interrupted wait.
type Operation struct {
	// ID is the ID of the cloud's operation or action. It is empty where only the object itself shows the progress.
	ID string `json:"id,omitempty"`
	// Location and SourceID are the rest of the operation's address.
	Location string `json:"location,omitempty"`
	SourceID string `json:"source_id,omitempty"`
	// PollObject means to poll the object itself until it is ready or absent.
	PollObject bool `json:"watch,omitempty"`
	// Supersedes is the ID of the snapshot that the new one overwrites, and SupersedesCreatedAt its time of creation.
	// As long as the cloud returns the old snapshot, the new one does not exist yet. The engine sets both.
	Supersedes          string    `json:"replaces,omitempty"`
	SupersedesCreatedAt time.Time `json:"replaces_created_at,omitzero"`
	// CreatedAt is when the operation began, in listings of operations. It is not stored.
	CreatedAt time.Time `json:"-"`
	// Estimate is how long the cloud expects the work to take, for messages. 0 means that it reports no estimate. It is
	// not stored: the estimate begins with the operation.
	Estimate time.Duration `json:"-"`
	// Fresh means that the cloud accepted the operation a moment ago, so that the first poll comes after a pause. It is
	// not stored: a resumed wait polls at once.
	Fresh bool `json:"-"`
	// Adopted means that the answer of the create was lost, and a listing found the object or the operation. It is for
	// the caller of the create only and is not stored.
	Adopted bool `json:"-"`
}

// Done reports whether nothing is left to wait for.
func (o Operation) Done() bool { return o.ID == "" && !o.PollObject }

// FreshObject reports whether the first poll of the object is the first one since the cloud accepted the operation.
func (o Operation) FreshObject() bool { return o.Fresh && o.ID == "" }

// TrackingKey returns the key under which the engine tracks an operation. The prefix separates it from the ID of an
// object, because operations and objects may have the same number.
func (o Operation) TrackingKey() string {
	if o.ID == "" {
		return ""
	}
	return "operation " + o.ID
}

// Matches reports whether s is the snapshot that the operation creates, and not the one that it supersedes.
func (o Operation) Matches(s Snapshot) bool {
	return o.Supersedes == "" || s.ID != o.Supersedes || s.CreatedAt.After(o.SupersedesCreatedAt)
}

// OperationStatus is the result of one poll of an operation.
type OperationStatus struct {
	// Done is true once the operation has succeeded. A failed operation is an error of KindFailed.
	Done bool
	// Status is the cloud's own word for the progress, for messages.
	Status string
	// FinishedAt is when the operation ended by the cloud's clock. It is zero where the cloud does not report it.
	FinishedAt time.Time
	// ObjectID is the ID of the object that the operation creates. It is empty until the cloud reports it.
	ObjectID string
}

package sim

import (
	"strconv"
	"time"
)

// state is all that Save keeps.
type state struct {
	Machines     []*Machine `json:"machines"`
	NextSnapshot int64      `json:"next_snapshot"`
	NextAction   int64      `json:"next_action"`
	// Answers counts the errors: each has a correlation ID of its own.
	Answers int64 `json:"answers"`
}

// Machine is one VM, and how it behaves.
type Machine struct {
	ID       int64  `json:"id"`
	Hostname string `json:"hostname"`
	// State is in the API's words. VMs in error and suspended refuse every action.
	State     string    `json:"state"`
	CreatedAt time.Time `json:"created_at"`
	// Foreign VMs belong to another account.
	Foreign bool `json:"foreign,omitempty"`
	// Empty is the answer of a VM without a snapshot: "" for 404, "-" for 200 with an empty body, else the body of a
	// 200.
	Empty string `json:"empty,omitempty"`
	// Fails makes the VM accept actions and then fail them.
	Fails bool `json:"fails,omitempty"`
	// Snapshot is the one that can be read now, or nil.
	Snapshot *Snapshot `json:"snapshot,omitempty"`
	// Actions are the newest first.
	Actions []*Action `json:"actions,omitempty"`
	// Template is the ID of what the VM runs; 0 means the first of the templates.
	Template int64 `json:"template,omitempty"`
}

// Snapshot is the single snapshot of a VM.
type Snapshot struct {
	ID          int64     `json:"id"`
	RestoreTime int64     `json:"restore_time"`
	CreatedAt   time.Time `json:"created_at"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// Action is slow work on a VM.
type Action struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"`
	// Fails makes the action end in the state error.
	Fails bool `json:"fails,omitempty"`
	// Template is what a recreated VM will run.
	Template  int64     `json:"template,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// The states of actions, and those of VMs that matter here.
const (
	stateCreated = "created"
	stateSent    = "sent"
	stateDelayed = "delayed"
	stateSuccess = "success"
	stateError   = "error"

	stateRunning    = "running"
	stateStopped    = "stopped"
	stateRestoring  = "restoring"
	stateRecreating = "recreating"
	stateSuspended  = "suspended"
)

// The names of actions.
const (
	createName        = "snapshot_create"
	deleteName        = "snapshot_delete"
	restoreName       = "snapshot_restore"
	restoreBackupName = "backup_restore"
	recreateName      = "recreate"
)

const (
	// lifetime is how long a snapshot is kept: the distance in the document's example.
	lifetime = 20 * 24 * time.Hour
	// restoreTime is the document's example, in seconds.
	restoreTime = 1800
)

func newSnapshot(id int64, at time.Time) *Snapshot {
	return &Snapshot{ID: id, RestoreTime: restoreTime, CreatedAt: at, ExpiresAt: at.Add(lifetime)}
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// parseNumber parses an ID in a path: a positive number without leading zeros and without a sign.
func parseNumber(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0 && text == number(id)
}

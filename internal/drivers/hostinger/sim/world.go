package sim

import (
	"strconv"
	"time"
)

// Machine is one VM, and how it behaves.
type Machine struct {
	ID       int64  `json:"id"`
	Hostname string `json:"hostname"`
	// State is in the API's words; error and suspended VMs refuse every action.
	State     string    `json:"state"`
	CreatedAt time.Time `json:"created_at"`
	// Foreign VMs belong to another account.
	Foreign bool `json:"foreign,omitempty"`
	// Empty is how the absence of a snapshot looks: "" for 404, else the body of an answer 200, or "-" for an empty body.
	Empty string `json:"empty,omitempty"`
	// Fails lets the VM accept actions that fail in the end.
	Fails bool `json:"fails,omitempty"`
	// Snapshot is the one that can be read now, or nil.
	Snapshot *Snapshot `json:"snapshot,omitempty"`
	// Actions are the newest first.
	Actions []*Action `json:"actions,omitempty"`
	// Template is the ID of what the VM runs; 0 means the first of the templates.
	Template int64 `json:"template,omitempty"`
}

// Snapshot is the content of a VM's slot.
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
	// Fails lets it end in the state error.
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

// over reports whether an action has ended.
func (a *Action) over() bool { return a.State == stateSuccess || a.State == stateError }

// busy returns the action that locks the VM, or nil.
func (m *Machine) busy() *Action {
	for _, a := range m.Actions {
		if !a.over() {
			return a
		}
	}
	return nil
}

// snapshotState is the provider's word for the snapshot's state.
func (m *Machine) snapshotState() string {
	if a := m.busy(); a != nil && a.Name == deleteName {
		return "deleting"
	}
	return "ready"
}

func number(id int64) string { return strconv.FormatInt(id, 10) }

// parseNumber reads an ID as it stands in a path: without zeros in front, and without a sign.
func parseNumber(text string) (int64, bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && id > 0 && text == number(id)
}

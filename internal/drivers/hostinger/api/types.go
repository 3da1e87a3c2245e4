package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Snapshot is VPS.V1.Snapshot.SnapshotResource. The zero ID means that the VM has no snapshot.
type Snapshot struct {
	ID int64 `json:"id"`
	// RestoreTime is the estimate for a restore in seconds; nil where the API gives none.
	RestoreTime *int64     `json:"restore_time"`
	CreatedAt   httpx.Time `json:"created_at"`
	ExpiresAt   httpx.Time `json:"expires_at"`
}

// UnmarshalJSON reads a snapshot, and every form in which the API may say that there is none: null, an empty object, an
// object without an ID, and an empty list. Anything else is an error, because it must not pass for absence.
func (s *Snapshot) UnmarshalJSON(content []byte) error {
	*s = Snapshot{}
	content = bytes.TrimSpace(content)
	if bytes.HasPrefix(content, []byte("[")) {
		var list []json.RawMessage
		if err := json.Unmarshal(content, &list); err != nil {
			return err
		}
		if len(list) > 0 {
			return fmt.Errorf("a list of %d where one snapshot was expected", len(list))
		}
		return nil
	}
	type plain Snapshot
	return json.Unmarshal(content, (*plain)(s))
}

// Action is VPS.V1.Action.ActionResource. The zero ID means that the API accepted without saying what it does.
type Action struct {
	ID int64 `json:"id"`
	// Name is a free word, as in snapshot_create.
	Name string `json:"name"`
	// State is one of the Action constants, or a word that is not in the document.
	State string `json:"state"`
	// CorrelationID is not in the document; it is kept where an answer carries one, since an action gives no reason
	// when it fails.
	CorrelationID string     `json:"correlation_id"`
	CreatedAt     httpx.Time `json:"created_at"`
	UpdatedAt     httpx.Time `json:"updated_at"`
}

// The final states of an action. The document also has created, sent and delayed, which are on the way.
const (
	ActionSuccess = "success"
	ActionError   = "error"
)

// VirtualMachine is the part of VPS.V1.VirtualMachine.VirtualMachineResource that this project needs.
type VirtualMachine struct {
	ID       int64  `json:"id"`
	Hostname string `json:"hostname"`
	State    string `json:"state"`
	// ActionsLock is Locked while an action runs.
	ActionsLock string `json:"actions_lock"`
}

// Locked is the VirtualMachine.ActionsLock of a VM that accepts no other action now.
const Locked = "locked"

// actionPage is one page of VPS_getActionsV1.
type actionPage struct {
	Data []Action `json:"data"`
	Meta struct {
		CurrentPage int `json:"current_page"`
		PerPage     int `json:"per_page"`
		Total       int `json:"total"`
	} `json:"meta"`
}

// check refuses an answer of success that is no page of a listing.
func (p actionPage) check() error {
	if p.Data == nil {
		return errors.New("it holds no list")
	}
	return nil
}

// more reports whether there are pages after this one. The page size is the answer's own: the document's prose and its
// example disagree on it.
func (p actionPage) more() bool { return p.Meta.CurrentPage*p.Meta.PerPage < p.Meta.Total }

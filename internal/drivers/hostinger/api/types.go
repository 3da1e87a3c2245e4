package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Snapshot is VPS.V1.Snapshot.SnapshotResource. Without an ID the VM has no snapshot.
type Snapshot struct {
	ID int64 `json:"id"`
	// RestoreTime is the estimate for a restore in seconds. nil means that the API has none.
	RestoreTime *int64     `json:"restore_time"`
	CreatedAt   httpx.Time `json:"created_at"`
	ExpiresAt   httpx.Time `json:"expires_at"`
}

// UnmarshalJSON decodes a snapshot, and every form of an absent one: null, an empty object, an object without an ID,
// and an empty list. Anything else is an error, because it must not look like absence.
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

// Action is VPS.V1.Action.ActionResource. Without an ID the API accepted the request and returned no action.
type Action struct {
	ID int64 `json:"id"`
	// Name is free text, such as snapshot_create.
	Name string `json:"name"`
	// State is one of the constants below, or another word.
	State string `json:"state"`
	// CorrelationID is not in the document. It helps support, because a failed action has no reason.
	CorrelationID string     `json:"correlation_id"`
	CreatedAt     httpx.Time `json:"created_at"`
	UpdatedAt     httpx.Time `json:"updated_at"`
}

// The final states of an action. The other ones of the document are created, sent and delayed.
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

// Locked is the ActionsLock of a VM that accepts no other action now.
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

// check refuses a successful answer that is not a page of a listing.
func (p actionPage) check() error {
	if p.Data == nil {
		return errors.New("it has no list")
	}
	return httpx.HaveIDs("action", p.Data, func(a Action) string { return numberID(a.ID) })
}

// more reports whether there are pages after this one. The page size is that of the answer, because the document's
// prose and its example differ.
func (p actionPage) more() bool { return p.Meta.CurrentPage*p.Meta.PerPage < p.Meta.Total }

package sim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The messages, with the vendor's codes where they are known.
const (
	noRoute    = "[VPS:2002] Route is not found"
	noMachine  = "[VPS:2002] There is no such virtual machine"
	noSnapshot = "[VPS:2002] The virtual machine has no snapshot"
	noAction   = "[VPS:2002] There is no such action"
	noBackup   = "[VPS:2002] There is no such backup"
	noTemplate = "[VPS:2002] There is no such template"
	invalid    = "The given data was invalid"
	foreign    = "[VPS:2000] Unauthorized"
	locked     = "[VPS:2004] Another action is running on the virtual machine"
	unusable   = "[VPS:2004] The virtual machine is in a state that allows no actions"
)

// refusal is Common.Response.ErrorResponse, with the errors of an answer 422.
type refusal struct {
	Message       string              `json:"message"`
	CorrelationID string              `json:"correlation_id"`
	Errors        map[string][]string `json:"errors,omitempty"`
}

// refuse answers with an error that has a correlation ID of its own.
func (s *Simulator) refuse(w http.ResponseWriter, status int, message string) {
	s.refuseFields(w, status, message, nil)
}

func (s *Simulator) refuseFields(w http.ResponseWriter, status int, message string, fields map[string][]string) {
	s.State.Answers++
	simkit.JSON(w, status, refusal{
		Message: message, CorrelationID: simkit.UUID("hostinger", s.State.Answers), Errors: fields,
	})
}

// decode reads the body of a request into v; null is no body. It answers and reports false if the body is not valid.
func (s *Simulator) decode(w http.ResponseWriter, r *http.Request, v any) bool {
	content, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var object map[string]json.RawMessage
	if content = bytes.TrimSpace(content); err == nil && len(content) > 0 {
		err = json.Unmarshal(content, &object)
	}
	if err != nil {
		s.refuse(w, http.StatusBadRequest, "The body is not a JSON object")
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(content))
	if _, err := simkit.Decode(r, v); err != nil {
		s.refuseFields(w, http.StatusUnprocessableEntity, invalid, map[string][]string{"body": {err.Error()}})
		return false
	}
	return true
}

// second formats a time as the API does, in whole seconds.
func second(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// The resources of the API, by the names of its schemas.
type (
	snapshotResource struct {
		ID          int64  `json:"id"`
		RestoreTime int64  `json:"restore_time"`
		CreatedAt   string `json:"created_at"`
		ExpiresAt   string `json:"expires_at"`
	}
	actionResource struct {
		ID        int64  `json:"id"`
		Name      string `json:"name"`
		State     string `json:"state"`
		CreatedAt string `json:"created_at"`
		UpdatedAt string `json:"updated_at"`
	}
	addressResource struct {
		ID      int64   `json:"id"`
		Address string  `json:"address"`
		PTR     *string `json:"ptr"`
	}
	templateResource struct {
		ID            int64   `json:"id"`
		Name          string  `json:"name"`
		Description   string  `json:"description"`
		Documentation *string `json:"documentation"`
	}
	machineResource struct {
		ID              int64             `json:"id"`
		FirewallGroupID *int64            `json:"firewall_group_id"`
		SubscriptionID  string            `json:"subscription_id"`
		DataCenterID    int64             `json:"data_center_id"`
		Plan            string            `json:"plan"`
		Hostname        string            `json:"hostname"`
		State           string            `json:"state"`
		ActionsLock     string            `json:"actions_lock"`
		CPUs            int64             `json:"cpus"`
		Memory          int64             `json:"memory"`
		Disk            int64             `json:"disk"`
		Bandwidth       int64             `json:"bandwidth"`
		NS1             string            `json:"ns1"`
		NS2             string            `json:"ns2"`
		IPv4            []addressResource `json:"ipv4"`
		IPv6            []addressResource `json:"ipv6"`
		Template        templateResource  `json:"template"`
		CreatedAt       string            `json:"created_at"`
	}
	// backupResource is not in the document that this project uses; it is as in the vendor's SDK. Size is in kilobytes,
	// RestoreTime in seconds.
	backupResource struct {
		ID          int64  `json:"id"`
		Size        int64  `json:"size"`
		RestoreTime int64  `json:"restore_time"`
		Location    string `json:"location"`
		CreatedAt   string `json:"created_at"`
	}
	pageMeta struct {
		CurrentPage int `json:"current_page"`
		PerPage     int `json:"per_page"`
		Total       int `json:"total"`
	}
	page[T any] struct {
		Data []T      `json:"data"`
		Meta pageMeta `json:"meta"`
	}
)

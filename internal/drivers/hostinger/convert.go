package hostinger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
)

// snapshotFromWire translates the snapshot of a VM. There is no opposite direction: a create has no body, and of a
// SnapshotSpec only SourceID is sent, in the path.
func snapshotFromWire(w api.Snapshot, vm int64) driver.Snapshot {
	return driver.Snapshot{
		ID:       formatID(w.ID),
		SourceID: formatID(vm),
		// Not told: Location, Name, Description. A snapshot that can be read is finished.
		State:     driver.StateReady,
		CreatedAt: w.CreatedAt.Time,
		ExpiresAt: w.ExpiresAt.Time,
		// Not told: SizeGiB, ImageID, ImageName, ApplicationConsistent, StorageType.
		RestoreTimeSeconds: w.RestoreTime,
	}
}

// operationFromWire is what to wait for after a request that changes a VM; the caller says what else must be watched.
func operationFromWire(w api.Action, vm int64) driver.Operation {
	return driver.Operation{ID: formatID(w.ID), SourceID: formatID(vm)}
}

// statusFromWire translates how far an action is. One that failed is an error.
func statusFromWire(w api.Action) (driver.OperationStatus, error) {
	word := strings.ToLower(w.State)
	switch word {
	case api.ActionSuccess:
		return driver.OperationStatus{Done: true, Status: word, FinishedAt: w.UpdatedAt.Time}, nil
	case api.ActionError:
		return driver.OperationStatus{Status: word}, &driver.Error{
			Kind:        driver.KindFailed,
			Message:     fmt.Sprintf("the action %s (%s) failed, and the API gives no reason", formatID(w.ID), w.Name),
			Hint:        "Look at the VM in hPanel, and give Hostinger's support the number of the action. Apply again when the cause is gone.",
			RequestID:   w.CorrelationID,
			OperationID: formatID(w.ID),
		}
	default:
		return driver.OperationStatus{Status: word}, nil
	}
}

// isCreate reports whether an action makes a snapshot. The names of actions are free words, so this looks for both
// parts.
func isCreate(w api.Action) bool {
	name := strings.ToLower(w.Name)
	return strings.Contains(name, "snapshot") && strings.Contains(name, "create")
}

// formatID writes an ID of the API; 0 is none.
func formatID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// parseID reads what formatID wrote. Anything else, a leading zero too, is an error that names what the ID is of.
func parseID(noun, text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || formatID(id) != text {
		return 0, &driver.Error{Kind: driver.KindInvalid, Message: fmt.Sprintf("the ID of %s must be a number, not %q", noun, text)}
	}
	return id, nil
}

func parseMachine(text string) (int64, error) { return parseID("a VM", text) }

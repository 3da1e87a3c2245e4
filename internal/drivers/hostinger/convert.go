package hostinger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
)

// snapshotFromWire converts the snapshot of a VM. There is no opposite conversion: a create has no body, and sends only
// SourceID of a SnapshotSpec, in the path.
func snapshotFromWire(w api.Snapshot, vm int64) driver.Snapshot {
	return driver.Snapshot{
		ID:       formatID(w.ID),
		SourceID: formatID(vm),
		// Not reported: Location, Name, Description. A snapshot that can be read is complete.
		State:     driver.StateReady,
		CreatedAt: w.CreatedAt.Time,
		ExpiresAt: w.ExpiresAt.Time,
		// Not reported: SizeGiB, ImageID, ImageName, ApplicationConsistent, StorageType.
		RestoreTimeSeconds: w.RestoreTime,
	}
}

// operationFromWire converts an action to an operation. The caller sets PollObject.
func operationFromWire(w api.Action, vm int64) driver.Operation {
	return driver.Operation{ID: formatID(w.ID), SourceID: formatID(vm)}
}

// statusFromWire converts the status of an action. A failed action is an error.
func statusFromWire(w api.Action) (driver.OperationStatus, error) {
	word := strings.ToLower(w.State)
	switch word {
	case api.ActionSuccess:
		return driver.OperationStatus{Done: true, Status: word, FinishedAt: w.UpdatedAt.Time}, nil
	case api.ActionError:
		return driver.OperationStatus{Status: word}, &driver.Error{
			Kind: driver.KindFailed,
			Message: fmt.Sprintf(
				"the action %s (%s) failed, and the API reports no reason",
				formatID(w.ID),
				w.Name,
			),
			Hint: "Check the VM in hPanel, and give Hostinger's support the number of the action. " +
				"Apply again when the cause is fixed.",
			RequestID:   w.CorrelationID,
			OperationID: formatID(w.ID),
		}
	default:
		return driver.OperationStatus{Status: word}, nil
	}
}

// isCreate reports whether an action creates a snapshot. The names of actions are free text, so it searches for both
// parts.
func isCreate(w api.Action) bool {
	name := strings.ToLower(w.Name)
	return strings.Contains(name, "snapshot") && strings.Contains(name, "create")
}

// isRestore reports whether an action restores a snapshot; see isCreate.
func isRestore(w api.Action) bool {
	name := strings.ToLower(w.Name)
	return strings.Contains(name, "snapshot") && strings.Contains(name, "restore")
}

// formatID formats an ID of the API. 0 is none.
func formatID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// parseID parses an ID of formatID. Any other text, also one with a leading zero, is an error that contains noun.
func parseID(noun, text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || formatID(id) != text {
		return 0, &driver.Error{
			Kind:    driver.KindInvalid,
			Message: fmt.Sprintf("the ID of %s must be a number, not %q", noun, text),
		}
	}
	return id, nil
}

func parseMachine(text string) (int64, error) { return parseID("a VM", text) }

// sourceFromWire converts a VM, which can have a single snapshot.
func sourceFromWire(w api.VirtualMachine) driver.Source {
	single := 1
	return driver.Source{
		ID: formatID(w.ID), Name: w.Hostname, State: strings.ToLower(w.State), MaxSnapshots: &single,
		Busy: w.ActionsLock == api.Locked,
	}
}

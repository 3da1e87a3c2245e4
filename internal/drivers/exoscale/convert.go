package exoscale

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// The vendor's words with a meaning for the driver.
const (
	operationSuccess = "success"
	operationFailure = "failure"
	operationTimeout = "timeout"

	reasonBusy     = "busy"
	reasonNotFound = "not-found"

	snapshotDeleting = "deleting"
	snapshotDeleted  = "deleted"

	visibilityPrivate = "private"
	visibilityPublic  = "public"
)

// snapshotStates maps the words that differ from ours. Any other word is the same or passes through.
var snapshotStates = map[string]driver.State{
	"snapshotting": driver.StateCreating,
}

func stateFromWire(word string) driver.State {
	word = strings.ToLower(word)
	if s, ok := snapshotStates[word]; ok {
		return s
	}
	return driver.State(word)
}

// gone reports whether a snapshot that the cloud returns is deleted or in deletion.
func gone(s api.Snapshot) bool {
	return strings.EqualFold(s.State, snapshotDeleting) || strings.EqualFold(s.State, snapshotDeleted)
}

// snapshotFromWire converts a snapshot of a zone. Not reported: description, expiry, image, storage type, restore time.
func snapshotFromWire(s api.Snapshot, location string) driver.Snapshot {
	return driver.Snapshot{
		ID:                    s.ID,
		SourceID:              s.Instance.ID,
		Location:              location,
		Name:                  s.Name,
		State:                 stateFromWire(s.State),
		CreatedAt:             httpx.ParseTime(s.CreatedAt),
		SizeGiB:               s.Size,
		ApplicationConsistent: s.ApplicationConsistent,
	}
}

func exportFromWire(e api.Export) driver.Export {
	return driver.Export{URL: e.PresignedURL, MD5: e.MD5Sum, ValidUntil: validUntil(e.PresignedURL)}
}

// validUntil returns when a presigned URL expires, or the zero time if it contains no expiry. The vendor documents no
// lifetime, but its storage is S3, and both signatures of S3 contain it: a date and a number of seconds, or a Unix
// time.
func validUntil(presigned string) time.Time {
	u, err := url.Parse(presigned)
	if err != nil {
		return time.Time{}
	}
	query := u.Query()
	if at, err := strconv.ParseInt(query.Get("Expires"), 10, 64); err == nil {
		return time.Unix(at, 0).UTC()
	}
	began, err := time.Parse("20060102T150405Z", query.Get("X-Amz-Date"))
	seconds, err2 := strconv.Atoi(query.Get("X-Amz-Expires"))
	if err != nil || err2 != nil {
		return time.Time{}
	}
	return began.Add(time.Duration(seconds) * time.Second)
}

// imageFromWire converts a template of a zone. Not reported: operating system, format, error message, sizes in MB, time
// of the last change, tags.
func imageFromWire(t api.Template, location string) driver.Image {
	return driver.Image{
		ID:                                   t.ID,
		Location:                             location,
		Name:                                 t.Name,
		Description:                          t.Description,
		URL:                                  t.URL,
		Version:                              t.Version,
		State:                                driver.StateReady,
		SizeBytes:                            t.Size,
		Standard:                             strings.EqualFold(t.Visibility, visibilityPublic),
		CreatedAt:                            httpx.ParseTime(t.CreatedAt),
		Checksum:                             t.Checksum,
		DefaultUser:                          t.DefaultUser,
		BootMode:                             t.BootMode,
		Family:                               t.Family,
		Build:                                t.Build,
		Maintainer:                           t.Maintainer,
		Visibility:                           t.Visibility,
		SSHKeyEnabled:                        t.SSHKeyEnabled,
		PasswordEnabled:                      t.PasswordEnabled,
		ApplicationConsistentSnapshotEnabled: t.ApplicationConsistentSnapshotEnabled,
		Zones:                                t.Zones,
	}
}

// imageSpecToWire converts a spec. Not sent: the zone, which is that of the host, and the operating system, which
// Exoscale does not have.
func imageSpecToWire(s driver.ImageSpec) api.RegisterTemplateBody {
	return api.RegisterTemplateBody{
		Name:                                 s.Name,
		Description:                          s.Description,
		URL:                                  s.URL,
		Version:                              s.Version,
		Checksum:                             s.Checksum,
		DefaultUser:                          s.DefaultUser,
		BootMode:                             s.BootMode,
		SSHKeyEnabled:                        s.SSHKeyEnabled,
		PasswordEnabled:                      s.PasswordEnabled,
		Build:                                s.Build,
		Maintainer:                           s.Maintainer,
		ApplicationConsistentSnapshotEnabled: s.ApplicationConsistentSnapshotEnabled,
	}
}

func imageChangeToWire(c driver.ImageChange) api.UpdateTemplateBody {
	return api.UpdateTemplateBody{Name: c.Name, Description: c.Description}
}

// promoteSpecToWire converts a spec. The snapshot is in the path.
func promoteSpecToWire(s driver.PromoteSpec) api.PromoteBody {
	return api.PromoteBody{
		Name:            s.Name,
		Description:     s.Description,
		DefaultUser:     s.DefaultUser,
		SSHKeyEnabled:   s.SSHKeyEnabled,
		PasswordEnabled: s.PasswordEnabled,
	}
}

// statusFromWire converts an operation. A reference to the source of the operation is not its result.
func statusFromWire(op api.Operation, operation driver.Operation) driver.OperationStatus {
	status := driver.OperationStatus{
		Done:   strings.EqualFold(op.State, operationSuccess),
		Status: strings.ToLower(op.State),
	}
	if op.Reference.ID != operation.SourceID {
		status.ObjectID = op.Reference.ID
	}
	return status
}

// failed reports whether an operation has ended without success.
func failed(op api.Operation) bool {
	return strings.EqualFold(op.State, operationFailure) || strings.EqualFold(op.State, operationTimeout)
}

// deleting is accepted for a deletion: an absent object is deleted, and after an answer without an operation the object
// itself shows the progress.
func deleting(op api.Operation, ref driver.Ref) (driver.Operation, error) {
	if failed(op) && op.Reason == reasonNotFound {
		return driver.Operation{}, operationError(op, driver.KindNotFound)
	}
	operation, err := accepted(op, driver.Ref{Location: ref.Location})
	operation.PollObject = err == nil && operation.ID == ""
	return operation, err
}

// KindOf returns the kind of an error; see driver.Client.
func (*client) KindOf(err error) driver.Kind {
	var own *driver.Error
	if errors.As(err, &own) {
		return own.Kind
	}
	var reply *httpx.Error
	if !errors.As(err, &reply) {
		return driver.KindUnknown
	}
	switch reply.Status {
	case http.StatusForbidden:
		return driver.KindAuth
	case http.StatusConflict:
		return driver.KindBusy
	default:
		return driver.KindForStatus(reply.Status)
	}
}

// stableStates are the words for an instance that does not change from one state to another.
var stableStates = []string{"running", "stopped", "error"}

// sourceFromWire converts an instance. Not reported: how many snapshots it can have, because the quota is that of the
// organization.
func sourceFromWire(w api.Instance, location string) driver.Source {
	out := driver.Source{ID: w.ID, Location: location, Name: w.Name, State: strings.ToLower(w.State)}
	// An operation on the disk does not change the state. The answer 409 shows it.
	out.Busy = !slices.Contains(stableStates, out.State)
	return out
}

// isDestroyed reports whether an instance is being destroyed, or is.
func isDestroyed(s driver.Source) bool {
	return s.State == "destroying" || s.State == "destroyed" || s.State == "expunging"
}

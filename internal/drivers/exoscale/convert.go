package exoscale

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// The vendor's words that decide something.
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

// snapshotStates are the words that differ from ours; all others are the same or pass through.
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

// gone reports whether a snapshot is shown although it is deleted, or about to be.
func gone(s api.Snapshot) bool {
	return strings.EqualFold(s.State, snapshotDeleting) || strings.EqualFold(s.State, snapshotDeleted)
}

// snapshotFromWire reads a snapshot of a zone. Not there at Exoscale: description, expiry, image, storage type, restore
// time.
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

// validUntil reads from a presigned URL when it ends, and gives the zero time where it does not say. The vendor states
// no validity, but its storage speaks S3, whose two ways to sign a URL both carry it: a date and a number of seconds,
// or a Unix time.
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

// imageFromWire reads a template of a zone. Not there at Exoscale: operating system, format, error message, sizes in
// MB, time of the last change, tags.
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

// imageSpecToWire says what to register. Not sent: the zone, which is the host's, and the operating system, which
// Exoscale does not ask for.
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

// promoteSpecToWire says what the template is like; the snapshot is in the path.
func promoteSpecToWire(s driver.PromoteSpec) api.PromoteBody {
	return api.PromoteBody{
		Name:            s.Name,
		Description:     s.Description,
		DefaultUser:     s.DefaultUser,
		SSHKeyEnabled:   s.SSHKeyEnabled,
		PasswordEnabled: s.PasswordEnabled,
	}
}

// statusFromWire reads an operation. A reference to what the operation works on is not what it makes.
func statusFromWire(op api.Operation, operation driver.Operation) driver.OperationStatus {
	status := driver.OperationStatus{Done: strings.EqualFold(op.State, operationSuccess), Status: strings.ToLower(op.State)}
	if op.Reference.ID != operation.SourceID {
		status.ObjectID = op.Reference.ID
	}
	return status
}

// failed reports whether an operation has ended without success.
func failed(op api.Operation) bool {
	return strings.EqualFold(op.State, operationFailure) || strings.EqualFold(op.State, operationTimeout)
}

// deleting is accepted for a deletion: what turns out not to be there is gone, and an answer that names no operation
// leaves the object to look at.
func deleting(op api.Operation, ref driver.Ref) (driver.Operation, error) {
	if failed(op) && op.Reason == reasonNotFound {
		return driver.Operation{}, operationError(op, driver.KindNotFound)
	}
	operation, err := accepted(op, driver.Ref{Location: ref.Location})
	operation.PollObject = err == nil && operation.ID == ""
	return operation, err
}

// KindOf sorts the errors of this client's methods.
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

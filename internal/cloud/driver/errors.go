package driver

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind classifies errors by what the caller can do about them.
type Kind int

// The kinds. Their order has no meaning.
const (
	// KindUnknown is everything else.
	KindUnknown Kind = iota
	// KindNotFound is an absent object: it never existed, was deleted or has expired.
	KindNotFound
	// KindInvalid is a request that the cloud refuses and would refuse again.
	KindInvalid
	// KindAuth is wrong, missing or expired credentials.
	KindAuth
	// KindPermission is a permission that the credentials lack, or an object of another account.
	KindPermission
	// KindConflict is a permanent state of the object that does not allow the request.
	KindConflict
	// KindBusy is a temporary lock. The cloud did not act on the request.
	KindBusy
	// KindLimit is an exhausted quota, or a payment that the cloud requires first.
	KindLimit
	// KindWouldOverwrite is a create that would overwrite an existing snapshot.
	KindWouldOverwrite
	// KindWouldDelete is a restore that would delete newer snapshots.
	KindWouldDelete
	// KindRateLimited is too many requests. The cloud did not act on the request.
	KindRateLimited
	// KindUnavailable is a cloud that does not answer, or answers with a server error.
	KindUnavailable
	// KindFailed is an operation that the cloud accepted and that failed later.
	KindFailed
	// KindTimeout is a wait whose deadline has expired.
	KindTimeout
	// KindCanceled is a wait that was interrupted.
	KindCanceled
	// KindUnsupported is a capability that this cloud lacks.
	KindUnsupported
	// KindAmbiguous is a create whose result is unknown.
	KindAmbiguous
	// KindMisconfigured is an invalid provider configuration.
	KindMisconfigured
)

// KindForStatus returns the default kind of an HTTP status. 0 means that there was no answer.
func KindForStatus(status int) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return KindAuth
	case status == http.StatusPaymentRequired:
		return KindLimit
	case status == http.StatusForbidden:
		return KindPermission
	case status == http.StatusNotFound, status == http.StatusGone:
		return KindNotFound
	case status == http.StatusConflict, status == http.StatusPreconditionFailed:
		return KindConflict
	case status == http.StatusLocked:
		return KindBusy
	case status == http.StatusTooManyRequests:
		return KindRateLimited
	case status >= 500, status == http.StatusRequestTimeout, status == 0, status >= 200 && status < 300:
		// An error with a status of success is an answer that is incomplete or cannot be decoded.
		return KindUnavailable
	case status >= 400:
		return KindInvalid
	default:
		return KindUnknown
	}
}

// Reply is an error with the details of the answer that caused it. httpx.Error implements it.
type Reply interface { //nolint:interfacebloat // Eight facts, and that it is an error.
	error
	// HTTPStatus is 0 when there was no answer.
	HTTPStatus() int
	// VendorMessage is the cloud's own text, and VendorCode its own code. Both may be empty.
	VendorMessage() string
	VendorCode() string
	// RequestIdentifier is the ID of the request, for the vendor's support.
	RequestIdentifier() string
	// Ambiguous is true if the cloud may have acted on the request although it failed.
	Ambiguous() bool
	// Pause is how long the client must wait before the next request, or 0.
	Pause() time.Duration
	// SentAt is when the last attempt of the request began. Zero means that nothing was sent.
	SentAt() time.Time
	// InvalidFields are the fields of the request that the cloud refuses, in the vendor's words.
	InvalidFields() []VendorField
}

// VendorField is a field of a request that a cloud refuses. It is an alias, so that httpx can use the type without
// importing this package.
type VendorField = struct{ Name, Message string }

// Error is the error type of the engine, and of drivers that set the kind themselves.
type Error struct {
	Kind  Kind
	Cloud string
	// Op is the operation that failed: "create snapshot".
	Op string
	// Ref is the address of the object, as far as it is known.
	Ref Ref
	// Message is what happened, in the cloud's words where there are any. It has no full stop.
	Message string
	// Hint is what to do now, in full sentences. It is empty where the advice for the kind is enough.
	Hint string
	// Status, Code and RequestID are 0 or empty where the cloud returned none. OperationID is the ID of the cloud's
	// operation.
	Status      int
	Code        string
	RequestID   string
	OperationID string
	Fields      []VendorField
	// ExistingSnapshots are the snapshots of the source that matter (KindLimit, KindWouldOverwrite, KindWouldDelete),
	// oldest first.
	ExistingSnapshots []Snapshot
	// Managed is true if one of ExistingSnapshots belongs to a resource of this run.
	Managed bool
	// ImageStats is the use of the image storage after a refused create. nil means that the cloud does not report it.
	ImageStats *ImageStats
	// Now is the cloud's time of the failure. The ages of ExistingSnapshots are relative to it.
	Now time.Time
	// Err is the cause.
	Err error
}

// Error returns the error on one line, for logs. The provider renders the parts itself.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: unable to %s: %s", e.Cloud, e.Op, e.Message)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first *Error in the chain of err, else KindUnknown.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindUnknown
}

// IsNotFound reports whether the kind of err is KindNotFound.
func IsNotFound(err error) bool { return KindOf(err) == KindNotFound }

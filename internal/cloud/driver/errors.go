package driver

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind sorts errors by what can be done about them.
type Kind int

// The kinds. Their order has no meaning.
const (
	// KindUnknown is everything else.
	KindUnknown Kind = iota
	// KindNotFound is an object that is not there: never existed, deleted or expired.
	KindNotFound
	// KindInvalid is a request that the cloud refuses as it stands.
	KindInvalid
	// KindAuth is wrong, missing or expired credentials.
	KindAuth
	// KindPermission is a right that the credentials do not have, or an object of somebody else.
	KindPermission
	// KindConflict is a state of the object that does not allow the request, and will not pass by itself.
	KindConflict
	// KindBusy is a lock that will pass by itself. The request was not acted on.
	KindBusy
	// KindLimit is a used-up quota or slot, or something that must be paid for first.
	KindLimit
	// KindWouldOverwrite is a slot whose content would be lost.
	KindWouldOverwrite
	// KindRateLimited is too many requests. The request was not acted on.
	KindRateLimited
	// KindUnavailable is a cloud that does not answer, or answers with its own failure.
	KindUnavailable
	// KindFailed is work that was accepted and then failed at the cloud.
	KindFailed
	// KindTimeout is a wait that ran into its deadline.
	KindTimeout
	// KindCanceled is a wait that was interrupted.
	KindCanceled
	// KindUnsupported is something that this cloud cannot do.
	KindUnsupported
	// KindAmbiguous is a create of which nobody knows whether it happened.
	KindAmbiguous
	// KindMisconfigured is a provider configuration that cannot be used.
	KindMisconfigured
)

// KindForStatus is what an HTTP status means when a vendor says nothing else.
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
		// An error with a status of success is an answer that broke off or cannot be read.
		return KindUnavailable
	case status >= 400:
		return KindInvalid
	default:
		return KindUnknown
	}
}

// Reply is what an error can tell about the answer that caused it. httpx.Error implements it.
type Reply interface { //nolint:interfacebloat // Eight facts, and that it is an error.
	error
	// HTTPStatus is 0 when there was no answer.
	HTTPStatus() int
	// VendorMessage is the cloud's own text, and VendorCode its own code; both may be empty.
	VendorMessage() string
	VendorCode() string
	// RequestIdentifier is what the vendor's support asks for.
	RequestIdentifier() string
	// Ambiguous is true when the request may have been acted on although it failed.
	Ambiguous() bool
	// Pause is how long the cloud wants to be left alone, or 0.
	Pause() time.Duration
	// SentAt is when the last attempt of the request began; zero when nothing was sent.
	SentAt() time.Time
	// InvalidFields are the request's fields that the cloud complains about, in the vendor's words.
	InvalidFields() []VendorField
}

// VendorField is one field that a cloud complains about. An alias, so that httpx can name the same type without this package.
type VendorField = struct{ Name, Message string }

// Error is every failure that leaves this package.
type Error struct {
	Kind  Kind
	Cloud string
	// Op is what was tried, as "create snapshot".
	Op string
	// Ref is what it was tried on, as far as it is known.
	Ref Ref
	// Message is what happened, in the cloud's words where it gave any. No full stop.
	Message string
	// Hint is what to do now, in full sentences, where the kind alone does not say it.
	Hint string
	// Status, Code and RequestID are 0 or empty where the cloud gave none. OperationID is its operation or action.
	Status      int
	Code        string
	RequestID   string
	OperationID string
	Fields      []VendorField
	// ExistingSnapshots are the snapshots that fill the slots (KindLimit, KindWouldOverwrite), oldest first.
	ExistingSnapshots []Snapshot
	// Managed is true if one of the occupants belongs to a resource of this run.
	Managed bool
	// ImageStats is the use of the image storage, where a create was refused and the cloud counts (KindLimit, KindInvalid and the like).
	ImageStats *ImageStats
	// Now is the cloud's time of the failure, to tell the occupants' ages by.
	Now time.Time
	// Err is the cause.
	Err error
}

// Error gives everything on one line, for logs. The Terraform surface renders the parts itself.
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

// KindOf returns the kind of an error that this package returned, else KindUnknown.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindUnknown
}

// IsNotFound reports whether err says that the object is not there.
func IsNotFound(err error) bool { return KindOf(err) == KindNotFound }

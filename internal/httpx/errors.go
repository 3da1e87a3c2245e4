package httpx

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Detail is the content of a vendor's error body.
type Detail struct {
	// Message is the vendor's text.
	Message string
	// Code is the vendor's own code.
	Code string
	// RequestID is the ID for the vendor's support, if the body has one.
	RequestID string
	// Fields are the fields of the request that the vendor refuses.
	Fields []Field
}

// Field is a field that the vendor refuses. It is an alias, so that the contract can use the type without importing
// this package.
type Field = struct{ Name, Message string }

// Error is a request without a usable answer.
type Error struct {
	// Method and Path are those of the request. The query is missing because it may contain a secret.
	Method, Path string
	// Status is the status of the answer. 0 means that there was none.
	Status int
	Detail
	// FromIntermediary is true if the answer is not JSON: a web page, a line of a proxy. It came from an intermediary,
	// so a 404 does not mean that the object is absent.
	FromIntermediary bool
	// RetryAfter is how long the server refuses further requests. 0 means that it did not report it.
	RetryAfter time.Duration
	// Sent is when the last attempt began. Zero means that nothing was sent.
	Sent time.Time
	// once is true for a request marked NonIdempotent.
	once bool
	// Err is the cause if there was no answer, or an unusable one.
	Err error
}

// Error returns the parts on one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, "HTTP %d: ", e.Status)
	}
	b.WriteString(e.VendorMessage())
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// HTTPStatus returns the status of the answer. 0 means that there was none.
func (e *Error) HTTPStatus() int { return e.Status }

// VendorCode returns the vendor's own code, if any.
func (e *Error) VendorCode() string { return e.Code }

// VendorMessage returns the vendor's text, or else the best description of the failure.
func (e *Error) VendorMessage() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Err != nil:
		return withoutURL(e.Err)
	default:
		return http.StatusText(e.Status)
	}
}

// RequestIdentifier returns the ID for the vendor's support, if any.
func (e *Error) RequestIdentifier() string { return e.RequestID }

// InvalidFields returns the fields of the request that the vendor refuses.
func (e *Error) InvalidFields() []Field { return e.Fields }

// IsFromIntermediary reports whether the answer came from an intermediary and not from the API.
func (e *Error) IsFromIntermediary() bool { return e.FromIntermediary }

// Pause returns how long the server refuses further requests, or 0.
func (e *Error) Pause() time.Duration { return e.RetryAfter }

// SentAt returns when the last attempt began. Zero means that nothing was sent.
func (e *Error) SentAt() time.Time { return e.Sent }

// Ambiguous reports whether the server may have acted on a NonIdempotent request although it failed.
func (e *Error) Ambiguous() bool {
	if !e.once {
		return false
	}
	switch {
	case e.Status == 0:
		return !notSent(e.Err)
	case e.Status < 300, e.Status >= 500, e.Status == http.StatusRequestTimeout:
		// The answer is a success that cannot be read, or a gateway lost it.
		return true
	default:
		return false
	}
}

// notSent reports whether a transport error happened before the request was sent: no address, no connection, no trust.
func notSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var unsent *unsentError
	return errors.As(err, &unsent) || errors.As(err, &dns) || untrusted(err) ||
		(errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"))
}

// permanent reports whether the next attempt would fail too: an untrusted certificate, an answer that is too large.
func permanent(err error) bool {
	var known *permanentError
	return untrusted(err) || errors.As(err, &known)
}

func untrusted(err error) bool {
	var failed *tls.CertificateVerificationError
	return errors.As(err, &failed)
}

type permanentError struct{ error }

func (e *permanentError) Unwrap() error { return e.error }

// endedError is a request that the caller's context ended.
type endedError struct{ cause error }

func (e *endedError) Error() string {
	if errors.Is(e.cause, context.DeadlineExceeded) {
		return noAnswer
	}
	return "broken off before an answer came"
}

func (e *endedError) Unwrap() error { return e.cause }

// unusableError is a successful answer that is incomplete or cannot be decoded.
type unusableError struct{ error }

func (e *unusableError) Unwrap() error { return e.error }

// unsentError marks a failure before the request was sent: signing, encoding.
type unsentError struct{ error }

func (e *unsentError) Unwrap() error { return e.error }

// noAnswer is the text for a deadline that expired, whoever set it.
const noAnswer = "no answer in time"

// withoutURL returns a transport error without the URL that net/http prepends, whose query may contain a secret.
func withoutURL(err error) string {
	text := err.Error()
	var failed *url.Error
	var timed net.Error
	switch {
	case errors.As(err, &failed):
		told := failed.Err.Error()
		if failed.Timeout() {
			told = noAnswer
		}
		text = strings.ReplaceAll(text, failed.Error(), told)
	case errors.As(err, &timed) && timed.Timeout():
		text = noAnswer
	}
	return redact(text)
}

var (
	userinfo = regexp.MustCompile(`(://)[^/\s@"']*@`)
	query    = regexp.MustCompile(`(://[^\s?"'<>]*\?)[^\s"'<>]+`)
)

// redact removes from a foreign text what may grant access: the passwords and the queries of URLs. A presigned URL is
// one.
func redact(text string) string {
	return query.ReplaceAllString(userinfo.ReplaceAllString(text, "${1}…@"), "${1}…")
}

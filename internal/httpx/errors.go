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

// Detail is what a vendor's error body says.
type Detail struct {
	// Message is the vendor's text.
	Message string
	// Code is the vendor's own code.
	Code string
	// RequestID is what the vendor's support asks for, where the body carries it.
	RequestID string
	// Fields are the request's fields that the vendor complains about.
	Fields []Field
}

// Field is one field that a vendor complains about. An alias, so that the portable core can name the same type without
// this package.
type Field = struct{ Name, Message string }

// Error is a request that did not end with a usable answer.
type Error struct {
	// Method and Path are the request's; the query is left out because it may hold a secret.
	Method, Path string
	// Status is the answer's, or 0 when none came.
	Status int
	Detail
	// FromIntermediary is true when the answer was no JSON: a web page, a line of a proxy. It came from something in
	// front of the API, so a 404 does not mean that the object is gone.
	FromIntermediary bool
	// RetryAfter is how long the server wants to be left alone; 0 where it does not say.
	RetryAfter time.Duration
	// Sent is when the last attempt began; zero when nothing was sent.
	Sent time.Time
	// once tells whether the request makes something.
	once bool
	// Err is the cause when there was no answer, or the answer could not be read.
	Err error
}

// Error gives the parts on one line.
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

// HTTPStatus is the answer's status, or 0 when none came.
func (e *Error) HTTPStatus() int { return e.Status }

// VendorCode is the vendor's own code, if any.
func (e *Error) VendorCode() string { return e.Code }

// VendorMessage is the vendor's text, or else the best that can be said.
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

// RequestIdentifier is what the vendor's support asks for, if any.
func (e *Error) RequestIdentifier() string { return e.RequestID }

// InvalidFields are the request's fields that the vendor complains about.
func (e *Error) InvalidFields() []Field { return e.Fields }

// IsFromIntermediary reports whether the answer came from something in front of the API.
func (e *Error) IsFromIntermediary() bool { return e.FromIntermediary }

// Pause is how long the server wants to be left alone, or 0.
func (e *Error) Pause() time.Duration { return e.RetryAfter }

// SentAt is when the last attempt began; zero when nothing was sent.
func (e *Error) SentAt() time.Time { return e.Sent }

// Ambiguous reports whether a request that makes something may have been acted on although it failed.
func (e *Error) Ambiguous() bool {
	if !e.once {
		return false
	}
	switch {
	case e.Status == 0:
		return !notSent(e.Err)
	case e.Status < 300, e.Status >= 500, e.Status == http.StatusRequestTimeout:
		// A success that cannot be read, or a gateway that lost the answer.
		return true
	default:
		return false
	}
}

// notSent reports whether a transport error happened before a request could be on its way: no address, no connection,
// no trust.
func notSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var unsent *unsentError
	return errors.As(err, &unsent) || errors.As(err, &dns) || untrusted(err) ||
		(errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"))
}

// permanent reports whether a failure will be the same next time: a certificate that cannot be trusted, an answer that
// is too large.
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

// endedError is a request that ended because its caller's context did.
type endedError struct{ cause error }

func (e *endedError) Error() string {
	if errors.Is(e.cause, context.DeadlineExceeded) {
		return noAnswer
	}
	return "broken off before an answer came"
}

func (e *endedError) Unwrap() error { return e.cause }

// unusableError is an answer of success that does not carry what it must.
type unusableError struct{ error }

func (e *unusableError) Unwrap() error { return e.error }

// unsentError marks failures before the request left this machine: signing, encoding.
type unsentError struct{ error }

func (e *unsentError) Unwrap() error { return e.error }

// noAnswer is what a user is told of a limit of time, whoever set it.
const noAnswer = "no answer in time"

// withoutURL gives a transport error without the URL that net/http puts in front, whose query may hold a secret.
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

// redact takes out of a foreign text what may give access: the passwords and the queries of URLs. A presigned URL is
// one.
func redact(text string) string {
	return query.ReplaceAllString(userinfo.ReplaceAllString(text, "${1}…@"), "${1}…")
}

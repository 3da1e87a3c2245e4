package cloud

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// fail converts an error of a client to an *Error. An *Error of the client keeps its kind and texts. A client hides the
// deadline of a single attempt, so an error of a context belongs to the caller's context.
func (c *Cloud) fail(op string, ref driver.Ref, err error) *driver.Error {
	var out *driver.Error
	if !errors.As(err, &out) {
		out = &driver.Error{Kind: c.classify(err), Err: err}
	} else {
		copied := *out
		out = &copied
	}
	out.Cloud, out.Op = c.Name, op
	if out.Ref == (driver.Ref{}) {
		out.Ref = ref
	}
	var reply driver.Reply
	if errors.As(err, &reply) {
		out.Status, out.Code = reply.HTTPStatus(), reply.VendorCode()
		out.RequestID, out.Fields = reply.RequestIdentifier(), reply.InvalidFields()
		out.Message = cmp.Or(out.Message, reply.VendorMessage())
	}
	switch {
	case errors.Is(err, context.Canceled):
		out.Kind = driver.KindCanceled
	case errors.Is(err, context.DeadlineExceeded) && out.Kind != driver.KindBusy:
		out.Kind = driver.KindTimeout
	}
	if out.Message == "" && out.Err != nil {
		out.Message = out.Err.Error()
	}
	out.Message = cmp.Or(out.Message, "the cloud reported no reason")
	return out
}

// failOperation is fail with the ID of the operation.
func (c *Cloud) failOperation(op string, ref driver.Ref, operation driver.Operation, err error) *driver.Error {
	out := c.fail(op, ref, err)
	out.OperationID = cmp.Or(out.OperationID, operation.ID)
	return out
}

func (c *Cloud) kindOf(err error) driver.Kind {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return c.classify(err)
}

// classify returns the client's kind of an error. A 404 that is not JSON comes from an intermediary or another server,
// and does not prove that the object is absent.
func (c *Cloud) classify(err error) driver.Kind {
	kind := c.client.KindOf(err)
	var origin interface{ IsFromIntermediary() bool }
	if kind == driver.KindNotFound && errors.As(err, &origin) && origin.IsFromIntermediary() {
		return driver.KindUnavailable
	}
	return kind
}

// pauseOf returns how long the cloud refuses further requests after an error, or 0.
func pauseOf(err error) time.Duration {
	var reply driver.Reply
	if errors.As(err, &reply) {
		return reply.Pause()
	}
	return 0
}

package exoscale

import (
	"cmp"
	"context"
	"fmt"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
)

// GetOperation reads the status of an operation once. An unknown state counts as progress.
func (c *client) GetOperation(ctx context.Context, operation driver.Operation) (driver.OperationStatus, error) {
	z, err := c.zone(ctx, operation.Location)
	if err != nil {
		return driver.OperationStatus{}, err
	}
	op, err := z.GetOperation(ctx, operation.ID)
	if err != nil {
		return driver.OperationStatus{}, err
	}
	status := statusFromWire(op, operation)
	if failed(op) {
		return status, operationError(op, driver.KindFailed)
	}
	return status, nil
}

// accepted converts the first answer to a change. An operation that failed in that answer never began. The reason busy
// is temporary, any other one is final.
func accepted(op api.Operation, ref driver.Ref) (driver.Operation, error) {
	operation := driver.Operation{ID: op.ID, Location: ref.Location, SourceID: ref.SourceID}
	if !failed(op) {
		return operation, nil
	}
	kind := driver.KindFailed
	if op.Reason == reasonBusy {
		kind = driver.KindBusy
	}
	return driver.Operation{}, operationError(op, kind)
}

// operationError is the error of a failed operation, in the cloud's words.
func operationError(op api.Operation, kind driver.Kind) *driver.Error {
	message := "the operation ended in " + op.State
	if op.Reason != "" {
		message += fmt.Sprintf(" with the reason %q", op.Reason)
	}
	if op.Message != "" {
		message += ": " + op.Message
	}
	return &driver.Error{Kind: kind, Message: message, Code: cmp.Or(op.Reason, op.State), OperationID: op.ID}
}

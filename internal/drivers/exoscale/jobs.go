package exoscale

import (
	"cmp"
	"context"
	"fmt"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/exoscale/api"
)

// GetOperation asks once how far an operation is. A state that is not known is progress.
func (c *client) GetOperation(ctx context.Context, operation cloud.Operation) (cloud.OperationStatus, error) {
	z, err := c.zone(ctx, operation.Location)
	if err != nil {
		return cloud.OperationStatus{}, err
	}
	op, err := z.GetOperation(ctx, operation.ID)
	if err != nil {
		return cloud.OperationStatus{}, err
	}
	status := jobStatusFromWire(op, operation)
	if failed(op) {
		return status, operationError(op, cloud.KindFailed)
	}
	return status, nil
}

// accepted turns the first answer to a change into an operation. An operation that has failed by then was never begun: the reason busy passes by
// itself, every other one is final.
func accepted(op api.Operation, ref cloud.Ref) (cloud.Operation, error) {
	operation := cloud.Operation{ID: op.ID, Location: ref.Location, SourceID: ref.SourceID}
	if !failed(op) {
		return operation, nil
	}
	kind := cloud.KindFailed
	if op.Reason == reasonBusy {
		kind = cloud.KindBusy
	}
	return cloud.Operation{}, operationError(op, kind)
}

// operationError says why an operation failed, in the cloud's words.
func operationError(op api.Operation, kind cloud.Kind) *cloud.Error {
	message := "the operation ended in " + op.State
	if op.Reason != "" {
		message += fmt.Sprintf(" with the reason %q", op.Reason)
	}
	if op.Message != "" {
		message += ": " + op.Message
	}
	return &cloud.Error{Kind: kind, Message: message, Code: cmp.Or(op.Reason, op.State), OperationID: op.ID}
}

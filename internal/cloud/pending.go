package cloud

import (
	"context"
	"errors"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// pending answers for a snapshot that has no ID yet: its operation decides whether it still comes.
func (c *Cloud) pending(ctx context.Context, ref driver.Ref, operation driver.Operation, absent error) (driver.Snapshot, error) {
	const op = "read snapshot"
	if absent == nil {
		absent = &driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the snapshot"}
	}
	poller, ok := c.client.(driver.OperationGetter)
	if !ok || operation.ID == "" {
		return driver.Snapshot{}, c.fail(op, ref, absent)
	}
	status, err := poller.GetOperation(ctx, operation)
	switch {
	case err == nil && c.overdue(status):
		return driver.Snapshot{}, c.fail(op, ref, &driver.Error{Kind: driver.KindNotFound, Message: "the snapshot was created and has since been deleted", OperationID: operation.ID})
	case err == nil:
		// Still going on, or over between the two requests: the next wait finds it.
		return c.complete(driver.Snapshot{ID: status.ObjectID, State: driver.StateCreating}, ref), nil
	case c.kindOf(err) == driver.KindNotFound, c.kindOf(err) == driver.KindFailed:
		return driver.Snapshot{}, c.fail(op, ref, &driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the snapshot", OperationID: operation.ID, Err: err})
	default:
		return driver.Snapshot{}, c.fail(op, ref, err)
	}
}

// Identify completes the address of a snapshot whose ID was not known when its wait was interrupted: it waits for the
// operation, and returns the ID of what the operation has made. KindNotFound means that it has made nothing. An address
// that has an ID is returned as it is, without a request.
func (c *Cloud) Identify(ctx context.Context, ref driver.Ref, operation driver.Operation) (driver.Ref, error) {
	const op = "find snapshot"
	if ref.ObjectID != "" {
		return ref, nil
	}
	client, err := c.snapshotter(op, ref)
	if err != nil {
		return ref, err
	}
	if operation.Done() {
		return ref, c.fail(op, ref, &driver.Error{Kind: driver.KindNotFound, Message: "the cloud has never given it an ID"})
	}
	id, _, err := c.waitOperation(ctx, operation)
	switch {
	case err != nil && c.kindOf(err) == driver.KindFailed:
		return ref, c.failOperation(op, ref, operation, &driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the snapshot", Err: err})
	case err != nil:
		return ref, c.failOperation(op, ref, operation, err)
	case id != "":
		ref.ObjectID = id
		return ref, nil
	case !c.Limits.SingleSnapshot():
		return ref, c.failOperation(op, ref, operation, errNoID("snapshot"))
	}
	limited, cancel := context.WithTimeout(ctx, visibilityTimeout)
	defer cancel()
	err = c.poll(limited, func(ctx context.Context) (bool, string, error) {
		snap, err := c.getCurrent(ctx, client, ref, operation)
		if err != nil && c.kindOf(err) == driver.KindNotFound {
			return false, "not visible yet", nil
		}
		ref.ObjectID = snap.ID
		return true, "", err
	})
	var ended *wait.Error
	switch {
	case !errors.As(err, &ended) || ctx.Err() != nil:
	case ended.Last != nil:
		err = ended.Last
	default:
		err = &driver.Error{Kind: driver.KindNotFound, Message: "the snapshot was created and has since been deleted"}
	}
	if err != nil {
		return ref, c.failOperation(op, ref, operation, err)
	}
	return ref, nil
}

// visibilityTimeout is how long a cloud may take to show what a finished operation has made.
const visibilityTimeout = 2 * time.Minute

// overdue reports whether an operation has been over for so long that what it made would have to be visible.
func (c *Cloud) overdue(status driver.OperationStatus) bool {
	return status.Done && !status.FinishedAt.IsZero() && c.Now().Sub(status.FinishedAt) > visibilityTimeout
}

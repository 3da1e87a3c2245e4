package cloud

import (
	"context"
	"errors"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// pending resolves a snapshot without an ID by the operation that creates it.
func (c *Cloud) pending(
	ctx context.Context,
	ref driver.Ref,
	operation driver.Operation,
	absent error,
) (driver.Snapshot, error) {
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
		return driver.Snapshot{}, c.fail(
			op,
			ref,
			&driver.Error{
				Kind:        driver.KindNotFound,
				Message:     "the snapshot was created and has since been deleted",
				OperationID: operation.ID,
			},
		)
	case err == nil:
		// It is running, or it ended between the two requests. The next wait finds the snapshot.
		return c.complete(driver.Snapshot{ID: status.ObjectID, State: driver.StateCreating}, ref), nil
	case c.kindOf(err) == driver.KindNotFound, c.kindOf(err) == driver.KindFailed:
		return driver.Snapshot{}, c.fail(
			op,
			ref,
			&driver.Error{
				Kind:        driver.KindNotFound,
				Message:     "the cloud did not complete the snapshot",
				OperationID: operation.ID,
				Err:         err,
			},
		)
	default:
		return driver.Snapshot{}, c.fail(op, ref, err)
	}
}

// Identify adds the ID to the address of a snapshot whose wait was interrupted before the cloud assigned one. It waits
// for the operation. KindNotFound means that the operation created nothing. An address with an ID is returned
// unchanged, without a request.
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
		return ref, c.fail(op, ref, &driver.Error{Kind: driver.KindNotFound, Message: "the cloud never assigned an ID"})
	}
	id, _, err := c.waitOperation(ctx, operation)
	switch {
	case err != nil && c.kindOf(err) == driver.KindFailed:
		return ref, c.failOperation(
			op,
			ref,
			operation,
			&driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the snapshot", Err: err},
		)
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

// visibilityTimeout is how long a cloud may take to show the result of a finished operation.
const visibilityTimeout = 2 * time.Minute

// overdue reports whether an operation finished so long ago that its result must be visible.
func (c *Cloud) overdue(status driver.OperationStatus) bool {
	return status.Done && !status.FinishedAt.IsZero() && c.Now().Sub(status.FinishedAt) > visibilityTimeout
}

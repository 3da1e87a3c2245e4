package cloud

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// poll calls check until it returns true. Temporary errors do not end the wait.
func (c *Cloud) poll(ctx context.Context, check wait.Check) error {
	return c.pollAt(ctx, c.pace, check)
}

// pollAt is poll with another pace.
func (c *Cloud) pollAt(ctx context.Context, pace wait.Pace, check wait.Check) error {
	return wait.Until(ctx, pace, func(ctx context.Context) (bool, string, error) {
		done, status, err := check(ctx)
		if err != nil {
			switch c.kindOf(err) {
			case driver.KindUnavailable, driver.KindRateLimited, driver.KindBusy:
				pause := pauseOf(err)
				if deadline, ok := ctx.Deadline(); ok && pause > 0 && time.Now().Add(pause).After(deadline) {
					// The next poll would come after the deadline.
					return false, status, err
				}
				return false, status, wait.TransientAfter(err, pause)
			default:
			}
		}
		return done, status, err
	})
}

// waitOperation polls an operation until it has succeeded. It returns the ID of the created object if the cloud reports
// it, also with an error. If the cloud has forgotten the operation, it has ended; then the object shows the result.
func (c *Cloud) waitOperation(
	ctx context.Context,
	operation driver.Operation,
) (objectID string, forgotten bool, err error) {
	defer c.endListings()
	return c.waitOperationOf(ctx, operation, func(context.Context) (string, bool) { return "", false })
}

// operationAfter is how long a wait for an operation relies on the state of the object: an operation may fail without a
// change of that state.
const operationAfter = time.Minute

// waitOperationOf is waitOperation for an object whose state other waits read as well. It polls the operation only if
// isRunning is false, or after operationAfter. isRunning returns the state of the object, and whether the operation is
// still running by that. The last polls before the deadline are of the operation, for
// the reason of a failure.
func (c *Cloud) waitOperationOf(
	ctx context.Context,
	operation driver.Operation,
	isRunning func(ctx context.Context) (state string, ok bool),
) (objectID string, forgotten bool, err error) {
	poller, ok := c.client.(driver.OperationGetter)
	if operation.ID == "" || !ok {
		return "", false, nil
	}
	start := time.Now()
	polled := start
	err = c.pollAt(ctx, c.pace.WithDelay(operation.Fresh), func(ctx context.Context) (bool, string, error) {
		deadline, limited := ctx.Deadline()
		last := limited && time.Until(deadline) < 2*c.pace.Pause(time.Since(start))
		if !last && time.Since(polled) < operationAfter {
			if state, ok := isRunning(ctx); ok {
				return false, state, nil
			}
		}
		polled = time.Now()
		status, err := poller.GetOperation(ctx, operation)
		if err != nil && c.kindOf(err) == driver.KindNotFound {
			forgotten = true
			return true, "", nil
		}
		if status.ObjectID != "" {
			objectID = status.ObjectID
		}
		return status.Done, status.Status, err
	})
	return objectID, forgotten, err
}

// deleteAndWait deletes an object and waits until it is absent. read returns the state of the object. An absent object
// is success.
func (c *Cloud) deleteAndWait(
	ctx context.Context,
	op string,
	ref driver.Ref,
	del func(ctx context.Context) (driver.Operation, error),
	read func(ctx context.Context) (status driver.State, err error),
) (err error) {
	if ref.ObjectID == "" {
		return &driver.Error{
			Kind:    driver.KindConflict,
			Cloud:   c.Name,
			Op:      op,
			Ref:     ref,
			Message: "the cloud has not assigned an ID yet",
		}
	}
	defer c.endListings()
	noun := strings.TrimPrefix(op, "delete ")
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting until the " + noun + " is deleted", done: "The " + noun + " is deleted",
	}, ref)
	defer func() { log.end("", err) }()
	var operation driver.Operation
	err = c.retryWhileLocked(ctx, func(ctx context.Context) (err error) {
		operation, err = del(ctx)
		return err
	})
	if err != nil && c.kindOf(err) == driver.KindNotFound {
		operation, err = c.confirmAbsent(ctx, del, read)
	}
	operation.Fresh = true
	if unusable(err) {
		// The cloud may have acted on the request. The object shows it.
		if status, absent := read(ctx); c.kindOf(absent) == driver.KindNotFound ||
			(absent == nil && status == driver.StateDeleting) {
			operation, err = driver.Operation{PollObject: true}, absent
		}
	}
	forgotten := false
	if err == nil {
		_, forgotten, err = c.waitOperation(ctx, operation)
	}
	if err == nil && (operation.PollObject || forgotten) {
		err = c.pollAt(ctx, c.pace.WithDelay(operation.FreshObject()), func(ctx context.Context) (bool, string, error) {
			status, err := read(ctx)
			return false, string(status), err
		})
	}
	if err != nil && c.kindOf(err) != driver.KindNotFound {
		return c.failOperation(op, ref, operation, err)
	}
	return nil
}

// confirmAbsent reads an object whose delete the cloud answered as if it were absent: a part of the cloud may not have
// a new object yet. While the object exists, the delete is repeated. The error of an absent object is KindNotFound.
func (c *Cloud) confirmAbsent(
	ctx context.Context,
	del func(ctx context.Context) (driver.Operation, error),
	read func(ctx context.Context) (driver.State, error),
) (operation driver.Operation, err error) {
	err = c.poll(ctx, func(ctx context.Context) (bool, string, error) {
		status, err := read(ctx)
		switch {
		case err != nil:
			return false, "", err
		case status == driver.StateDeleting:
			operation = driver.Operation{PollObject: true}
			return true, string(status), nil
		}
		operation, err = del(ctx)
		if err != nil && c.kindOf(err) == driver.KindNotFound {
			return false, string(status), nil
		}
		return err == nil, string(status), err
	})
	return operation, err
}

// requireID is err, or the error of a success that has the ID of neither an object nor an operation.
func requireID(err error, objectID string, operation driver.Operation, noun string) error {
	if err == nil && objectID == "" && operation.ID == "" {
		return errNoID(noun)
	}
	return err
}

// errNoID is the error of an operation that succeeded, and whose object has no ID.
func errNoID(noun string) *driver.Error {
	return &driver.Error{
		Kind:    driver.KindAmbiguous,
		Message: "the operation succeeded but did not return the ID of the new " + noun,
		Hint:    "Check the cloud before you apply again: import the new " + noun + " to keep it, or delete it there.",
	}
}

// unusable reports whether err is a successful answer that is incomplete.
func unusable(err error) bool {
	var reply driver.Reply
	return errors.As(err, &reply) && reply.HTTPStatus() >= 200 && reply.HTTPStatus() <= 299
}

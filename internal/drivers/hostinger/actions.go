package hostinger

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
)

// GetOperation reads the status of an action once; see driver.OperationGetter.
func (c *client) GetOperation(ctx context.Context, operation driver.Operation) (driver.OperationStatus, error) {
	vm, err := parseMachine(operation.SourceID)
	if err != nil {
		return driver.OperationStatus{}, err
	}
	id, err := parseID("an action", operation.ID)
	if err != nil {
		return driver.OperationStatus{}, err
	}
	action, err := c.api.GetAction(ctx, vm, id)
	if err != nil {
		return driver.OperationStatus{}, err
	}
	if action.ID == 0 {
		action.ID = id
	}
	return statusFromWire(action)
}

// ExistingSnapshot reads the snapshot that a create overwrites; see driver.SingleSnapshotter. A VM that does not exist
// is KindInvalid. The requests of read.
func (c *client) ExistingSnapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	snap, err := c.read(ctx, vm)
	if !driver.IsNotFound(err) && statusOf(err) == http.StatusNotFound {
		err = noMachine(vm, err)
	}
	return snap, err
}

// PeekSnapshot reads the snapshot that a create overwrites with one request; see driver.SingleSnapshotter.
func (c *client) PeekSnapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	snap, _, err := c.look(ctx, vm)
	return snap, err
}

// CreatedSince returns the actions that create a snapshot of a VM and began at or after since; see
// driver.SingleSnapshotter. It omits failed actions. A VM that does not exist is KindInvalid. It sends one request per
// page of actions.
func (c *client) CreatedSince(ctx context.Context, ref driver.Ref, since time.Time) ([]driver.Operation, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return nil, err
	}
	operations, err := c.actionsSince(ctx, ref, since, func(a api.Action) bool {
		_, failed := statusFromWire(a)
		return failed == nil && isCreate(a)
	})
	switch {
	case statusOf(err) == http.StatusNotFound:
		return nil, noMachine(vm, err)
	case err == nil:
		c.vacant.answered(vm)
	}
	return operations, err
}

// RestoredSince returns the actions that restore the snapshot of a VM and began at or after since, also those that have
// failed; see driver.RestoreFinder. It sends one request per page of actions.
func (c *client) RestoredSince(ctx context.Context, ref driver.Ref, since time.Time) ([]driver.Operation, error) {
	return c.actionsSince(ctx, ref, since, isRestore)
}

// actionsSince returns the actions of a VM that match and began at or after since.
func (c *client) actionsSince(
	ctx context.Context, ref driver.Ref, since time.Time, match func(api.Action) bool,
) ([]driver.Operation, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return nil, err
	}
	var operations []driver.Operation
	for page, err := range c.api.ListActions(ctx, vm) {
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			if !match(a) || a.CreatedAt.Before(since) {
				continue
			}
			operation := operationFromWire(a, vm)
			operation.PollObject, operation.CreatedAt = true, a.CreatedAt.Time
			// A page may repeat an action of the page before it.
			if !slices.Contains(operations, operation) {
				operations = append(operations, operation)
			}
		}
		if endsBefore(page, since) {
			break
		}
	}
	return operations, nil
}

// endsBefore reports whether a page is sorted with the newest first and ends before a time, so that later pages have
// only older actions. The order is not documented: with any other order, all pages are read.
func endsBefore(page []api.Action, since time.Time) bool {
	newestFirst := slices.IsSortedFunc(page, func(a, b api.Action) int { return b.CreatedAt.Compare(a.CreatedAt.Time) })
	return len(page) > 1 && newestFirst && page[0].CreatedAt.After(page[len(page)-1].CreatedAt.Time) &&
		page[len(page)-1].CreatedAt.Before(since)
}

// mutate sends a request that changes a VM, and classifies a 422: another action locks the VM (KindBusy), or the
// request is invalid. If the lock is already released, it sends the request once more, because the API did not act on a
// refusal.
func (c *client) mutate(
	ctx context.Context,
	vm int64,
	send func(context.Context, int64) (api.Action, error),
) (api.Action, error) {
	for tries := 1; ; tries++ {
		action, err := send(ctx, vm)
		if statusOf(err) != http.StatusUnprocessableEntity {
			return action, err
		}
		machine, failed := c.api.GetVirtualMachine(ctx, vm)
		switch {
		case failed != nil || (machine.ActionsLock != api.Locked && tries > 1):
			return action, err
		case machine.ActionsLock == api.Locked:
			return action, &driver.Error{
				Kind:    driver.KindBusy,
				Message: fmt.Sprintf("VM %d is locked by another action", vm),
				Err:     err,
			}
		}
	}
}

// maxLooks is how often a delete without an answer is sent in all.
const maxLooks = 4

// again repeats a request that reads before it acts, while its failure is ambiguous.
func (c *client) again(ctx context.Context, request func() error) error {
	looks := 0
	return wait.Until(ctx, wait.Pace{Floor: c.retryWait}, func(context.Context) (bool, string, error) {
		looks++
		err := request()
		if ambiguous(err) && looks < maxLooks {
			return false, "", wait.Transient(err)
		}
		return true, "", err
	})
}

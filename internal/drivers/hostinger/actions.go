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

// GetOperation asks once how far an action is; see driver.OperationGetter.
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

// CreatedSince finds the actions that make a snapshot of a VM and began at or after since; see
// driver.SingleSnapshotter. Those that failed are left out. One request per page of actions.
func (c *client) CreatedSince(ctx context.Context, ref driver.Ref, since time.Time) ([]driver.Operation, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return nil, err
	}
	actions, err := c.api.ListActions(ctx, vm, func(page []api.Action) bool { return endsBefore(page, since) })
	if err != nil {
		return nil, err
	}
	var operations []driver.Operation
	for _, a := range actions {
		if _, failed := statusFromWire(a); failed != nil || !isCreate(a) || a.CreatedAt.Before(since) {
			continue
		}
		operation := operationFromWire(a, vm)
		operation.PollObject = true
		// A page may show again what moved down from the page before it.
		if !slices.Contains(operations, operation) {
			operations = append(operations, operation)
		}
	}
	return operations, nil
}

// endsBefore reports whether a page is sorted with the newest first and reaches back beyond a time, so that later pages
// hold only older actions. The order is not documented: any other order reads all pages.
func endsBefore(page []api.Action, since time.Time) bool {
	newestFirst := slices.IsSortedFunc(page, func(a, b api.Action) int { return b.CreatedAt.Compare(a.CreatedAt.Time) })
	return len(page) > 1 && newestFirst && page[0].CreatedAt.After(page[len(page)-1].CreatedAt.Time) && page[len(page)-1].CreatedAt.Before(since)
}

// mutate sends a request that changes a VM, and finds out what a 422 means: that the VM is locked by another action
// (KindBusy), or that the request cannot be done. A lock that was lifted in between allows one more try, since a
// refusal was not acted on.
func (c *client) mutate(ctx context.Context, vm int64, send func(context.Context, int64) (api.Action, error)) (api.Action, error) {
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
			return action, &driver.Error{Kind: driver.KindBusy, Message: fmt.Sprintf("VM %d is locked by another action", vm), Err: err}
		}
	}
}

// maxLooks is how often a delete without an answer is tried in all.
const maxLooks = 4

// again repeats a request that looks before it acts, as long as nobody knows whether it was acted on.
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

package hostinger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/hostinger/api"
)

// Snapshot reads the snapshot of a VM; see driver.Snapshotter. With an ObjectID it must be that snapshot. It sends the
// requests of read.
func (c *client) Snapshot(ctx context.Context, ref driver.Ref) (driver.Snapshot, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return driver.Snapshot{}, err
	}
	snap, err := c.read(ctx, vm)
	if err != nil {
		return driver.Snapshot{}, err
	}
	if ref.ObjectID != "" && ref.ObjectID != snap.ID {
		return driver.Snapshot{}, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: fmt.Sprintf("the snapshot %s of VM %d was replaced by the snapshot %s", ref.ObjectID, vm, snap.ID),
		}
	}
	return snap, nil
}

// read reads the snapshot of a VM, whatever its ID. If there is none, or if it has expired, the error is KindNotFound.
// A VM that does not exist is an error with the API's own 404. It sends one request if there is a snapshot.
//
// The answer for a VM without a snapshot is not documented. A 404 or an empty form alone proves nothing: the VM itself
// must answer, and a second read must agree. These are three requests, or one if it confirms a read of a moment ago.
func (c *client) read(ctx context.Context, vm int64) (driver.Snapshot, error) {
	snap, confirmed, err := c.look(ctx, vm)
	if !driver.IsNotFound(err) || confirmed {
		return snap, err
	}
	if _, failed := c.api.GetVirtualMachine(ctx, vm); failed != nil {
		return driver.Snapshot{}, failed
	}
	c.vacant.answered(vm)
	snap, _, err = c.look(ctx, vm)
	return snap, err
}

// look is readOnce for one VM. confirmed reports whether KindNotFound is certain: the snapshot has expired, or an
// earlier look agrees and the VM itself has answered since.
func (c *client) look(ctx context.Context, vm int64) (snap driver.Snapshot, confirmed bool, err error) {
	snap, err = c.readOnce(ctx, vm)
	switch {
	case snap.ID != "":
		c.vacant.forget(vm)
		return snap, true, err
	case driver.IsNotFound(err):
		return snap, c.vacant.confirm(vm), err
	}
	return snap, false, err
}

// readOnce reads the snapshot of a VM with one request. A 404 of the API and each empty form are KindNotFound.
func (c *client) readOnce(ctx context.Context, vm int64) (driver.Snapshot, error) {
	wire, err := c.api.GetSnapshot(ctx, vm)
	switch {
	case statusOf(err) == http.StatusNotFound:
		return driver.Snapshot{}, absent(vm, err)
	case err != nil:
		return driver.Snapshot{}, err
	}
	return c.present(wire, vm)
}

// absent is the error of a VM without a snapshot. cause is the answer, or nil.
func absent(vm int64, cause error) error {
	return &driver.Error{Kind: driver.KindNotFound, Message: fmt.Sprintf("VM %d has no snapshot", vm), Err: cause}
}

// present converts a snapshot. An empty form is KindNotFound. An expired snapshot is KindNotFound too, and is returned
// with the error.
func (c *client) present(wire api.Snapshot, vm int64) (driver.Snapshot, error) {
	if wire.ID == 0 {
		return driver.Snapshot{}, absent(vm, nil)
	}
	snap := snapshotFromWire(wire, vm)
	if at := snap.ExpiresAt; !at.IsZero() && !c.now().Before(at) {
		return snap, &driver.Error{
			Kind:    driver.KindNotFound,
			Message: fmt.Sprintf("the snapshot %s of VM %d expired at %s", snap.ID, vm, at.Format(time.RFC3339)),
		}
	}
	return snap, nil
}

// Snapshots lists the snapshots of one VM, or of all; see driver.Snapshotter. A VM that does not exist is an error. It
// sends one request, and without a SourceID one more for each VM of the account.
func (c *client) Snapshots(ctx context.Context, filter driver.SnapshotFilter) iter.Seq2[[]driver.Snapshot, error] {
	if filter.SourceID != "" {
		return oneIfPresent(func() (driver.Snapshot, error) {
			return c.ExistingSnapshot(ctx, driver.Ref{SourceID: filter.SourceID})
		})
	}
	return driver.Walk(ctx, c.machines(ctx),
		func(ctx context.Context, m api.VirtualMachine) iter.Seq2[[]driver.Snapshot, error] {
			return oneIfPresent(func() (driver.Snapshot, error) { return c.readOnce(ctx, m.ID) })
		})
}

// oneIfPresent lists a single snapshot, or none if it is absent.
func oneIfPresent(read func() (driver.Snapshot, error)) iter.Seq2[[]driver.Snapshot, error] {
	return driver.Unpaged(func() ([]driver.Snapshot, error) {
		snap, err := read()
		if driver.IsNotFound(err) {
			return nil, nil
		}
		return []driver.Snapshot{snap}, err
	})
}

// machines lists the VMs of the account with one request.
func (c *client) machines(ctx context.Context) iter.Seq2[[]api.VirtualMachine, error] {
	return driver.Unpaged(func() ([]api.VirtualMachine, error) { return c.api.ListVirtualMachines(ctx) })
}

// CreateSnapshot starts a snapshot, which overwrites the existing one; see driver.Snapshotter. It sends one request,
// and those of mutate after a refusal.
func (c *client) CreateSnapshot(
	ctx context.Context, spec driver.SnapshotSpec,
) (driver.Snapshot, driver.Operation, error) {
	vm, err := parseMachine(spec.SourceID)
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	c.vacant.forget(vm)
	action, err := c.mutate(ctx, vm, c.api.CreateSnapshot)
	if statusOf(err) == http.StatusNotFound {
		err = noMachine(vm, err)
	}
	if err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	if _, err := statusFromWire(action); err != nil {
		return driver.Snapshot{}, driver.Operation{}, err
	}
	operation := operationFromWire(action, vm)
	operation.PollObject = true
	return driver.Snapshot{SourceID: spec.SourceID, State: driver.StateCreating}, operation, nil
}

// DeleteSnapshot compares the ID and then deletes; see driver.Snapshotter. The API deletes any snapshot of the VM, so
// after a lost answer the driver reads the snapshot again before it repeats the delete. It sends two requests.
func (c *client) DeleteSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return driver.Operation{}, err
	}
	var operation driver.Operation
	err = c.again(ctx, func() error {
		snap, err := c.Snapshot(ctx, ref)
		if err != nil {
			return err
		}
		if ref.ObjectID == "" {
			return &driver.Error{
				Kind: driver.KindConflict,
				Message: fmt.Sprintf(
					"VM %s has the snapshot %s, and the ID of the one to delete is unknown",
					snap.SourceID,
					snap.ID,
				),
				Hint: "Delete it in hPanel if it is not needed.",
			}
		}
		action, err := c.mutate(ctx, vm, c.api.DeleteSnapshot)
		if err != nil {
			return err
		}
		operation = operationFromWire(action, vm)
		_, err = statusFromWire(action)
		return err
	})
	return operation, err
}

// noMachine is the error of a VM that does not exist. It must not look like an absent snapshot.
func noMachine(vm int64, err error) error {
	return &driver.Error{
		Kind:    driver.KindInvalid,
		Message: fmt.Sprintf("there is no VM %d in this account", vm),
		Hint:    "Take the number of the VM from hPanel, and check which account the token belongs to.",
		Err:     err,
	}
}

// ambiguous reports whether the API may have acted on a request although it failed.
func ambiguous(err error) bool {
	var reply driver.Reply
	return errors.As(err, &reply) && reply.Ambiguous()
}

// RestoreSnapshot starts to overwrite the whole disk of a VM with its snapshot. The API names no snapshot: the engine
// compares the ID right before. It sends one request, and those of mutate after a refusal.
func (c *client) RestoreSnapshot(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return driver.Operation{}, err
	}
	action, err := c.mutate(ctx, vm, c.api.RestoreSnapshot)
	if err != nil {
		return driver.Operation{}, err
	}
	if _, err := statusFromWire(action); err != nil {
		return driver.Operation{}, err
	}
	operation := operationFromWire(action, vm)
	operation.PollObject = true
	return operation, nil
}

// Source reads a VM with one request. Absent is KindNotFound.
func (c *client) Source(ctx context.Context, ref driver.Ref) (driver.Source, error) {
	vm, err := parseMachine(ref.SourceID)
	if err != nil {
		return driver.Source{}, err
	}
	machine, err := c.api.GetVirtualMachine(ctx, vm)
	if err != nil {
		return driver.Source{}, err
	}
	return sourceFromWire(machine), nil
}

// Sources lists all VMs of the account with one request.
func (c *client) Sources(ctx context.Context, _ string) iter.Seq2[[]driver.Source, error] {
	return driver.Convert(c.machines(ctx), func(m api.VirtualMachine) (driver.Source, bool) {
		return sourceFromWire(m), true
	})
}

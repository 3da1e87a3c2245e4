package cloud

import (
	"context"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// StartExport starts the export of a snapshot's disk, and returns when the cloud has accepted the request. The caller
// holds the snapshot's source (LockSnapshotSource). The request is sent once. A second call exports the disk again.
func (c *Cloud) StartExport(ctx context.Context, ref driver.Ref) (operation driver.Operation, err error) {
	const op = "export snapshot"
	client, ok := c.client.(driver.Exporter)
	if !ok {
		return driver.Operation{}, c.unsupported(op, ref)
	}
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting to export the snapshot", done: "The cloud has accepted the export",
	}, ref)
	defer func() { log.end("", err) }()
	_, err = c.sendOnce(ctx, func(ctx context.Context) (err error) {
		operation, err = client.ExportSnapshot(ctx, ref)
		operation.Fresh = true
		return err
	})
	if err != nil {
		return driver.Operation{}, c.fail(op, ref, err)
	}
	return operation, nil
}

// FinishExport waits until an export is complete and returns its result. It blocks until the context ends (KindTimeout,
// KindCanceled). It sends the polls of the operation and one request. May be repeated.
func (c *Cloud) FinishExport(
	ctx context.Context, ref driver.Ref, operation driver.Operation,
) (out driver.Export, err error) {
	const op = "finish exporting snapshot"
	client, ok := c.client.(driver.Exporter)
	if !ok {
		return driver.Export{}, c.unsupported(op, ref)
	}
	snapshots, err := c.snapshotter(op, ref)
	if err != nil {
		return driver.Export{}, err
	}
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting until the export is complete", done: "The export is complete",
	}, ref)
	defer func() { log.end("", err) }()
	defer c.endListings()
	if _, _, err := c.waitOperation(ctx, operation); err != nil {
		return driver.Export{}, c.failOperation(op, ref, operation, err)
	}
	err = c.pollAt(ctx, c.pace.WithDelay(operation.FreshObject()), func(ctx context.Context) (bool, string, error) {
		var absent error
		if out, absent = client.Export(ctx, ref); absent == nil || c.kindOf(absent) != driver.KindNotFound {
			return true, "", absent
		}
		// The cloud may forget the operation before the export is complete. Then the snapshot still has the state
		// exporting.
		snap, err := c.getCurrent(ctx, snapshots, ref, driver.Operation{})
		if err == nil && snap.State != driver.StateExporting {
			err = absent
		}
		return false, string(snap.State), err
	})
	if err != nil {
		return driver.Export{}, c.failOperation(op, ref, operation, err)
	}
	return out, nil
}

// Export reads the result of the last export of a snapshot. If the snapshot is absent or not exported, the error is
// KindNotFound. It sends one request.
func (c *Cloud) Export(ctx context.Context, ref driver.Ref) (driver.Export, error) {
	const op = "read snapshot export"
	client, ok := c.client.(driver.Exporter)
	if !ok {
		return driver.Export{}, c.unsupported(op, ref)
	}
	out, err := client.Export(ctx, ref)
	if err != nil {
		return driver.Export{}, c.fail(op, ref, err)
	}
	return out, nil
}

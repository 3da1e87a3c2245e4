package api

import (
	"context"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// GetSnapshot reads the snapshot of a VM. A VM without one answers 404 or a Snapshot without an ID; the document does
// not define which. May be repeated. Hostinger API: VPS_getSnapshotV1.
func (c *Client) GetSnapshot(ctx context.Context, vm int64) (Snapshot, error) {
	return httpx.Get[Snapshot](ctx, c.rest, machinePath(vm, "/snapshot"), nil, nil)
}

// CreateSnapshot starts a snapshot of a VM, which overwrites the existing one. Never repeated after an ambiguous
// failure. Hostinger API: VPS_createSnapshotV1.
func (c *Client) CreateSnapshot(ctx context.Context, vm int64) (Action, error) {
	return c.mutate(ctx, http.MethodPost, machinePath(vm, "/snapshot"))
}

// DeleteSnapshot starts to delete the snapshot of a VM, whatever its ID. Never repeated after an ambiguous failure,
// because the VM may have another snapshot by then. Hostinger API: VPS_deleteSnapshotV1.
func (c *Client) DeleteSnapshot(ctx context.Context, vm int64) (Action, error) {
	return c.mutate(ctx, http.MethodDelete, machinePath(vm, "/snapshot"))
}

// RestoreSnapshot starts to overwrite the whole disk of a VM with its snapshot. Never repeated after an ambiguous
// failure. Hostinger API: VPS_restoreSnapshotV1.
func (c *Client) RestoreSnapshot(ctx context.Context, vm int64) (Action, error) {
	return c.mutate(ctx, http.MethodPost, machinePath(vm, "/snapshot/restore"))
}

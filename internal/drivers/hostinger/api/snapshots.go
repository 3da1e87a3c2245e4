package api

import (
	"context"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// GetSnapshot reads the one snapshot of a VM. A VM without one answers 404 or a Snapshot without an ID; the document
// does not say which. May be repeated. Hostinger API: VPS_getSnapshotV1.
func (c *Client) GetSnapshot(ctx context.Context, vm int64) (Snapshot, error) {
	return httpx.Get[Snapshot](ctx, c.rest, machinePath(vm, "/snapshot"), nil, nil)
}

// CreateSnapshot starts a snapshot of a VM, which overwrites the one that it has without asking. It is sent once.
// Hostinger API: VPS_createSnapshotV1.
func (c *Client) CreateSnapshot(ctx context.Context, vm int64) (Action, error) {
	return c.mutate(ctx, http.MethodPost, machinePath(vm, "/snapshot"))
}

// DeleteSnapshot starts to delete whatever snapshot a VM has. It is sent once, because its path does not say which
// snapshot is meant: what is there at the second time may be another one. Hostinger API: VPS_deleteSnapshotV1.
func (c *Client) DeleteSnapshot(ctx context.Context, vm int64) (Action, error) {
	return c.mutate(ctx, http.MethodDelete, machinePath(vm, "/snapshot"))
}

// RestoreSnapshot starts to overwrite the whole disk of a VM with its snapshot. It is sent once.
// Hostinger API: VPS_restoreSnapshotV1.
func (c *Client) RestoreSnapshot(ctx context.Context, vm int64) (Action, error) {
	return c.mutate(ctx, http.MethodPost, machinePath(vm, "/snapshot/restore"))
}

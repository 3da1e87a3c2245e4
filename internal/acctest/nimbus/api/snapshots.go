package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const snapshotsPath = "/snapshots"

func itemPath(id string) string { return snapshotsPath + "/" + url.PathEscape(id) }

// hasSnapshot checks that an answer has the snapshot of the path, or any snapshot if want is empty.
func hasSnapshot(want string) func(Snapshot) error {
	return func(s Snapshot) error { return httpx.SameID("snapshot", s.ID, want) }
}

// CreateSnapshot creates a snapshot of a disk ("Nimbus API: CreateSnapshot"). It must not be repeated after an
// ambiguous failure.
func (c *Client) CreateSnapshot(ctx context.Context, body CreateSnapshotRequest) (Snapshot, error) {
	return httpx.Send(ctx, c.rest, httpx.Call{
		Method: http.MethodPost, Path: snapshotsPath, Body: body, NonIdempotent: true,
	}, hasSnapshot(""))
}

// GetSnapshot reads a snapshot ("Nimbus API: GetSnapshot"). May be repeated.
func (c *Client) GetSnapshot(ctx context.Context, id string) (Snapshot, error) {
	return httpx.Get(ctx, c.rest, itemPath(id), nil, hasSnapshot(id))
}

// ListSnapshots lists all snapshots of the account ("Nimbus API: ListSnapshots"). May be repeated.
func (c *Client) ListSnapshots(ctx context.Context) ([]Snapshot, error) {
	return httpx.Get(ctx, c.rest, snapshotsPath, nil, func(all []Snapshot) error {
		if all == nil {
			return errors.New("it has no list")
		}
		return nil
	})
}

// DeleteSnapshot deletes a snapshot ("Nimbus API: DeleteSnapshot"). May be repeated.
func (c *Client) DeleteSnapshot(ctx context.Context, id string) error {
	return c.rest.Do(ctx, httpx.Call{Method: http.MethodDelete, Path: itemPath(id), Success: http.StatusNoContent})
}

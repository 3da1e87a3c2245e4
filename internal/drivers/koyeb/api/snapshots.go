package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	snapshotsPath = "/v1/snapshots"
	// pageSize is what the vendor's command line asks for; the document names no limit.
	pageSize = 100
)

// CreateSnapshot begins a snapshot of a volume ("Koyeb API: CreateSnapshot"). The answer comes at once and shows it
// being made. It is never repeated after it may have been acted on.
func (c *Client) CreateSnapshot(ctx context.Context, body CreateSnapshotRequest) (Snapshot, error) {
	body.ProjectID = c.projectID
	out, err := httpx.Send(ctx, c.rest, httpx.Call{Method: http.MethodPost, Path: snapshotsPath, Body: body, NonIdempotent: true}, hasSnapshot(""))
	return out.Snapshot, err
}

// GetSnapshot reads one snapshot ("Koyeb API: GetSnapshot"). One that was deleted may still be shown, with the status
// that says so. Repeatable.
func (c *Client) GetSnapshot(ctx context.Context, id string) (Snapshot, error) {
	out, err := httpx.Send(ctx, c.rest, httpx.Call{Method: http.MethodGet, Path: itemPath(snapshotsPath, id)}, hasSnapshot(id))
	return out.Snapshot, err
}

// ListSnapshots lists all snapshots of the organization, from all pages ("Koyeb API: ListSnapshots"). The vendor
// filters neither by volume nor by name; an empty region means all. Deleted ones may be among them. Repeatable.
func (c *Client) ListSnapshots(ctx context.Context, region string) ([]Snapshot, error) {
	offset := 0
	return httpx.Pages(ctx, func(ctx context.Context, _ int) ([]Snapshot, bool, error) {
		query := pageQuery(offset)
		if region != "" {
			query.Set("region", region)
		}
		page, err := httpx.Get(ctx, c.rest, snapshotsPath, query, func(r listSnapshotsReply) error {
			return isPage(r.Snapshots == nil, r.position)
		})
		// What has come counts, not what was asked for: the vendor may give less than that.
		offset += len(page.Snapshots)
		return page.Snapshots, page.HasNext, err
	})
}

// UpdateSnapshot renames a snapshot ("Koyeb API: UpdateSnapshot"); it is a POST, and gives the snapshot as it is then.
// Repeatable: the same name twice is the same.
func (c *Client) UpdateSnapshot(ctx context.Context, id string, body UpdateSnapshotRequest) (Snapshot, error) {
	out, err := httpx.Send(ctx, c.rest, httpx.Call{Method: http.MethodPost, Path: itemPath(snapshotsPath, id), Body: body}, hasSnapshot(id))
	return out.Snapshot, err
}

// DeleteSnapshot begins to delete a snapshot ("Koyeb API: DeleteSnapshot"). The answer comes before it is gone.
// Repeatable.
func (c *Client) DeleteSnapshot(ctx context.Context, id string) error {
	_, err := httpx.Send(ctx, c.rest, httpx.Call{Method: http.MethodDelete, Path: itemPath(snapshotsPath, id)}, hasSnapshot(id))
	return err
}

// itemPath addresses one object of a collection.
func itemPath(collection, id string) string { return collection + "/" + url.PathEscape(id) }

func pageQuery(offset int) url.Values {
	return url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}}
}

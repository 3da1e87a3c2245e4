package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	snapshotsPath = "/v1/snapshots"
	// pageSize is the page size of the vendor's command line. The document has no limit.
	pageSize = 100
)

// CreateSnapshot starts a snapshot of a volume ("Koyeb API: CreateSnapshot"). The answer comes at once, with a snapshot
// in progress. Never repeated after an ambiguous failure.
func (c *Client) CreateSnapshot(ctx context.Context, body CreateSnapshotRequest) (Snapshot, error) {
	body.ProjectID = c.projectID
	out, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodPost, Path: snapshotsPath, Body: body, NonIdempotent: true},
		hasSnapshot(""),
	)
	return out.Snapshot, err
}

// GetSnapshot reads one snapshot ("Koyeb API: GetSnapshot"). A deleted snapshot may still be returned, with that
// status. May be repeated.
func (c *Client) GetSnapshot(ctx context.Context, id string) (Snapshot, error) {
	out, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodGet, Path: itemPath(snapshotsPath, id)},
		hasSnapshot(id),
	)
	return out.Snapshot, err
}

// ListSnapshots yields the snapshots of the organization, page by page ("Koyeb API: ListSnapshots"). The vendor filters
// neither by volume nor by name. An empty region means all. The list may contain deleted snapshots. May be repeated.
func (c *Client) ListSnapshots(ctx context.Context, region string) iter.Seq2[[]Snapshot, error] {
	return httpx.Pages(ctx, func(ctx context.Context, at httpx.Page) ([]Snapshot, bool, error) {
		query := pageQuery(at.Offset)
		if region != "" {
			query.Set("region", region)
		}
		page, err := httpx.Get(ctx, c.rest, snapshotsPath, query, func(r listSnapshotsReply) error {
			if err := isPage(r.Snapshots == nil, r.position); err != nil {
				return err
			}
			return httpx.HaveIDs("snapshot", r.Snapshots, func(s Snapshot) string { return s.ID })
		})
		return page.Snapshots, page.HasNext, err
	})
}

// UpdateSnapshot renames a snapshot ("Koyeb API: UpdateSnapshot") with a POST, and returns the updated snapshot. May be
// repeated.
func (c *Client) UpdateSnapshot(ctx context.Context, id string, body UpdateSnapshotRequest) (Snapshot, error) {
	out, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodPost, Path: itemPath(snapshotsPath, id), Body: body},
		hasSnapshot(id),
	)
	return out.Snapshot, err
}

// DeleteSnapshot starts to delete a snapshot ("Koyeb API: DeleteSnapshot"). The answer comes before the end of the
// deletion. May be repeated.
func (c *Client) DeleteSnapshot(ctx context.Context, id string) error {
	_, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodDelete, Path: itemPath(snapshotsPath, id)},
		hasSnapshot(id),
	)
	return err
}

// itemPath returns the path of one object of a collection.
func itemPath(collection, id string) string { return collection + "/" + url.PathEscape(id) }

// pageQuery is the query of a page. The page begins after what the pages before it contained, because the vendor may
// return fewer than the page size.
func pageQuery(offset int) url.Values {
	return url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}}
}

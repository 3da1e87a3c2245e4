package api

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Snapshot is a snapshot of an instance's disk (Contabo API: SnapshotResponse). Tenant and customer are not decoded.
// Times have the vendor's format.
type Snapshot struct {
	SnapshotID     string `json:"snapshotId"`
	InstanceID     int64  `json:"instanceId"`
	Name           string `json:"name"`
	Description    string `json:"description"`
	CreatedDate    string `json:"createdDate"`
	AutoDeleteDate string `json:"autoDeleteDate"`
	ImageID        string `json:"imageId"`
	ImageName      string `json:"imageName"`
}

// CreateSnapshotRequest is the body of createSnapshot (Contabo API: CreateSnapshotRequest). An empty description must
// be omitted.
type CreateSnapshotRequest struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// UpdateSnapshotRequest is the body of updateSnapshot (Contabo API: UpdateSnapshotRequest). nil leaves a field
// unchanged.
type UpdateSnapshotRequest struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
}

// RetrieveSnapshotList yields the snapshots of an instance whose name contains a text, page by page. An empty text does
// not filter (Contabo API: retrieveSnapshotList).
func (c *Client) RetrieveSnapshotList(ctx context.Context, instanceID int64, name string) iter.Seq2[[]Snapshot, error] {
	query := url.Values{}
	setFilled(query, "name", name)
	return list[Snapshot](ctx, c, snapshotsPath(instanceID), "snapshotId", query)
}

// CreateSnapshot creates a snapshot and returns it. The API answers when the snapshot is complete (Contabo API:
// createSnapshot). Never repeated after an ambiguous failure.
func (c *Client) CreateSnapshot(ctx context.Context, instanceID int64, body CreateSnapshotRequest) (Snapshot, error) {
	return send[Snapshot](
		ctx,
		c,
		httpx.Call{Method: http.MethodPost, Path: snapshotsPath(instanceID), Body: body, NonIdempotent: true},
		"",
	)
}

// RetrieveSnapshot reads a snapshot (Contabo API: retrieveSnapshot).
func (c *Client) RetrieveSnapshot(ctx context.Context, instanceID int64, id string) (Snapshot, error) {
	return get[Snapshot](ctx, c, snapshotPath(instanceID, id), id)
}

// UpdateSnapshot changes name and description and returns the updated snapshot (Contabo API: updateSnapshot).
func (c *Client) UpdateSnapshot(
	ctx context.Context,
	instanceID int64,
	id string,
	body UpdateSnapshotRequest,
) (Snapshot, error) {
	return send[Snapshot](
		ctx,
		c,
		httpx.Call{Method: http.MethodPatch, Path: snapshotPath(instanceID, id), Body: body},
		id,
	)
}

// DeleteSnapshot deletes a snapshot at once (Contabo API: deleteSnapshot).
func (c *Client) DeleteSnapshot(ctx context.Context, instanceID int64, id string) error {
	return remove(ctx, c, snapshotPath(instanceID, id))
}

// RollbackSnapshot restores the instance's disk to a snapshot. The API deletes all newer snapshots (Contabo API:
// rollbackSnapshot). The document requires a body, which is empty. Never repeated after an ambiguous failure.
func (c *Client) RollbackSnapshot(ctx context.Context, instanceID int64, id string) error {
	call := httpx.Call{
		Method:        http.MethodPost,
		Path:          snapshotPath(instanceID, id) + "/rollback",
		Body:          struct{}{},
		NonIdempotent: true,
	}
	_, err := httpx.Send(ctx, c.rest, call, func(r rollbackReply) error {
		if r.Links == nil {
			return errors.New("it has no links")
		}
		return nil
	})
	return err
}

// rollbackReply is the answer of a rollback (Contabo API: RollbackSnapshotResponse).
type rollbackReply struct {
	Links map[string]any `json:"_links"`
}

func (s Snapshot) key() string { return s.SnapshotID }
func (Snapshot) noun() string  { return "snapshot" }

func snapshotsPath(instanceID int64) string {
	return instancesPath + "/" + strconv.FormatInt(instanceID, 10) + "/snapshots"
}

func snapshotPath(instanceID int64, id string) string {
	return snapshotsPath(instanceID) + "/" + url.PathEscape(id)
}

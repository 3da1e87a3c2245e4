package api

import (
	"context"
	"iter"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const volumesPath = "/v1/volumes"

// CreatePersistentVolume creates a volume, empty or from a snapshot ("Koyeb API: CreatePersistentVolume"). The latter
// is how Koyeb restores. Never repeated after an ambiguous failure.
func (c *Client) CreatePersistentVolume(
	ctx context.Context,
	body CreatePersistentVolumeRequest,
) (PersistentVolume, error) {
	body.ProjectID = c.projectID
	out, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodPost, Path: volumesPath, Body: body, NonIdempotent: true},
		hasVolume(""),
	)
	return out.Volume, err
}

// GetPersistentVolume reads one volume ("Koyeb API: GetPersistentVolume"). A deleted volume may still be returned, with
// that status. May be repeated.
func (c *Client) GetPersistentVolume(ctx context.Context, id string) (PersistentVolume, error) {
	out, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodGet, Path: itemPath(volumesPath, id)},
		hasVolume(id),
	)
	return out.Volume, err
}

// ListPersistentVolumes yields the volumes, page by page ("Koyeb API: ListPersistentVolumes"). An empty region means
// all. May be repeated.
func (c *Client) ListPersistentVolumes(ctx context.Context, region string) iter.Seq2[[]PersistentVolume, error] {
	return httpx.Pages(ctx, func(ctx context.Context, at httpx.Page) ([]PersistentVolume, bool, error) {
		query := pageQuery(at.Offset)
		if region != "" {
			query.Set("region", region)
		}
		page, err := httpx.Get(ctx, c.rest, volumesPath, query, func(r listVolumesReply) error {
			if err := isPage(r.Volumes == nil, r.position); err != nil {
				return err
			}
			return httpx.HaveIDs("volume", r.Volumes, func(v PersistentVolume) string { return v.ID })
		})
		return page.Volumes, page.HasNext, err
	})
}

// UpdatePersistentVolume renames a volume ("Koyeb API: UpdatePersistentVolume") with a POST, and returns the updated
// volume. May be repeated.
func (c *Client) UpdatePersistentVolume(
	ctx context.Context,
	id string,
	body UpdatePersistentVolumeRequest,
) (PersistentVolume, error) {
	out, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodPost, Path: itemPath(volumesPath, id), Body: body},
		hasVolume(id),
	)
	return out.Volume, err
}

// DeletePersistentVolume starts to delete a volume ("Koyeb API: DeletePersistentVolume"). The answer comes before the
// end of the deletion. May be repeated.
func (c *Client) DeletePersistentVolume(ctx context.Context, id string) error {
	_, err := httpx.Send(
		ctx,
		c.rest,
		httpx.Call{Method: http.MethodDelete, Path: itemPath(volumesPath, id)},
		hasVolume(id),
	)
	return err
}

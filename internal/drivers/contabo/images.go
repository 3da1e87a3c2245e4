package contabo

import (
	"context"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud"
)

// Image reads one image with one request.
func (c *client) Image(ctx context.Context, ref cloud.Ref) (cloud.Image, error) {
	got, err := c.api.RetrieveImage(ctx, ref.ObjectID)
	if err != nil {
		return cloud.Image{}, err
	}
	return imageFromWire(got), nil
}

// CreateImage has Contabo fetch an image. The answer is an ID only, and the image itself shows how far the download is.
func (c *client) CreateImage(ctx context.Context, spec cloud.ImageSpec) (cloud.Image, cloud.Operation, error) {
	id, err := c.api.CreateCustomImage(ctx, imageToWire(spec))
	if err != nil {
		return cloud.Image{}, cloud.Operation{}, err
	}
	return cloud.Image{ID: id, State: cloud.StateCreating}, cloud.Operation{PollObject: true}, nil
}

// UpdateImage changes name and description. The answer does not show them.
func (c *client) UpdateImage(ctx context.Context, ref cloud.Ref, change cloud.ImageChange) (cloud.Operation, error) {
	return cloud.Operation{}, c.api.UpdateImage(ctx, ref.ObjectID, imageChangeToWire(change))
}

// DeleteImage deletes an image. It is gone when the answer is there, so there is no operation.
func (c *client) DeleteImage(ctx context.Context, ref cloud.Ref) (cloud.Operation, error) {
	return cloud.Operation{}, c.api.DeleteImage(ctx, ref.ObjectID)
}

// Images lists standard and custom images.
func (c *client) Images(ctx context.Context, filter cloud.ImageFilter) ([]cloud.Image, error) {
	list, err := c.api.RetrieveImageList(ctx, imageFilterToWire(filter))
	if err != nil {
		return nil, err
	}
	out := make([]cloud.Image, 0, len(list))
	for _, i := range list {
		out = append(out, imageFromWire(i))
	}
	return out, nil
}

// ImageStats reads how much of the storage for custom images is in use.
func (c *client) ImageStats(ctx context.Context) (cloud.ImageStats, error) {
	got, err := c.api.RetrieveCustomImagesStats(ctx)
	if err != nil {
		return cloud.ImageStats{}, err
	}
	return imageStatsFromWire(got), nil
}

package contabo

import (
	"context"
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/drivers/contabo/api"
)

// Image reads one image with one request.
func (c *client) Image(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	got, err := c.api.RetrieveImage(ctx, ref.ObjectID)
	if err != nil {
		return driver.Image{}, err
	}
	return imageFromWire(got), nil
}

// CreateImage starts the download of an image. The answer has only the ID; the image itself shows the progress.
func (c *client) CreateImage(ctx context.Context, spec driver.ImageSpec) (driver.Image, driver.Operation, error) {
	id, err := c.api.CreateCustomImage(ctx, imageToWire(spec))
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	return driver.Image{ID: id, State: driver.StateCreating}, driver.Operation{PollObject: true}, nil
}

// UpdateImage changes name and description. The answer contains neither.
func (c *client) UpdateImage(ctx context.Context, ref driver.Ref, change driver.ImageChange) (driver.Operation, error) {
	return driver.Operation{}, c.api.UpdateImage(ctx, ref.ObjectID, imageChangeToWire(change))
}

// DeleteImage deletes an image. The answer comes after the deletion, so there is no operation.
func (c *client) DeleteImage(ctx context.Context, ref driver.Ref) (driver.Operation, error) {
	return driver.Operation{}, c.api.DeleteImage(ctx, ref.ObjectID)
}

// Images lists standard and custom images.
func (c *client) Images(ctx context.Context, filter driver.ImageFilter) iter.Seq2[[]driver.Image, error] {
	list := c.api.RetrieveImageList(ctx, imageFilterToWire(filter))
	return driver.Convert(list, func(i api.Image) (driver.Image, bool) { return imageFromWire(i), true })
}

// ImageStats reads the use of the storage for custom images.
func (c *client) ImageStats(ctx context.Context) (driver.ImageStats, error) {
	got, err := c.api.RetrieveCustomImagesStats(ctx)
	if err != nil {
		return driver.ImageStats{}, err
	}
	return imageStatsFromWire(got), nil
}

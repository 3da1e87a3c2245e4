package cloud

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

var (
	lostImage    = search{noun: "image", where: "the custom images of this account"}
	lostTemplate = search{noun: "template", where: "the private templates of this zone"}
)

// imageKeeper returns the client's image methods, or KindUnsupported.
func (c *Cloud) imageKeeper(op string, ref driver.Ref) (driver.ImageKeeper, error) {
	k, ok := c.client.(driver.ImageKeeper)
	if !ok {
		return nil, c.unsupported(op, ref)
	}
	return k, nil
}

// Image reads an image or a template in any state. Absent is KindNotFound. It sends one request, or shares a listing
// with other reads.
func (c *Cloud) Image(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	return c.readImage(ctx, ref, func(ctx context.Context, client driver.ImageKeeper) (driver.Image, error) {
		return c.imageReads.read(ctx, ref.Location, ref.ObjectID, func(ctx context.Context) (driver.Image, error) {
			return client.Image(ctx, ref)
		})
	})
}

// latestImage is Image with a request of its own, for a read after a change.
func (c *Cloud) latestImage(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	return c.readImage(ctx, ref, func(ctx context.Context, client driver.ImageKeeper) (driver.Image, error) {
		return client.Image(ctx, ref)
	})
}

// readImage reads an image with a function, and tracks it.
func (c *Cloud) readImage(
	ctx context.Context, ref driver.Ref, read func(context.Context, driver.ImageKeeper) (driver.Image, error),
) (driver.Image, error) {
	const op = "read image"
	client, err := c.imageKeeper(op, ref)
	if err != nil {
		return driver.Image{}, err
	}
	image, err := read(ctx, client)
	if err != nil {
		return driver.Image{}, c.fail(op, ref, err)
	}
	image = completeImage(image, ref)
	c.Track(image.Ref())
	return image, nil
}

// completeImage adds the part of the address that the answers of a cloud lack.
func completeImage(i driver.Image, ref driver.Ref) driver.Image {
	i.Location = cmp.Or(i.Location, ref.Location)
	return i
}

// ListImages yields images or templates as ListSnapshots yields snapshots.
func (c *Cloud) ListImages(ctx context.Context, filter driver.ImageFilter) iter.Seq2[[]driver.Image, error] {
	const op = "list images"
	ref := driver.Ref{Location: filter.Location}
	lister, ok := c.client.(driver.ImageLister)
	if !ok {
		return driver.Failed[driver.Image](c.unsupported(op, ref))
	}
	return each(c, op, ref, lister.Images(ctx, filter), func(i *driver.Image) (string, bool) {
		*i = completeImage(*i, ref)
		return i.ID, true
	})
}

// ListOwnImages is ListImages for the images or templates of the customer: those of the cloud are absent.
func (c *Cloud) ListOwnImages(ctx context.Context, location string) iter.Seq2[[]driver.Image, error] {
	return driver.Convert(c.ListImages(ctx, ownImages(location)), func(i driver.Image) (driver.Image, bool) {
		return i, !i.Standard
	})
}

// Images returns all images of ListImages, newest first, then by ID.
func (c *Cloud) Images(ctx context.Context, filter driver.ImageFilter) ([]driver.Image, error) {
	list, err := driver.Collect(c.ListImages(ctx, filter))
	slices.SortFunc(list, func(a, b driver.Image) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// ImageStats reads the use of the storage for custom images. It sends one request.
func (c *Cloud) ImageStats(ctx context.Context) (driver.ImageStats, error) {
	const op = "read image statistics"
	counter, ok := c.client.(driver.ImageCounter)
	if !ok {
		return driver.ImageStats{}, c.unsupported(op, driver.Ref{})
	}
	stats, err := counter.ImageStats(ctx)
	if err != nil {
		return driver.ImageStats{}, c.fail(op, driver.Ref{}, err)
	}
	return stats, nil
}

// WaitImage waits until an image is ready and returns it. With an error it returns the image as it was last. It blocks
// until the context ends (KindTimeout, KindCanceled). If the cloud reports the state error, it fails at once
// (KindFailed, with the cloud's reason). An unknown state counts as progress. May be repeated.
func (c *Cloud) WaitImage(
	ctx context.Context, made driver.Image, operation driver.Operation,
) (latest driver.Image, err error) {
	const op = "finish creating image"
	ref := made.Ref()
	client, err := c.imageKeeper(op, ref)
	if err != nil {
		return made, err
	}
	if operation.Done() && made.State == driver.StateReady {
		return made, nil
	}
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting until the image is ready", done: "The image is ready",
	}, ref)
	defer func() { log.end(latest.ID, err) }()
	defer c.imageReads.wait(ref.Location)()
	id, _, err := c.waitOperation(ctx, operation)
	made.ID = cmp.Or(made.ID, id)
	c.Track(made.Ref())
	ref = made.Ref()
	switch {
	case err != nil:
		return made, c.failOperation(op, ref, operation, err)
	case ref.ObjectID == "":
		return made, c.failOperation(op, ref, operation, errNoID("image"))
	}
	latest = made
	err = c.pollAt(
		ctx,
		c.imagePace.WithDelay(operation.FreshObject()),
		func(ctx context.Context) (bool, string, error) {
			image, err := c.imageReads.poll(ctx, ref.Location, ref.ObjectID, c.imagePace.Pause(0),
				func(ctx context.Context) (driver.Image, error) { return client.Image(ctx, ref) })
			if err != nil {
				return false, "", err
			}
			latest = completeImage(image, ref)
			text := downloaded(latest)
			log.setProgress(func(time.Duration) string { return text })
			if latest.State == driver.StateError {
				return false, "", &driver.Error{
					Kind:    driver.KindFailed,
					Message: cmp.Or(latest.ErrorMessage, "the image is in the state error"),
				}
			}
			return latest.State == driver.StateReady, string(latest.State), nil
		},
	)
	if err != nil {
		return latest, c.failOperation(op, ref, operation, err)
	}
	return latest, nil
}

// UpdateImage updates an image in place, waits until the cloud has finished, and returns the updated image. May be
// repeated.
func (c *Cloud) UpdateImage(
	ctx context.Context, ref driver.Ref, change driver.ImageChange,
) (_ driver.Image, err error) {
	const op = "update image"
	client, err := c.imageKeeper(op, ref)
	if err != nil {
		return driver.Image{}, err
	}
	ctx, log := c.logStage(ctx, updateStage("image"), ref)
	defer func() { log.end("", err) }()
	var operation driver.Operation
	err = c.retryWhileLocked(ctx, func(ctx context.Context) (err error) {
		operation, err = client.UpdateImage(ctx, ref, change)
		operation.Fresh = true
		return err
	})
	if err == nil {
		_, _, err = c.waitOperation(ctx, operation)
	}
	if err != nil {
		return driver.Image{}, c.failOperation(op, ref, operation, err)
	}
	return c.latestImage(ctx, ref)
}

// DeleteImage deletes an image and waits until it is absent. An absent image is success. May be repeated.
func (c *Cloud) DeleteImage(ctx context.Context, ref driver.Ref) error {
	const op = "delete image"
	client, err := c.imageKeeper(op, ref)
	if err != nil {
		return err
	}
	return c.deleteAndWait(ctx, op, ref,
		func(ctx context.Context) (driver.Operation, error) { return client.DeleteImage(ctx, ref) },
		func(ctx context.Context) (driver.State, error) {
			image, err := client.Image(ctx, ref)
			return image.State, err
		})
}

package cloud

import (
	"context"
	"fmt"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CreateImage starts an image and returns when the cloud has accepted the request; WaitImage waits for the result. The
// request is sent once. If the answer is lost, the engine searches a listing for the image, and adopts it if exactly
// one matches; otherwise the error is KindAmbiguous. If ctx ends, the request may still end within the grace period.
func (c *Cloud) CreateImage(ctx context.Context, spec driver.ImageSpec) (driver.Image, driver.Operation, error) {
	const op = "create image"
	ref := driver.Ref{Location: spec.Location}
	client, err := c.imageKeeper(op, ref)
	if err != nil {
		return driver.Image{}, driver.Operation{}, err
	}
	return c.makeImage(
		ctx,
		op,
		ref,
		lostImage,
		driver.Image{Location: spec.Location, Name: spec.Name, URL: spec.URL},
		func(ctx context.Context) (driver.Image, driver.Operation, error) {
			return client.CreateImage(ctx, spec)
		},
	)
}

// makeImage sends the request that creates an image or a template. what and lostOne describe the object for errors.
func (c *Cloud) makeImage(
	ctx context.Context,
	op string,
	ref driver.Ref,
	what search,
	lostOne driver.Image,
	request func(ctx context.Context) (driver.Image, driver.Operation, error),
) (made driver.Image, operation driver.Operation, err error) {
	ctx, log := c.logStage(ctx, stage{
		op: op, waiting: "Waiting to create the " + what.noun, done: "The cloud has accepted the new " + what.noun,
	}, ref)
	defer func() { log.end(made.ID, err) }()
	listed := c.listImagesBefore(ctx, ref)
	started, err := c.sendOnce(ctx, func(ctx context.Context) (err error) {
		made, operation, err = request(ctx)
		operation.Fresh = true
		return requireID(err, made.ID, operation, what.noun)
	})
	if err != nil {
		failed := c.fail(op, ref, err)
		if !lost(err) {
			return driver.Image{}, driver.Operation{}, c.addImageFacts(ctx, failed)
		}
		if made, operation, err = c.findLostImage(ctx, what, failed, started, listed, lostOne); err != nil {
			return driver.Image{}, driver.Operation{}, err
		}
	}
	made = completeImage(made, ref)
	c.Track(made.Ref())
	return made, operation, nil
}

// ownImages is the filter of the customer's images in a zone or account. Kind and visibility narrow the listing only
// where a cloud can do that.
func ownImages(location string) driver.ImageFilter {
	standard := false
	return driver.ImageFilter{Location: location, Standard: &standard, Visibility: driver.VisibilityPrivate}
}

// listImagesBefore is listBefore for the customer's images.
func (c *Cloud) listImagesBefore(ctx context.Context, ref driver.Ref) bool {
	lister, ok := c.client.(driver.ImageLister)
	return ok && c.listBefore(ctx, fmt.Sprintf("images in %q", ref.Location), func(ctx context.Context) error {
		list, err := driver.Collect(lister.Images(ctx, ownImages(ref.Location)))
		for _, i := range list {
			c.tracker.see(i.ID)
		}
		return err
	})
}

// findLostImage searches for the image of a create whose answer was lost: same name, and same URL where both are known.
func (c *Cloud) findLostImage(
	ctx context.Context,
	what search,
	failed *driver.Error,
	started time.Time,
	listed bool,
	lostOne driver.Image,
) (driver.Image, driver.Operation, error) {
	lister, ok := c.client.(driver.ImageLister)
	if !ok {
		return driver.Image{}, driver.Operation{}, what.ambiguous(
			failed,
			c.Title+" cannot list them, so it was not looked for.",
		)
	}
	found, _, problem := lostCreate[driver.Image]{
		search: what, cloud: c, started: started, listed: listed,
		list: func(ctx context.Context) ([]driver.Image, error) {
			return driver.Collect(lister.Images(ctx, ownImages(lostOne.Location)))
		},
		match: func(i driver.Image) (string, time.Time, bool) {
			sameURL := i.URL == "" || lostOne.URL == "" || i.URL == lostOne.URL
			return i.ID, i.CreatedAt, !i.Standard && i.Name == lostOne.Name && sameURL
		},
	}.find(ctx, failed)
	if problem != nil {
		return driver.Image{}, driver.Operation{}, problem
	}
	return found, driver.Operation{PollObject: true, Adopted: true}, nil
}

package cloud

import (
	"cmp"
	"context"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// ImageOf reads an image that an operation may still be creating. While the operation runs and the cloud does not show
// the image, the result is an image in StateCreating, without an ID if the cloud has assigned none. The result of a
// finished operation has some time to appear, because Terraform would create an absent image again. It sends one
// request, and more to poll the operation.
func (c *Cloud) ImageOf(ctx context.Context, ref driver.Ref, operation driver.Operation) (driver.Image, error) {
	const op = "read image"
	var absent error = &driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the image"}
	if ref.ObjectID != "" {
		var image driver.Image
		if image, absent = c.Image(ctx, ref); absent == nil || driver.KindOf(absent) != driver.KindNotFound {
			return image, absent
		}
	}
	poller, ok := c.client.(driver.OperationGetter)
	if !ok || operation.ID == "" {
		return driver.Image{}, c.fail(op, ref, absent)
	}
	status, err := poller.GetOperation(ctx, operation)
	ref.ObjectID = cmp.Or(ref.ObjectID, status.ObjectID)
	switch {
	case err == nil && status.Done && ref.ObjectID != "":
		return c.waitVisible(ctx, ref)
	case err == nil:
		return completeImage(driver.Image{ID: ref.ObjectID, State: driver.StateCreating}, ref), nil
	case c.kindOf(err) == driver.KindNotFound, c.kindOf(err) == driver.KindFailed:
		return driver.Image{}, c.failOperation(
			op,
			ref,
			operation,
			&driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the image", Err: err},
		)
	default:
		return driver.Image{}, c.failOperation(op, ref, operation, err)
	}
}

// waitVisible reads an image whose operation has ended. If the image has been deleted since, the error is KindNotFound.
func (c *Cloud) waitVisible(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	limited, cancel := context.WithTimeout(ctx, visibilityTimeout)
	defer cancel()
	var (
		image  driver.Image
		answer error
	)
	err := c.poll(limited, func(ctx context.Context) (bool, string, error) {
		image, answer = c.latestImage(ctx, ref)
		if driver.KindOf(answer) == driver.KindNotFound {
			return false, "not visible yet", nil
		}
		return true, "", answer
	})
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		err = &driver.Error{Kind: driver.KindNotFound, Message: "the image was created and has since been deleted"}
	}
	if err != nil {
		return driver.Image{}, c.fail("read image", ref, err)
	}
	return image, nil
}

// IdentifyImage waits for the operation that creates an image, and adds the ID to the address. Before that, a cloud may
// neither show nor delete the image. KindNotFound means that the operation created nothing. Without an operation the
// address is returned unchanged, without a request.
func (c *Cloud) IdentifyImage(ctx context.Context, ref driver.Ref, operation driver.Operation) (driver.Ref, error) {
	const op = "find image"
	id, _, err := c.waitOperation(ctx, operation)
	ref.ObjectID = cmp.Or(ref.ObjectID, id)
	switch {
	case err != nil && c.kindOf(err) != driver.KindFailed:
		return ref, c.failOperation(op, ref, operation, err)
	case ref.ObjectID == "":
		return ref, c.failOperation(
			op,
			ref,
			operation,
			&driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the image", Err: err},
		)
	}
	// A failed operation may have created an image.
	return ref, nil
}

// addImageFacts adds facts to the error of a refused create: the cloud's rules for files, and the use of the image
// storage, because no vendor documents the status of full storage. If the use cannot be read, nothing is added.
func (c *Cloud) addImageFacts(ctx context.Context, failed *driver.Error) *driver.Error {
	if failed.Status == http.StatusUnsupportedMediaType {
		failed.Hint = cmp.Or(failed.Hint, c.Limits.ImageFile)
	}
	switch failed.Kind {
	case driver.KindLimit, driver.KindInvalid, driver.KindConflict, driver.KindPermission:
	default:
		return failed
	}
	counter, ok := c.client.(driver.ImageCounter)
	if !ok {
		return failed
	}
	if stats, err := counter.ImageStats(ctx); err == nil {
		failed.ImageStats = &stats
	}
	return failed
}

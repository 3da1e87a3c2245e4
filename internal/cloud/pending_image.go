package cloud

import (
	"cmp"
	"context"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// ImageOf reads an image that an operation may still be making: as long as the cloud does not show it and the operation
// goes on, the answer is an image in StateCreating, without an ID where the cloud has not named one. One request, or
// more while the operation is asked for: what a finished operation has made is given some time to appear, because an
// image that is taken for gone would be made a second time.
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
		return driver.Image{}, c.failOperation(op, ref, operation, &driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the image", Err: err})
	default:
		return driver.Image{}, c.failOperation(op, ref, operation, err)
	}
}

// waitVisible reads an image whose operation is over. It is KindNotFound when it has been deleted since.
func (c *Cloud) waitVisible(ctx context.Context, ref driver.Ref) (driver.Image, error) {
	limited, cancel := context.WithTimeout(ctx, visibilityTimeout)
	defer cancel()
	var (
		image  driver.Image
		answer error
	)
	err := c.poll(limited, func(ctx context.Context) (bool, string, error) {
		image, answer = c.Image(ctx, ref)
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

// IdentifyImage completes the address of an image whose wait has not come to its end: it waits for the operation,
// because a cloud may not show the image, nor delete it, before. KindNotFound means that the operation has made
// nothing. Without an operation an address is returned as it is, without a request.
func (c *Cloud) IdentifyImage(ctx context.Context, ref driver.Ref, operation driver.Operation) (driver.Ref, error) {
	const op = "find image"
	id, _, err := c.waitOperation(ctx, operation)
	ref.ObjectID = cmp.Or(ref.ObjectID, id)
	switch {
	case err != nil && c.kindOf(err) != driver.KindFailed:
		return ref, c.failOperation(op, ref, operation, err)
	case ref.ObjectID == "":
		return ref, c.failOperation(op, ref, operation, &driver.Error{Kind: driver.KindNotFound, Message: "the cloud did not complete the image", Err: err})
	}
	// A failed operation may have left something behind.
	return ref, nil
}

// addImageFacts adds to the error of a refused create what the cloud itself does not say. A file of the wrong kind gets
// the cloud's rules, and every refusal the use of the image storage: no vendor documents the status of a full one.
// Figures that cannot be read add nothing, the first error is the one to show.
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

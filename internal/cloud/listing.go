package cloud

import (
	"iter"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// each yields the pages of a driver's listing after complete has added what the answers of the cloud lack. complete
// returns the object's ID, which the tracker records, and whether to keep the object. An error of the listing becomes
// an *Error, and is the last element.
func each[T any](
	c *Cloud, op string, ref driver.Ref, list iter.Seq2[[]T, error], complete func(*T) (id string, ok bool),
) iter.Seq2[[]T, error] {
	converted := driver.Convert(list, func(object T) (T, bool) {
		id, ok := complete(&object)
		c.tracker.see(id)
		return object, ok
	})
	return func(yield func([]T, error) bool) {
		for page, err := range converted {
			if err != nil {
				err = c.fail(op, ref, err)
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

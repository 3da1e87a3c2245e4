package cloud

import (
	"context"
	"fmt"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckSource finds at plan time why a snapshot of a source could not be taken: the source does not exist, the
// credentials do not reach it, or it has no room. Terraform deletes the old snapshot of a replacement first, so a
// create that fails at apply loses it. A snapshot of the same source that belongs to a resource of this run counts as
// room, because it may be the one that is replaced. It sends one or two requests, or none where a cloud cannot be
// asked. The error is an *Error.
func (c *Cloud) CheckSource(ctx context.Context, spec driver.SnapshotSpec) error {
	reader, ok := c.client.(driver.SourceReader)
	if !ok {
		return nil
	}
	ref := spec.Ref()
	source, err := reader.Source(ctx, ref)
	if err != nil {
		return c.fail("read "+c.Limits.SourceKind, ref, err)
	}
	if source.Room == nil || *source.Room > 0 || c.tracker.tracksSource(ref) {
		return nil
	}
	return c.fail("create snapshot", ref, &driver.Error{
		Kind:    driver.KindLimit,
		Message: fmt.Sprintf("%s %s has no room for a snapshot", c.Limits.SourceKind, ref.SourceID),
	})
}

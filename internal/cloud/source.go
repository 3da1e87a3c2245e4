package cloud

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// CheckSource returns an error at plan time if a snapshot of a source cannot be created: the source does not exist, the
// credentials do not reach it, or its quota is exhausted. Terraform deletes the old snapshot of a replacement first, so
// a create that fails at apply loses it. A snapshot of the same source that a resource of this run has does not count
// against the quota, because the plan may replace it; with spec.Unmanaged it does. It sends one request or shares a
// listing with other checks; it sends none where a cloud has no method for it or a source has a single snapshot. The
// error is an *Error.
func (c *Cloud) CheckSource(ctx context.Context, spec driver.SnapshotSpec) error {
	reader, ok := c.client.(driver.SourceReader)
	if _, single := c.client.(driver.SingleSnapshotter); !ok || single {
		// CheckExistingSnapshot finds that the source of a single snapshot does not exist.
		return nil
	}
	ref := spec.Ref()
	source, err := c.sourceReads.read(ctx, c.scope(ref).Location, ref.SourceID,
		func(ctx context.Context) (driver.Source, error) { return reader.Source(ctx, ref) })
	if err != nil {
		return c.fail("read "+c.Limits.SourceKind, ref, err)
	}
	if source.Room == nil || *source.Room > 0 || (!spec.Unmanaged && c.tracker.tracksSource(ref)) {
		return nil
	}
	return c.fail("create snapshot", ref, &driver.Error{
		Kind:    driver.KindLimit,
		Message: fmt.Sprintf("%s %s cannot hold another snapshot", c.Limits.SourceKind, ref.SourceID),
	})
}

// Sources lists what can be snapshotted, sorted by name, then by ID. At a cloud with zones it lists one zone. The error
// is an *Error.
func (c *Cloud) Sources(ctx context.Context, location string) ([]driver.Source, error) {
	const op = "list snapshot sources"
	ref := driver.Ref{Location: location}
	lister, ok := c.client.(driver.SourceLister)
	if !ok {
		return nil, c.unsupported(op, ref)
	}
	list, err := driver.Collect(lister.Sources(ctx, location))
	if err != nil {
		return nil, c.fail(op, ref, err)
	}
	slices.SortFunc(list, func(a, b driver.Source) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

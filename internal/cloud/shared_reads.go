package cloud

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// shareReads sets the listings that reads share. busy counts the reads of all clouds that belong together; nil means
// that there is no other cloud. A cloud whose sources have a single snapshot has no listing that saves reads.
func (c *Cloud) shareReads(busy *atomic.Int64) {
	if busy == nil {
		busy = new(atomic.Int64)
	}
	c.snapshotReads.busy, c.imageReads.busy, c.volumeReads.busy, c.sourceReads.busy = busy, busy, busy, busy
	c.snapshotReads.large = c.Limits.Scope == driver.ScopeAccount
	large := c.Limits.Scope != driver.ScopeLocation
	c.imageReads.large, c.volumeReads.large, c.sourceReads.large = large, large, large
	if client, ok := c.client.(driver.Snapshotter); ok && !c.Limits.SingleSnapshot() {
		c.snapshotReads.id = func(s driver.Snapshot) string { return s.ID }
		c.snapshotReads.list = func(
			ctx context.Context, scope driver.SnapshotFilter,
		) iter.Seq2[[]driver.Snapshot, error] {
			return seen(c, client.Snapshots(ctx, scope), c.snapshotReads.id)
		}
	}
	if client, ok := c.client.(driver.ImageLister); ok {
		c.imageReads.id = func(i driver.Image) string { return i.ID }
		c.imageReads.list = func(ctx context.Context, location string) iter.Seq2[[]driver.Image, error] {
			list := driver.Convert(client.Images(ctx, ownImages(location)), func(i driver.Image) (driver.Image, bool) {
				// A read of an image does not report its tags.
				i.Tags = nil
				return i, true
			})
			return seen(c, list, c.imageReads.id)
		}
	}
	if client, ok := c.client.(driver.VolumeKeeper); ok {
		c.volumeReads.id = func(v driver.Volume) string { return v.ID }
		c.volumeReads.list = func(ctx context.Context, location string) iter.Seq2[[]driver.Volume, error] {
			return seen(c, client.Volumes(ctx, location), c.volumeReads.id)
		}
	}
	if client, ok := c.client.(driver.SourceLister); ok {
		c.sourceReads.id = func(s driver.Source) string { return s.ID }
		c.sourceReads.list = client.Sources
	}
}

// seen yields a listing, and records that its objects exist.
func seen[T any](c *Cloud, list iter.Seq2[[]T, error], id func(T) string) iter.Seq2[[]T, error] {
	return driver.Convert(list, func(object T) (T, bool) {
		c.tracker.see(id(object))
		return object, true
	})
}

// endListings ends the listings that reads share, for the reads that begin from now on.
func (c *Cloud) endListings() {
	c.snapshotReads.end()
	c.imageReads.end()
	c.volumeReads.end()
	c.sourceReads.end()
}

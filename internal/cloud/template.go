package cloud

import (
	"context"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// PromoteSnapshot creates a template from a snapshot, and returns when the cloud has accepted the request; WaitImage
// waits for the result. The caller holds the snapshot's source (LockSnapshotSource). The request is sent once. A lost
// answer is handled as by CreateImage.
func (c *Cloud) PromoteSnapshot(ctx context.Context, spec driver.PromoteSpec) (driver.Image, driver.Operation, error) {
	const op = "promote snapshot"
	client, ok := c.client.(driver.Promoter)
	if !ok {
		return driver.Image{}, driver.Operation{}, c.unsupported(op, spec.Snapshot)
	}
	return c.makeImage(
		ctx,
		op,
		spec.Snapshot,
		lostTemplate,
		driver.Image{Location: spec.Snapshot.Location, Name: spec.Name},
		func(ctx context.Context) (driver.Image, driver.Operation, error) {
			return client.PromoteSnapshot(ctx, spec)
		},
	)
}

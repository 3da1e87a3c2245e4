package api

import (
	"context"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// GetDisk reads a disk ("Nimbus API: GetDisk"). May be repeated.
func (c *Client) GetDisk(ctx context.Context, id string) (Disk, error) {
	return httpx.Get(ctx, c.rest, "/disks/"+url.PathEscape(id), nil, func(d Disk) error {
		return httpx.SameID("disk", d.ID, id)
	})
}

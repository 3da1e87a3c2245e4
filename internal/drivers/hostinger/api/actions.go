package api

import (
	"context"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// GetAction reads one action of a VM. May be repeated.
// Hostinger API: VPS_getActionDetailsV1.
func (c *Client) GetAction(ctx context.Context, vm, action int64) (Action, error) {
	return httpx.Get(
		ctx,
		c.rest,
		machinePath(vm, "/actions/"+strconv.FormatInt(action, 10)),
		nil,
		func(a Action) error {
			return sameNumber("action", a.ID, action)
		},
	)
}

// ListActions reads the actions of a VM page by page, in the API's order, until enough returns true for a page. A nil
// enough reads all. May be repeated. Hostinger API: VPS_getActionsV1.
func (c *Client) ListActions(ctx context.Context, vm int64, enough func(page []Action) bool) ([]Action, error) {
	return httpx.Pages(ctx, func(ctx context.Context, page int) ([]Action, bool, error) {
		query := url.Values{"page": {strconv.Itoa(page)}}
		out, err := httpx.Get(ctx, c.rest, machinePath(vm, "/actions"), query, actionPage.check)
		return out.Data, out.more() && (enough == nil || !enough(out.Data)), err
	})
}

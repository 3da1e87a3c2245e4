package api

import (
	"context"
	"iter"
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

// ListActions yields the pages of the actions of a VM, in the API's order. May be repeated. Hostinger API:
// VPS_getActionsV1.
func (c *Client) ListActions(ctx context.Context, vm int64) iter.Seq2[[]Action, error] {
	return httpx.Pages(ctx, func(ctx context.Context, page httpx.Page) ([]Action, bool, error) {
		query := url.Values{"page": {strconv.Itoa(page.Number)}}
		out, err := httpx.Get(ctx, c.rest, machinePath(vm, "/actions"), query, actionPage.check)
		return out.Data, out.more(), err
	})
}

package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Zone is the API of one zone. It is safe for concurrent use. Every error of its methods is an *httpx.Error.
type Zone struct{ rest *httpx.Client }

// ListZones lists the zones with their endpoints ("Exoscale API: list-zones"). May be repeated.
func (z *Zone) ListZones(ctx context.Context) (ZoneList, error) {
	return httpx.Get[ZoneList](ctx, z.rest, "/zone", nil)
}

// GetOperation asks once how far an operation is ("Exoscale API: get-operation"). It must be asked for in the zone that accepted it. May
// be repeated.
func (z *Zone) GetOperation(ctx context.Context, id string) (Operation, error) {
	return httpx.Get[Operation](ctx, z.rest, "/operation/"+url.PathEscape(id), nil)
}

// once sends a POST that makes something or destroys data: it is not repeated unless it surely was not acted on.
func (z *Zone) once(ctx context.Context, path string, body any) (Operation, error) {
	var out begun
	err := z.rest.Do(ctx, httpx.Call{Method: http.MethodPost, Path: path, Body: body, Out: &out, Once: true})
	return Operation(out), err
}

// again sends a request that may be repeated.
func (z *Zone) again(ctx context.Context, method, path string, body any) (op Operation, err error) {
	err = z.rest.Do(ctx, httpx.Call{Method: method, Path: path, Body: body, Out: &op})
	return op, err
}

// begun is an operation that must be possible to follow: something is being made, and without any name only a listing could tell what.
type begun Operation

// Complete is what httpx asks of an answer of success.
func (b *begun) Complete() error {
	if b.ID == "" && b.Reference.ID == "" {
		return errors.New("it names neither an operation nor what is made")
	}
	return nil
}

package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Zone is the API of one zone. It is safe for concurrent use. Every error of its methods is an *httpx.Error.
type Zone struct{ rest *httpx.Client }

// ListZones lists the zones with their endpoints ("Exoscale API: list-zones"). May be repeated.
func (z *Zone) ListZones(ctx context.Context) (ZoneList, error) {
	return httpx.Get(ctx, z.rest, "/zone", nil, func(l ZoneList) error {
		if len(l.Zones) == 0 {
			return errors.New("it has no zone")
		}
		return nil
	})
}

// GetOperation reads the status of an operation once ("Exoscale API: get-operation"). Only the zone that accepted the
// operation has it. May be repeated.
func (z *Zone) GetOperation(ctx context.Context, id string) (Operation, error) {
	return httpx.Get(ctx, z.rest, "/operation/"+url.PathEscape(id), nil, func(op Operation) error {
		if op.State == "" {
			return errors.New("it has no state")
		}
		// All fields are optional, so an operation without an ID is the requested one.
		return httpx.SameID("operation", cmp.Or(op.ID, id), id)
	})
}

// once sends a POST that creates something or destroys data. It is never repeated after an ambiguous failure.
func (z *Zone) once(ctx context.Context, path string, body any) (Operation, error) {
	return httpx.Send(
		ctx,
		z.rest,
		httpx.Call{Method: http.MethodPost, Path: path, Body: body, NonIdempotent: true},
		begun,
	)
}

// again sends a request that may be repeated.
func (z *Zone) again(ctx context.Context, method, path string, body any) (Operation, error) {
	return httpx.Send(ctx, z.rest, httpx.Call{Method: method, Path: path, Body: body}, begun)
}

// begun checks that an operation can be polled. Without any ID, only a listing could show what it creates.
func begun(op Operation) error {
	if op.ID == "" && op.Reference.ID == "" {
		return errors.New("it has the ID of neither an operation nor an object")
	}
	return nil
}

// list reads a listing and checks it. The vendor has no pages. The array of an empty listing may be missing, but the
// answer must be an object.
func list[T any](
	ctx context.Context, z *Zone, path string, query url.Values, check func(T) error,
) (out T, err error) {
	_, err = httpx.Get(ctx, z.rest, path, query, func(raw json.RawMessage) error {
		if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
			return errors.New("it has no listing")
		}
		// An earlier attempt may have set fields.
		out = *new(T)
		if err := json.Unmarshal(raw, &out); err != nil {
			return err
		}
		return check(out)
	})
	return out, err
}

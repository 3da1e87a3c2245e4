package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// Zone is the API of one zone. It is safe for concurrent use. Every error of its methods is an *httpx.Error, or wraps one.
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

// once sends a POST that makes something or destroys data: it is not repeated unless it surely was not acted on. The operation names what
// is made; an answer without any name is an error that counts as ambiguous, because the request was accepted.
func (z *Zone) once(ctx context.Context, path string, body any) (op Operation, err error) {
	call := httpx.Call{Method: http.MethodPost, Path: path, Body: body, Out: &op, Once: true}
	if err := z.rest.Do(ctx, call); err != nil {
		return op, err
	}
	if op.ID == "" && op.Reference.ID == "" {
		return op, &UnnamedError{&httpx.Error{
			Method: call.Method, Path: path, Status: http.StatusOK,
			Err: errors.New("the request was accepted, but the answer names neither an operation nor what it makes"),
		}}
	}
	return op, nil
}

// again sends a request that may be repeated.
func (z *Zone) again(ctx context.Context, method, path string, body any) (op Operation, err error) {
	err = z.rest.Do(ctx, httpx.Call{Method: method, Path: path, Body: body, Out: &op})
	return op, err
}

// reply is embedded under a name that does not hide its method Error.
type reply = httpx.Error

// UnnamedError is a request that was accepted with an answer by which it cannot be followed.
type UnnamedError struct{ *reply }

// Ambiguous is always true: something is being made, and only a listing can tell what.
func (e *UnnamedError) Ambiguous() bool { return true }

// Unwrap returns the error of the call.
func (e *UnnamedError) Unwrap() error { return e.reply }

// Package api is a client of Hostinger's VPS API in Hostinger's own words. It imports only the REST core of this
// project.
//
// Each method is one operation of hostinger.openapi.json (version 1.42.5) and has its name. Every error is an
// *httpx.Error.
package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// limitedPause is the pause after a 429 without a header for it. Hostinger documents neither its headers nor its
// limits, and blocks addresses that continue to send requests.
const limitedPause = 30 * time.Second

// Client calls the API with one token. It is safe for concurrent use.
type Client struct {
	rest *httpx.Client
}

// New returns a client with an API token from hPanel. It sends no request. options.BaseURL is the URL before
// /api/vps/v1. The errors are those of httpx.CheckEndpoint.
func New(options httpx.Options, token string) (*Client, error) {
	options.Sign = bearer(token)
	options.DecodeError = decodeError
	options.RateReset = rateReset(options.RetryWait)
	rest, err := httpx.New(options)
	if err != nil {
		return nil, err
	}
	return &Client{rest: rest}, nil
}

// bearer adds the token, and declares JSON on requests without a body too, as the API's introduction requires.
func bearer(token string) func(*http.Request, []byte) error {
	return func(req *http.Request, _ []byte) error {
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		return nil
	}
}

// rateReset is httpx.RateReset, or else limitedPause, because the document promises headers and does not name them.
// With a RetryWait below one second, as in tests, there is no limitedPause.
func rateReset(retryWait time.Duration) func(http.Header) (time.Duration, bool) {
	return func(h http.Header) (time.Duration, bool) {
		if pause, ok := httpx.RateReset(h); ok {
			return pause, true
		}
		return limitedPause, retryWait == 0 || retryWait >= time.Second
	}
}

// machinePath returns the path of a VM, or of an object of it.
func machinePath(vm int64, below string) string {
	return machinesPath + "/" + strconv.FormatInt(vm, 10) + below
}

const machinesPath = "/api/vps/v1/virtual-machines"

// sameNumber is httpx.SameID for the numbers of this API.
func sameNumber(noun string, got, want int64) error {
	return httpx.SameID(noun, numberID(got), strconv.FormatInt(want, 10))
}

// numberID returns a number as an ID. 0 is no ID.
func numberID(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// mutate sends a request without a body that changes a VM, and returns the Action. It is never repeated after an
// ambiguous failure. A successful answer without an Action is an ambiguous failure, although Hostinger's own clients
// accept an empty one: the caller must search for the Action.
func (c *Client) mutate(ctx context.Context, method, path string) (Action, error) {
	return httpx.Send(ctx, c.rest, httpx.Call{Method: method, Path: path, NonIdempotent: true}, func(a Action) error {
		if a.ID == 0 {
			return errors.New("it has no action")
		}
		return nil
	})
}

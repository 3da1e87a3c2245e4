// Package api speaks Hostinger's VPS API in Hostinger's own words, and knows nothing else of this project.
//
// One method is one operation of hostinger.openapi.json (version 1.42.5) and has its name. Every error is an
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

// limitedPause is how long to stay away after a 429 without a hint: Hostinger names neither its headers nor its limits,
// and blocks addresses that go on asking.
const limitedPause = 30 * time.Second

// Client talks to the API with one token. It is safe for concurrent use.
type Client struct {
	rest *httpx.Client
}

// New makes a client with an API token from hPanel. options.BaseURL is the URL in front of /api/vps/v1. It sends no
// request. The errors are those of httpx.CheckEndpoint.
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

// bearer signs with the token, and declares JSON on requests without a body too, as the API's introduction asks of all
// requests.
func bearer(token string) func(*http.Request, []byte) error {
	return func(req *http.Request, _ []byte) error {
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		return nil
	}
}

// rateReset is httpx.RateReset, or else limitedPause: the document promises headers and does not name them. It has no
// limitedPause where retries are paced faster than real time allows.
func rateReset(retryWait time.Duration) func(http.Header) (time.Duration, bool) {
	return func(h http.Header) (time.Duration, bool) {
		if pause, ok := httpx.RateReset(h); ok {
			return pause, true
		}
		return limitedPause, retryWait == 0 || retryWait >= time.Second
	}
}

// machinePath is the path of a VM, or of what is below it.
func machinePath(vm int64, below string) string {
	return machinesPath + "/" + strconv.FormatInt(vm, 10) + below
}

const machinesPath = "/api/vps/v1/virtual-machines"

// sameNumber is httpx.SameID for the numbers of this API.
func sameNumber(noun string, got, want int64) error {
	if got == 0 {
		return httpx.SameID(noun, "", "")
	}
	return httpx.SameID(noun, strconv.FormatInt(got, 10), strconv.FormatInt(want, 10))
}

// mutate sends a request without a body that changes a VM and answers with an Action. It is never sent again when it
// may have been acted on. An answer of success without an Action is an ambiguous failure, although Hostinger's own
// clients accept an empty one: the caller has to look for the Action.
func (c *Client) mutate(ctx context.Context, method, path string) (Action, error) {
	return httpx.Send(ctx, c.rest, httpx.Call{Method: method, Path: path, NonIdempotent: true}, func(a Action) error {
		if a.ID == 0 {
			return errors.New("it names no action")
		}
		return nil
	})
}

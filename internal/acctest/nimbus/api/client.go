// Package api is the client of Nimbus' API as testdata/openapi.json describes it. Each operation has one method.
package api

import (
	"cmp"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// DefaultEndpoint is the address of Nimbus' API.
const DefaultEndpoint = "https://api.nimbus.example"

// Client calls Nimbus with one token. It is safe for concurrent use.
type Client struct{ rest *httpx.Client }

// New makes a client and sends nothing. An empty BaseURL is DefaultEndpoint. The error is that of an endpoint that may
// not be used.
func New(o httpx.Options, token string) (*Client, error) {
	o.BaseURL, o.DecodeError = cmp.Or(o.BaseURL, DefaultEndpoint), decodeError
	o.Sign = func(req *http.Request, _ []byte) error {
		req.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
	rest, err := httpx.New(o)
	if err != nil {
		return nil, err
	}
	return &Client{rest: rest}, nil
}

// Package api talks to Koyeb's REST API as its Swagger document describes it (koyeb 1.0.0,
// https://www.koyeb.com/docs/reference/api): one method for each operation, in the vendor's words. It knows nothing of
// snapshots at other clouds, and decides nothing.
package api

import (
	"context"
	"net/http"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// DefaultEndpoint is the address of Koyeb's API, without the version that every path begins with.
const DefaultEndpoint = "https://app.koyeb.com"

// projectHeader scopes a request to a project. Koyeb's dashboard and command line send it; the document does not name
// it.
const projectHeader = "X-Koyeb-Project-Id"

// Options are what makes a client.
type Options struct {
	// Endpoint is a complete URL; empty means DefaultEndpoint.
	Endpoint string
	// Token is an organization's API token.
	Token string
	// ProjectID scopes every request to a project; empty leaves the choice to Koyeb.
	ProjectID string

	// UserAgent, Transport, RetryWait and Debug are passed on to httpx.Options.
	UserAgent string
	Transport http.RoundTripper
	RetryWait time.Duration
	// Grace is that of httpx.Options.
	Grace time.Duration
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
}

// Client talks to one organization. It is safe for concurrent use.
type Client struct {
	rest *httpx.Client
	// projectID goes into the body of what is created.
	projectID string
}

// New makes a client and talks to nobody. The error is that of an endpoint that may not be used.
func New(o Options) (*Client, error) {
	if o.Endpoint == "" {
		o.Endpoint = DefaultEndpoint
	}
	rest, err := httpx.New(httpx.Options{
		BaseURL:     o.Endpoint,
		UserAgent:   o.UserAgent,
		Transport:   o.Transport,
		Sign:        o.sign,
		DecodeError: decodeError,
		RateReset:   httpx.RateReset,
		RetryWait:   o.RetryWait,
		Grace:       o.Grace,
		Debug:       o.Debug,
	})
	if err != nil {
		return nil, err
	}
	return &Client{rest: rest, projectID: o.ProjectID}, nil
}

// sign puts the token on a request, and the project where there is one. The document leaves the type of bodies open;
// the vendor's clients send JSON's on every request.
func (o Options) sign(req *http.Request, _ []byte) error {
	req.Header.Set("Authorization", "Bearer "+o.Token)
	req.Header.Set("Content-Type", "application/json")
	if o.ProjectID != "" {
		req.Header.Set(projectHeader, o.ProjectID)
	}
	return nil
}

// Skew is Koyeb's clock minus this machine's, and false before the first answer.
func (c *Client) Skew() (time.Duration, bool) { return c.rest.Skew() }

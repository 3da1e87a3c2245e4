// Package api talks to Koyeb's REST API as its Swagger document describes it (koyeb 1.0.0,
// https://www.koyeb.com/docs/reference/api): one method for each operation, in the vendor's words. It knows nothing of
// snapshots at other clouds, and decides nothing.
package api

import (
	"cmp"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// DefaultEndpoint is the address of Koyeb's API, without the version that every path begins with.
const DefaultEndpoint = "https://app.koyeb.com"

// projectHeader scopes a request to a project. Koyeb's dashboard and command line send it; the document does not name
// it.
const projectHeader = "X-Koyeb-Project-Id"

// Account is what a client acts for.
type Account struct {
	// Token is an API token of the organization.
	Token string
	// ProjectID scopes every request to a project. Empty leaves the choice to Koyeb.
	ProjectID string
}

// Client talks to one organization. It is safe for concurrent use.
type Client struct {
	rest *httpx.Client
	// projectID goes into the body of what is created.
	projectID string
}

// New makes a client and sends no request. An empty options.BaseURL means DefaultEndpoint. The errors are those of
// httpx.CheckEndpoint.
func New(options httpx.Options, account Account) (*Client, error) {
	options.BaseURL = cmp.Or(options.BaseURL, DefaultEndpoint)
	options.Sign = account.sign
	options.DecodeError = decodeError
	options.RateReset = httpx.RateReset
	rest, err := httpx.New(options)
	if err != nil {
		return nil, err
	}
	return &Client{rest: rest, projectID: account.ProjectID}, nil
}

// sign puts the token on a request, and the project where there is one. The document leaves the type of bodies open;
// the vendor's clients send JSON's on every request.
func (a Account) sign(req *http.Request, _ []byte) error {
	req.Header.Set("Authorization", "Bearer "+a.Token)
	req.Header.Set("Content-Type", "application/json")
	if a.ProjectID != "" {
		req.Header.Set(projectHeader, a.ProjectID)
	}
	return nil
}

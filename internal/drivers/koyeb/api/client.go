// Package api is a client of Koyeb's REST API (Swagger document of koyeb 1.0.0,
// https://www.koyeb.com/docs/reference/api): one method for each operation, in the vendor's words. It imports only the
// REST core of this project.
package api

import (
	"cmp"
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// DefaultEndpoint is the URL of Koyeb's API, without the version at the beginning of every path.
const DefaultEndpoint = "https://app.koyeb.com"

// projectHeader limits a request to a project. Koyeb's dashboard and command line send it; the document does not
// contain it.
const projectHeader = "X-Koyeb-Project-Id"

// Account is an organization, and optionally a project of it.
type Account struct {
	// Token is an API token of the organization.
	Token string
	// ProjectID limits every request to a project. Empty leaves the choice to Koyeb.
	ProjectID string
}

// Client calls the API with one organization. It is safe for concurrent use.
type Client struct {
	rest *httpx.Client
	// projectID is a field of the bodies that create something.
	projectID string
}

// New returns a client. It sends no request. An empty options.BaseURL means DefaultEndpoint. The errors are those of
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

// sign adds the token, and the project if there is one. The document does not define the type of bodies; the vendor's
// clients declare JSON on every request.
func (a Account) sign(req *http.Request, _ []byte) error {
	req.Header.Set("Authorization", "Bearer "+a.Token)
	req.Header.Set("Content-Type", "application/json")
	if a.ProjectID != "" {
		req.Header.Set(projectHeader, a.ProjectID)
	}
	return nil
}

// Package api is a client of the Contabo API in Contabo's own words: one method for each operation of the vendor's
// OpenAPI document, and the OAuth2 password grant. It imports only the REST core of this project.
package api

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	// requestIDHeader is required in every request, with a new UUID (Contabo API: "x-request-id").
	requestIDHeader = "x-request-id"
	// traceIDHeader accepts any text. The official clients send their own name.
	traceIDHeader = "x-trace-id"
	traceID       = "terraform-provider-cloudsnap"
)

// Credentials are those of the password grant.
type Credentials struct {
	// TokenURL grants the tokens. It must satisfy httpx.CheckEndpoint.
	TokenURL                                   string
	ClientID, ClientSecret, Username, Password string
}

// Client calls the API with one account. It is safe for concurrent use.
type Client struct {
	rest   *httpx.Client
	tokens *tokens
}

// New returns a client. It sends no request. The errors are those of httpx.CheckEndpoint for the two URLs.
func New(options httpx.Options, credentials Credentials) (*Client, error) {
	if _, err := httpx.CheckEndpoint(credentials.TokenURL); err != nil {
		return nil, fmt.Errorf("token_url: %w", err)
	}
	options.DecodeError = decodeError
	c := &Client{tokens: newTokens(credentials, httpx.NewHTTPClient(options, holdsToken))}
	options.RequestIDHeader = requestIDHeader
	options.Sign = c.sign
	options.Renew = c.tokens.renew

	var err error
	if c.rest, err = httpx.New(options); err != nil {
		return nil, fmt.Errorf("endpoint: %w", err)
	}
	return c, nil
}

// sign adds a new request ID and the current token to an attempt.
func (c *Client) sign(req *http.Request, _ []byte) error {
	token, err := c.tokens.token(req.Context())
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", bearer(token))
	req.Header.Set(requestIDHeader, uuid.NewString())
	req.Header.Set(traceIDHeader, traceID)
	return nil
}

// Package api is a client of the Contabo API, in Contabo's own words: one method for each operation of the vendor's
// OpenAPI document, and the OAuth2 password grant in front of them. It knows nothing of this project but the REST core.
package api

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	// requestIDHeader must come with every request, as a fresh UUID (Contabo API: "x-request-id").
	requestIDHeader = "x-request-id"
	// traceIDHeader may carry any text; the official clients send their own name.
	traceIDHeader = "x-trace-id"
	traceID       = "terraform-provider-cloudsnap"
)

// Credentials are those of the password grant.
type Credentials struct {
	// TokenURL grants the tokens. It must fit httpx.CheckEndpoint.
	TokenURL                                   string
	ClientID, ClientSecret, Username, Password string
}

// Client talks to the API with one account. It is safe for concurrent use.
type Client struct {
	rest   *httpx.Client
	tokens *tokens
}

// New makes a client and sends no request. The errors are those of httpx.CheckEndpoint for the two URLs.
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

// sign prepares one attempt: each has its own request ID, and the token of the moment.
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

// Package api is a client of the Contabo API, in Contabo's own words: one method for each operation of the vendor's
// OpenAPI document, and the OAuth2 password grant in front of them. It knows nothing of this project but the REST core.
package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

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

// Options are what a client is made of.
type Options struct {
	// Endpoint is the API's base URL, TokenURL where tokens are granted. CheckEndpoint says what they may be.
	Endpoint, TokenURL string
	// ClientID, ClientSecret, Username and Password are the credentials of the password grant.
	ClientID, ClientSecret, Username, Password string
	// UserAgent, Transport, RetryWait and Debug are those of httpx.Options.
	UserAgent string
	Transport http.RoundTripper
	RetryWait time.Duration
	// Grace is that of httpx.Options.
	Grace time.Duration
	Debug func(ctx context.Context, msg string, fields ...map[string]any)
}

// Client talks to the API with one account. It is safe for concurrent use.
type Client struct {
	rest   *httpx.Client
	tokens *tokens
}

// New makes a client and does not use the network. The only errors are those of the two URLs.
func New(options Options) (*Client, error) {
	if _, err := httpx.CheckEndpoint(options.TokenURL); err != nil {
		return nil, fmt.Errorf("token_url: %w", err)
	}
	rest := httpx.Options{
		BaseURL:     options.Endpoint,
		UserAgent:   options.UserAgent,
		Transport:   options.Transport,
		RetryWait:   options.RetryWait,
		Grace:       options.Grace,
		Debug:       options.Debug,
		DecodeError: decodeError,
	}
	c := &Client{tokens: newTokens(options, httpx.NewHTTPClient(rest, holdsToken))}
	rest.RequestIDHeader = requestIDHeader
	rest.Sign = c.sign
	rest.Renew = c.tokens.renew

	var err error
	if c.rest, err = httpx.New(rest); err != nil {
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

// Skew is the API's clock minus this machine's, and false before the first answer.
func (c *Client) Skew() (time.Duration, bool) { return c.rest.Skew() }

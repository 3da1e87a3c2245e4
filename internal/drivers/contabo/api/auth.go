package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const (
	// renewEarly is how long before its expiry a token is replaced.
	renewEarly = 30 * time.Second
	// grantTimeout is the limit of one grant. Several callers may wait for a grant, so no caller's deadline limits it.
	grantTimeout = 30 * time.Second
	// refusalHolds is how long refused credentials are not sent again, because repeated failures can lock an account.
	refusalHolds = time.Minute
)

// tokens obtains access tokens and keeps the latest in memory. It uses the password grant only; a refresh would be
// another flow without a benefit (Contabo API: "Authentication").
type tokens struct {
	config             oauth2.Config
	username, password string
	client             *http.Client

	mu      sync.Mutex
	current *oauth2.Token
	// useUntil is when current is replaced. Zero means that it does not expire.
	useUntil time.Time
	// refused is the last refusal of the credentials, and refusedAt when it came.
	refused   *TokenError
	refusedAt time.Time
	// grants shares one grant between concurrent callers.
	grants singleflight.Group
}

func newTokens(credentials Credentials, client *http.Client) *tokens {
	return &tokens{
		config: oauth2.Config{
			ClientID:     credentials.ClientID,
			ClientSecret: credentials.ClientSecret,
			// Sent as form fields. The other style of the library tries one, then the other, which are two grants.
			Endpoint: oauth2.Endpoint{TokenURL: credentials.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
		},
		username: credentials.Username,
		password: credentials.Password,
		client:   client,
	}
}

// token returns a valid token. It blocks while one is being granted, at most until ctx ends. Concurrent callers share
// one grant. Errors are *TokenError or the context's.
func (t *tokens) token(ctx context.Context) (*oauth2.Token, error) {
	if token, err := t.known(); token != nil || err != nil {
		return token, err
	}
	granted := t.grants.DoChan("", func() (any, error) {
		// Another grant may have ended since the check above.
		if token, err := t.known(); token != nil || err != nil {
			return token, err
		}
		return t.grant(context.WithoutCancel(ctx))
	})
	select {
	case result := <-granted:
		token, _ := result.Val.(*oauth2.Token)
		return token, result.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// known returns the current token, or the refusal that still holds, or neither.
func (t *tokens) known() (*oauth2.Token, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.current != nil && (t.useUntil.IsZero() || time.Now().Before(t.useUntil)):
		return t.current, nil
	case t.refused != nil && time.Since(t.refusedAt) < refusalHolds:
		return nil, t.refused
	}
	return nil, nil //nolint:nilnil // Neither is known.
}

// grant requests a token. It blocks for at most grantTimeout.
func (t *tokens) grant(ctx context.Context) (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, t.client), grantTimeout)
	defer cancel()
	asked := time.Now()
	token, err := t.config.PasswordCredentialsToken(ctx, t.username, t.password)

	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		failed := newTokenError(t.config.Endpoint.TokenURL, err, t.config.ClientSecret, t.password)
		if failed.Refused() {
			t.refused, t.refusedAt = failed, time.Now()
		}
		return nil, failed
	}
	t.current, t.useUntil, t.refused = token, useUntil(token, asked), nil
	return token, nil
}

// holdsToken checks an answer of the token endpoint.
func holdsToken(_ int, content []byte) error {
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(content, &answer); err != nil {
		return fmt.Errorf("the answer is not the expected JSON: %w", err)
	}
	return httpx.SameID("access token", answer.AccessToken, "")
}

// useUntil returns when a token is replaced. A token with a short lifetime is replaced after half of it.
func useUntil(token *oauth2.Token, asked time.Time) time.Time {
	if token.Expiry.IsZero() {
		return time.Time{}
	}
	return token.Expiry.Add(-min(renewEarly, token.Expiry.Sub(asked)/2))
}

// renew drops the token of a refused attempt, unless another request has done so before, and reports that the request
// may be repeated.
func (t *tokens) renew(failed *http.Request) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current != nil && failed.Header.Get("Authorization") == bearer(t.current) {
		t.current = nil
	}
	return true
}

// bearer returns the Authorization header. token.SetAuthHeader would repeat the token type of the server, whatever it
// is.
func bearer(token *oauth2.Token) string { return "Bearer " + token.AccessToken }

// TokenError is a failed grant. It contains nothing that was sent.
type TokenError struct {
	// URL is the token endpoint. Status is the status of its answer. 0 means that there was none.
	URL    string
	Status int
	// Code and Description are `error` and `error_description` of the answer (RFC 6749 §5.2), if present.
	Code, Description string
	// reason replaces both if the answer does not have OAuth's form.
	reason string
}

// newTokenError converts an error of the library. It drops the causes, because their texts may quote what was sent.
func newTokenError(url string, err error, secrets ...string) *TokenError {
	out := &TokenError{URL: url}
	var answered *oauth2.RetrieveError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.reason = "no answer in time"
		return out
	case !errors.As(err, &answered):
		out.reason = redact(innermost(err), secrets)
		return out
	}
	out.Code, out.Description = redact(answered.ErrorCode, secrets), redact(answered.ErrorDescription, secrets)
	if answered.Response != nil {
		out.Status = answered.Response.StatusCode
		out.reason = http.StatusText(out.Status)
	}
	if out.Code == "" {
		if detail := decodeError(out.Status, answered.Body); detail.Message != "" {
			out.reason = redact(detail.Message, secrets)
		}
	}
	return out
}

// Refused reports whether the endpoint refused the credentials. Any other failure is false.
func (e *TokenError) Refused() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusBadRequest:
		// Keycloak also sends this status for a wrong user (RFC 6749 §5.2).
		return e.Code == "invalid_grant" || e.Code == "invalid_client" || e.Code == "unauthorized_client"
	default:
		return false
	}
}

// Error returns the endpoint and its reason.
func (e *TokenError) Error() string {
	verb, reason := "gave no token", e.reason
	if e.Refused() {
		verb = "refused the credentials"
	}
	if e.Code != "" {
		reason = e.Code
		if e.Description != "" {
			reason += ": " + e.Description
		}
	}
	return "the token endpoint " + e.URL + " " + verb + ": " + reason
}

// innermost returns the text of the innermost cause.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// redact removes secrets from a foreign text, because a server may repeat what it received.
func redact(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	return text
}

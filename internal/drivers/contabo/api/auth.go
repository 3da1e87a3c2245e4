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
	// renewEarly is how long before its end a token is not used any more.
	renewEarly = 30 * time.Second
	// grantTimeout is how long one grant may take. It belongs to all who wait for it, so no caller's deadline governs
	// it.
	grantTimeout = 30 * time.Second
	// refusalHolds is how long refused credentials are not tried again: a row of failed logins can lock an account.
	refusalHolds = time.Minute
)

// tokens grants access tokens and keeps the latest in memory. Contabo has the password grant only; a refresh would need
// one more flow and saves nothing (Contabo API: "Authentication").
type tokens struct {
	config             oauth2.Config
	username, password string
	client             *http.Client

	mu      sync.Mutex
	current *oauth2.Token
	// useUntil is when current is renewed; zero means that it has no end.
	useUntil time.Time
	// refused is the last refusal of the credentials, and refusedAt when it came.
	refused   *TokenError
	refusedAt time.Time
	// grants makes one grant of all that are wanted at the same time.
	grants singleflight.Group
}

func newTokens(credentials Credentials, client *http.Client) *tokens {
	return &tokens{
		config: oauth2.Config{
			ClientID:     credentials.ClientID,
			ClientSecret: credentials.ClientSecret,
			// Sent as form fields: the library's other style first tries one, then the other, which are two grants.
			Endpoint: oauth2.Endpoint{TokenURL: credentials.TokenURL, AuthStyle: oauth2.AuthStyleInParams},
		},
		username: credentials.Username,
		password: credentials.Password,
		client:   client,
	}
}

// token returns a token that is good for a while. It blocks while one is being granted, at most until ctx ends;
// concurrent callers share one grant. Errors are *TokenError or the context's.
func (t *tokens) token(ctx context.Context) (*oauth2.Token, error) {
	if token, err := t.known(); token != nil || err != nil {
		return token, err
	}
	granted := t.grants.DoChan("", func() (any, error) {
		// A caller may have come too late for the grant that has just ended.
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

// known is the current token, or the refusal that still holds, or neither.
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

// grant asks for a token. It blocks for grantTimeout at most.
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

// useUntil leaves a token that lives shortly half of its time.
func useUntil(token *oauth2.Token, asked time.Time) time.Time {
	if token.Expiry.IsZero() {
		return time.Time{}
	}
	return token.Expiry.Add(-min(renewEarly, token.Expiry.Sub(asked)/2))
}

// renew gives up the token that a refused attempt carried, unless another request has done so before, and reports that
// another try is worth it.
func (t *tokens) renew(failed *http.Request) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.current != nil && failed.Header.Get("Authorization") == bearer(t.current) {
		t.current = nil
	}
	return true
}

// bearer is the Authorization header. Not token.SetAuthHeader: it repeats the type that the server wrote, whatever that
// is.
func bearer(token *oauth2.Token) string { return "Bearer " + token.AccessToken }

// TokenError is a grant that failed. It holds nothing of what was sent.
type TokenError struct {
	// URL is the token endpoint, Status its answer's status or 0 when none came.
	URL    string
	Status int
	// Code and Description are `error` and `error_description` of the answer (RFC 6749 §5.2), as far as there are any.
	Code, Description string
	// reason stands for both when the endpoint did not answer in OAuth's form.
	reason string
}

// newTokenError reads what the library says. The causes are not kept, because their texts may quote what was sent.
func newTokenError(url string, err error, secrets ...string) *TokenError {
	out := &TokenError{URL: url}
	var answered *oauth2.RetrieveError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		out.reason = "no answer in time"
		return out
	case !errors.As(err, &answered):
		out.reason = hide(innermost(err), secrets)
		return out
	}
	out.Code, out.Description = hide(answered.ErrorCode, secrets), hide(answered.ErrorDescription, secrets)
	if answered.Response != nil {
		out.Status = answered.Response.StatusCode
		out.reason = http.StatusText(out.Status)
	}
	if out.Code == "" {
		if detail := decodeError(out.Status, answered.Body); detail.Message != "" {
			out.reason = hide(detail.Message, secrets)
		}
	}
	return out
}

// Refused reports whether the endpoint says that the credentials are wrong, in contrast to not answering properly.
func (e *TokenError) Refused() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusBadRequest:
		// Keycloak also says so of a wrong user (RFC 6749 §5.2).
		return e.Code == "invalid_grant" || e.Code == "invalid_client" || e.Code == "unauthorized_client"
	default:
		return false
	}
}

// Error names the endpoint and its reason.
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

// innermost drops what net/http and the library put in front of a cause.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// hide cuts secrets out of a foreign text, should a server repeat what it was sent.
func hide(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "…")
		}
	}
	return text
}

package sim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The credentials of the sandbox. They open nothing else.
const (
	ClientID     = "sandbox-contabo-client"
	ClientSecret = "sandbox-contabo-client-secret" //nolint:gosec // It opens the sandbox only.
	Username     = "sandbox@contabo.example"
	Password     = "sandbox-contabo-password" //nolint:gosec // It opens the sandbox only.
)

const tokenPath = "/auth/realms/contabo/protocol/openid-connect/token" //nolint:gosec // A path, no credential.

// requestID is the form of x-request-id in the document.
var requestID = regexp.MustCompile(
	`^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-5][0-9A-Fa-f]{3}-[089abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)

// admit checks what every operation needs: a token, a request ID, and JSON if there is a body. It returns nil or why it
// refuses the request.
func (s *Simulator) admit(r *http.Request) *failure {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !s.valid(token, accessToken) {
		return fail(http.StatusUnauthorized, "Unauthorized")
	}
	if !requestID.MatchString(r.Header.Get("X-Request-Id")) {
		return fail(http.StatusBadRequest, "x-request-id must be a UUID")
	}
	if simkit.HasBody(r) && !simkit.IsJSON(r) {
		return fail(http.StatusUnsupportedMediaType, "Unsupported Media Type: the body must be application/json")
	}
	return nil
}

const (
	accessLife  = 300 * time.Second
	refreshLife = 1800 * time.Second

	accessToken  = "Bearer"
	refreshToken = "Refresh"

	// signingKey signs the tokens of the sandbox. It is fixed, so that they stay valid after a restart.
	signingKey = "sandbox-contabo-signing-key"
)

// claims are the content of a token: what clients read, and what else Keycloak puts into it.
type claims struct {
	Expires  int64  `json:"exp"`
	Issued   int64  `json:"iat"`
	ID       string `json:"jti"`
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	Type     string `json:"typ"`
	Client   string `json:"azp"`
	Session  string `json:"session_state"`
	Scope    string `json:"scope"`
	User     string `json:"preferred_username"`
	Email    string `json:"email"`
	TenantID string `json:"tenantId"`
	Customer string `json:"customerId"`
}

// refusal is an error in the form of OAuth2 (RFC 6749 §5.2).
type refusal struct {
	status      int
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

// serveToken grants tokens for a password or a refresh token. The client authenticates with form fields or HTTP Basic.
func (s *Simulator) serveToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		simkit.JSON(w, http.StatusMethodNotAllowed, refusal{
			Code:        "HTTP 405 Method Not Allowed",
			Description: "For more on this error consult the server log.",
		})
		return
	}
	if refused := s.checkGrant(r); refused != nil {
		simkit.JSON(w, refused.status, refused)
		return
	}
	s.State.Serial++
	session := simkit.UUID("contabo", "session", s.State.Serial, s.Now().UnixNano())
	simkit.JSON(w, http.StatusOK, map[string]any{
		"access_token":       s.sign(accessToken, session, accessLife),
		"expires_in":         int(accessLife.Seconds()),
		"refresh_expires_in": int(refreshLife.Seconds()),
		"refresh_token":      s.sign(refreshToken, session, refreshLife),
		"token_type":         "Bearer",
		"not-before-policy":  0,
		"session_state":      session,
		"scope":              "email profile",
	})
}

// checkGrant returns what is wrong with a request for a token, or nil.
func (s *Simulator) checkGrant(r *http.Request) *refusal {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return &refusal{
			http.StatusUnsupportedMediaType, "invalid_request", "The body must be application/x-www-form-urlencoded",
		}
	}
	if err := r.ParseForm(); err != nil {
		return &refusal{http.StatusBadRequest, "invalid_request", "The form cannot be read"}
	}
	form := r.PostForm
	if form.Get("grant_type") == "" {
		return &refusal{http.StatusBadRequest, "invalid_request", "Missing form parameter: grant_type"}
	}
	if !knownClient(r, form) {
		return &refusal{http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials"}
	}
	switch form.Get("grant_type") {
	case "password":
		if !same(form.Get("username"), Username) || !same(form.Get("password"), Password) {
			return &refusal{http.StatusUnauthorized, "invalid_grant", "Invalid user credentials"}
		}
	case "refresh_token":
		if !s.valid(form.Get("refresh_token"), refreshToken) {
			return &refusal{http.StatusBadRequest, "invalid_grant", "Invalid refresh token"}
		}
	default:
		return &refusal{http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant_type"}
	}
	return nil
}

// knownClient checks the client by both ways of RFC 6749 §2.3.1. ID and secret are form-encoded in the header.
func knownClient(r *http.Request, form url.Values) bool {
	id, secret, ok := r.BasicAuth()
	if !ok {
		return same(form.Get("client_id"), ClientID) && same(form.Get("client_secret"), ClientSecret)
	}
	plainID, idErr := url.QueryUnescape(id)
	plainSecret, secretErr := url.QueryUnescape(secret)
	return idErr == nil && secretErr == nil && same(plainID, ClientID) && same(plainSecret, ClientSecret)
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// sign returns a new token in the form of a JSON Web Token.
func (s *Simulator) sign(kind, session string, life time.Duration) string {
	now := s.Now()
	s.State.Serial++
	payload, err := json.Marshal(claims{
		Expires:  now.Add(life).Unix(),
		Issued:   now.Unix(),
		ID:       simkit.UUID("contabo", "token", s.State.Serial, now.UnixNano()),
		Issuer:   "https://sandbox.invalid" + s.Mount + "/auth/realms/contabo",
		Audience: "account",
		Subject:  simkit.UUID("contabo", "user", Username),
		Type:     kind,
		Client:   ClientID,
		Session:  session,
		Scope:    "email profile",
		User:     Username,
		Email:    Username,
		TenantID: tenantID,
		Customer: customerID,
	})
	if err != nil {
		// A struct of strings and numbers always marshals.
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	return text + "." + encode(signature(text))
}

func signature(text string) []byte {
	mac := hmac.New(sha256.New, []byte(signingKey))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// valid reports whether the sandbox has signed a token, it is of that kind, and it has not expired by its clock.
func (s *Simulator) valid(token, kind string) bool {
	cut := strings.LastIndexByte(token, '.')
	if cut < 0 {
		return false
	}
	mac, err := base64.RawURLEncoding.DecodeString(token[cut+1:])
	if err != nil || !hmac.Equal(mac, signature(token[:cut])) {
		return false
	}
	_, middle, _ := strings.Cut(token[:cut], ".")
	payload, err := base64.RawURLEncoding.DecodeString(middle)
	if err != nil {
		return false
	}
	var c claims
	if json.Unmarshal(payload, &c) != nil {
		return false
	}
	return c.Type == kind && s.Now().Unix() < c.Expires
}

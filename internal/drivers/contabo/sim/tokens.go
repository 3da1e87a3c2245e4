package sim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

const (
	accessLife  = 300 * time.Second
	refreshLife = 1800 * time.Second

	accessToken  = "Bearer"
	refreshToken = "Refresh"

	// signingKey makes the tokens of the sandbox recognisable as its own, also after a restart.
	signingKey = "sandbox-contabo-signing-key"
)

// claims are the parts of a token that clients read, and those that a token of this kind has besides.
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

// serveToken grants tokens for a password or a refresh token. The client proves itself with form fields or HTTP Basic.
func (s *Simulator) serveToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		simkit.JSON(w, http.StatusMethodNotAllowed, refusal{Code: "HTTP 405 Method Not Allowed", Description: "For more on this error consult the server log."})
		return
	}
	if refused := s.checkGrant(r); refused != nil {
		simkit.JSON(w, refused.status, refused)
		return
	}
	s.state.Serial++
	session := simkit.UUID("contabo", "session", s.state.Serial, s.world.Now().UnixNano())
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

// checkGrant finds out what is wrong with a request for a token.
func (s *Simulator) checkGrant(r *http.Request) *refusal {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return &refusal{http.StatusUnsupportedMediaType, "invalid_request", "The body must be application/x-www-form-urlencoded"}
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

// knownClient accepts both ways of RFC 6749 §2.3.1; in the header both words are form-encoded.
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

// sign makes a token: three parts, as a JSON Web Token has them.
func (s *Simulator) sign(kind, session string, life time.Duration) string {
	now := s.world.Now()
	s.state.Serial++
	payload, err := json.Marshal(claims{
		Expires:  now.Add(life).Unix(),
		Issued:   now.Unix(),
		ID:       simkit.UUID("contabo", "token", s.state.Serial, now.UnixNano()),
		Issuer:   "https://sandbox.invalid" + s.world.Mount + "/auth/realms/contabo",
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
		// A struct of texts and numbers can always be written.
		panic(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	return text + "." + encode(seal(text))
}

func seal(text string) []byte {
	mac := hmac.New(sha256.New, []byte(signingKey))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// valid reports whether a token is this sandbox's, of that kind, and has not expired by its clock.
func (s *Simulator) valid(token, kind string) bool {
	cut := strings.LastIndexByte(token, '.')
	if cut < 0 {
		return false
	}
	mac, err := base64.RawURLEncoding.DecodeString(token[cut+1:])
	if err != nil || !hmac.Equal(mac, seal(token[:cut])) {
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
	return c.Type == kind && s.world.Now().Unix() < c.Expires
}

package sim

import (
	"net/http"
	"strings"
)

// token is the only token that the simulator accepts.
const token = "sandbox-hostinger-token"

// authorized reports whether a request has the bearer token. The case of the scheme does not matter.
func authorized(r *http.Request) bool {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.EqualFold(scheme, "Bearer") && value == token
}

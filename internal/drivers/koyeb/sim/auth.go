package sim

import (
	"net/http"
	"strings"
)

// Token is the only token that the simulator accepts.
const Token = "sandbox-koyeb-token" //nolint:gosec // It opens the sandbox only.

// authenticated refuses requests without the token, and passes all others to handle.
func authenticated(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, problem := bearer(r); problem != "" {
			fail(w, http.StatusUnauthorized, "authentication_error", problem)
			return
		}
		handle(w, r)
	}
}

// bearer returns the token of a request, or what is wrong with it.
func bearer(r *http.Request) (token, problem string) {
	header := r.Header.Get("Authorization")
	token, ok := strings.CutPrefix(header, "Bearer ")
	switch {
	case header == "":
		return "", "Route needs to be authenticated"
	case !ok || token != Token:
		return "", "Invalid token format"
	}
	return token, ""
}

package sim

import "net/http"

// Token is the only token that the simulator accepts.
const Token = "sandbox-nimbus-token"

// authenticated refuses requests without the token, and passes all others to handle.
func authenticated(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+Token {
			fail(w, http.StatusUnauthorized, "the token is not valid")
			return
		}
		handle(w, r)
	}
}

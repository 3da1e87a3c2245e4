package simkit_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

func TestRoutes(t *testing.T) {
	answer := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, text, " ", r.PathValue("zone"), " ", r.PathValue("id"))
		}
	}
	routes := simkit.Routes{
		"GET /disks":         answer("list"),
		"GET /disks/{id}":    answer("get"),
		"DELETE /disks/{id}": answer("delete"),
		"GET /disks/stats":   answer("stats"),
	}
	handler := routes.Handler("/cloud/{zone}", simkit.Fallback{
		NotFound: answer("not found"),
		NotAllowed: func(w http.ResponseWriter, r *http.Request, allowed []string) {
			answer(fmt.Sprint("not allowed ", allowed))(w, r)
		},
	})
	for request, want := range map[string]string{
		"GET /cloud/z/disks":       "list z ",
		"GET /cloud/z/disks/a%2Fb": "get z a/b",
		"DELETE /cloud/z/disks/a":  "delete z a",
		"GET /cloud/z/disks/stats": "stats z ",
		// A method that only the pattern with a wildcard has.
		"DELETE /cloud/z/disks/stats": "not allowed [GET] z ",
		"HEAD /cloud/z/disks/a":       "not allowed [DELETE GET] z a",
		"GET /cloud/z/disks/":         "not found  ",
		"GET /cloud/z//disks":         "not found  ",
		"GET /cloud/z/disks/a/b":      "not found  ",
		"GET /disks":                  "not found  ",
	} {
		var method, path string
		if _, err := fmt.Sscan(request, &method, &path); err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, path, http.NoBody))
		if got := w.Body.String(); got != want {
			t.Errorf("%s: %q, want %q", request, got, want)
		}
	}
}

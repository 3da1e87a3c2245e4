package simkit

import (
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Routes are the operations of an API by patterns of http.ServeMux with a method, as in "GET /v1/volumes/{id}".
// Handlers read the wildcards with http.Request.PathValue.
type Routes map[string]http.HandlerFunc

// Fallback answers the requests that Routes do not serve, in the vendor's form.
type Fallback struct {
	// NotFound answers a path that no route has.
	NotFound http.HandlerFunc
	// NotAllowed answers a method that the path does not have; allowed are those that it has, in alphabetical order.
	// The wildcards of the path are readable.
	NotAllowed func(w http.ResponseWriter, r *http.Request, allowed []string)
}

// Handler serves the routes below prefix, which may have wildcards too. It panics if a pattern is invalid.
//
// It is an http.ServeMux that does what the vendors do: a GET route does not serve HEAD, and a path that is not clean,
// as in "//", is not found instead of redirected.
func (routes Routes) Handler(prefix string, fallback Fallback) http.Handler {
	paths := map[string]map[string]http.HandlerFunc{}
	for pattern, handle := range routes {
		method, below, _ := strings.Cut(pattern, " ")
		if paths[below] == nil {
			paths[below] = map[string]http.HandlerFunc{}
		}
		paths[below][method] = handle
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", fallback.NotFound)
	for below, methods := range paths {
		allowed := slices.Sorted(maps.Keys(methods))
		mux.HandleFunc(prefix+below, func(w http.ResponseWriter, r *http.Request) {
			if handle, ok := methods[r.Method]; ok {
				handle(w, r)
				return
			}
			fallback.NotAllowed(w, r, allowed)
		})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := r.URL.EscapedPath(); path.Clean(p) != p {
			fallback.NotFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

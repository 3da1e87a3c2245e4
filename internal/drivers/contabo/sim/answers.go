package sim

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// failure is an answer that refuses. Message is a string, or an array of strings where a request breaks several rules.
type failure struct {
	StatusCode int    `json:"statusCode"`
	Message    any    `json:"message"`
	Title      string `json:"error,omitempty"`
}

func fail(status int, format string, args ...any) *failure {
	return &failure{StatusCode: status, Message: fmt.Sprintf(format, args...)}
}

// invalid refuses a request for all the rules that it breaks.
func invalid(broken []string) *failure {
	return &failure{StatusCode: http.StatusBadRequest, Message: broken, Title: "Bad Request"}
}

// decode reads the body of a request, which every operation that takes one requires. null is a body: the official client sends it for an empty one.
func decode(r *http.Request, v any) *failure {
	if !simkit.HasBody(r) {
		return invalid([]string{"the request needs a body"})
	}
	if _, err := simkit.Decode(r, v); err != nil {
		return invalid([]string{err.Error()})
	}
	return nil
}

func notFound(what, key, id string) *failure {
	return fail(http.StatusNotFound, "Entry %s not found by %s = %s", what, key, id)
}

func (f *failure) answer(w http.ResponseWriter) { simkit.JSON(w, f.StatusCode, f) }

// links are the paths in an answer. Empty ones are left out.
type links struct {
	Self     string `json:"self"`
	First    string `json:"first,omitempty"`
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
	Last     string `json:"last,omitempty"`
}

// one answers a single object, in an array as always; self is its path below the mount.
func (s *Simulator) one(w http.ResponseWriter, status int, self string, object any) {
	simkit.JSON(w, status, map[string]any{"data": []any{object}, "_links": links{Self: s.world.Mount + self}})
}

// list answers a page of what matches.
func (s *Simulator) list(w http.ResponseWriter, r *http.Request, all []record, p page) {
	total := (len(all) + p.size - 1) / p.size
	at := func(n int) string {
		query := url.Values{}
		for name, values := range r.URL.Query() {
			query[name] = values
		}
		query.Set("page", fmt.Sprint(n))
		return r.URL.Path + "?" + query.Encode()
	}
	l := links{Self: at(p.number), First: at(1), Last: at(max(total, 1))}
	if p.number > 1 {
		l.Previous = at(min(p.number-1, max(total, 1)))
	}
	if p.number < total {
		l.Next = at(p.number + 1)
	}
	start := min((p.number-1)*p.size, len(all))
	end := min(start+p.size, len(all))
	simkit.JSON(w, http.StatusOK, map[string]any{
		"data":        append([]record{}, all[start:end]...),
		"_pagination": map[string]int{"size": p.size, "totalElements": len(all), "totalPages": total, "page": p.number},
		"_links":      l,
	})
}

package sim

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// failure is an answer that refuses a request. Message is a string, or strings if the request can break several rules.
type failure struct {
	StatusCode int    `json:"statusCode"`
	Message    any    `json:"message"`
	Title      string `json:"error,omitempty"`
}

func fail(status int, format string, args ...any) *failure {
	return &failure{StatusCode: status, Message: fmt.Sprintf(format, args...)}
}

// invalid refuses a request with all the rules that it breaks.
func invalid(broken []string) *failure {
	return &failure{StatusCode: http.StatusBadRequest, Message: broken, Title: "Bad Request"}
}

// decode reads the body of a request into v. The operation requires a body; null is one, because the official client
// sends it for an empty body.
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

// links are the paths in an answer. Empty ones are omitted.
type links struct {
	Self     string `json:"self"`
	First    string `json:"first,omitempty"`
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
	Last     string `json:"last,omitempty"`
}

// one answers with a single object, in an array as in all answers; self is its path below the mount.
func (s *Simulator) one(w http.ResponseWriter, status int, self string, object any) {
	simkit.JSON(w, status, map[string]any{"data": []any{object}, "_links": links{Self: s.Mount + self}})
}

// list answers with a page of the records.
func (s *Simulator) list(w http.ResponseWriter, r *http.Request, all []record, p page) {
	p.size = s.PageSize(p.size)
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

// stamp formats a time as Contabo does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

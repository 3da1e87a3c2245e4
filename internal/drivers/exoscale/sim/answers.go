package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// message answers with the classic form of an error.
func message(w http.ResponseWriter, status int, text string) {
	simkit.JSON(w, status, map[string]string{"message": text})
}

func notFound(w http.ResponseWriter) { message(w, http.StatusNotFound, "not found") }

// conflict answers with 409 and the form that has a field error.
func conflict(w http.ResponseWriter, format string, args ...any) {
	simkit.JSON(w, http.StatusConflict, map[string]string{"error": fmt.Sprintf(format, args...)})
}

// field is an error in one field of a request.
type field struct{ name, detail string }

// invalid answers with an RFC 9457 problem and status 400. Without fields its list has the text alone, as the vendor's.
func invalid(w http.ResponseWriter, detail string, fields ...field) {
	problem(w, http.StatusBadRequest, "invalid-request", "Bad Request", detail, fields...)
}

func problem(w http.ResponseWriter, status int, kind, title, detail string, fields ...field) {
	items := []any{}
	for _, f := range fields {
		items = append(items, map[string]string{"location": "$['" + f.name + "']", "detail": f.detail})
	}
	if len(items) == 0 {
		items = append(items, detail)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{ // A client that has gone does not need it.
		"type": "#/http-problem-types/" + kind, "title": title, "detail": detail, "errors": items,
	})
}

// decode reads the request's body into v. It answers and reports false if the body does not fit or a required
// one is missing.
func (x *exchange) decode(v any, required bool) bool {
	sent, err := simkit.Decode(x.r, v)
	switch {
	case err != nil:
		invalid(x.w, "the request body does not fit: "+err.Error())
		return false
	case required && !sent:
		invalid(x.w, "a request body is required")
		return false
	}
	return true
}

// empty checks requests that take no body. It accepts an empty object, and a body that is announced but has no content.
func (x *exchange) empty() bool { return x.decode(&struct{}{}, false) }

// rules collects the errors in a request's fields.
type rules []field

// text checks the length of a field. A nil field is valid unless it is required.
func (r *rules) text(name string, value *string, required bool, least, most int) {
	switch {
	case value == nil && required:
		*r = append(*r, field{name, "is required"})
	case value == nil:
	case utf8.RuneCountInString(*value) < least, utf8.RuneCountInString(*value) > most:
		*r = append(*r, field{name, fmt.Sprintf("must have %d to %d characters", least, most)})
	}
}

// present checks that a boolean field is set.
func (r *rules) present(name string, value *bool) {
	if value == nil {
		*r = append(*r, field{name, "is required"})
	}
}

// refuse answers with the errors and reports true if there are any.
func (r rules) refuse(x *exchange) bool {
	if len(r) > 0 {
		invalid(x.w, "the request does not fit the schema", r...)
	}
	return len(r) > 0
}

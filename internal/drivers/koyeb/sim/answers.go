package sim

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// The numbers of gRPC's codes, as google.rpc.Status carries them.
const (
	grpcNotFound          = 5
	grpcResourceExhausted = 8
	grpcUnimplemented     = 12
)

// errorField is one entry of the document's ErrorWithFields.
type errorField struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

// fail answers with the document's Error.
func fail(w http.ResponseWriter, status int, code, message string) {
	simkit.JSON(w, status, map[string]any{"status": status, "code": code, "message": message})
}

// notFound answers for an object that does not exist.
func notFound(w http.ResponseWriter, what string) {
	fail(w, http.StatusNotFound, "not_found", what+" not found")
}

// precondition answers for a state that forbids the request.
func precondition(w http.ResponseWriter, message string) {
	failFields(w, "failed_precondition", message)
}

// invalid answers for fields that cannot be accepted.
func invalid(w http.ResponseWriter, fields ...errorField) {
	failFields(w, "invalid_argument", "Validation error", fields...)
}

// failFields answers with the document's ErrorWithFields.
func failFields(w http.ResponseWriter, code, message string, fields ...errorField) {
	if fields == nil {
		fields = []errorField{}
	}
	simkit.JSON(w, http.StatusBadRequest, map[string]any{
		"status": http.StatusBadRequest, "code": code, "message": message, "fields": fields,
	})
}

// grpcStatus answers with the document's google.rpc.Status, whose code is a number.
func grpcStatus(w http.ResponseWriter, status, code int, message string) {
	simkit.JSON(w, status, map[string]any{"code": code, "message": message, "details": []any{}})
}

// decode reads a body into v. It answers and reports false if the body cannot be accepted. An empty body has no fields.
func decode(w http.ResponseWriter, r *http.Request, v any) bool {
	_, err := simkit.Decode(r, v)
	if err == nil {
		return true
	}
	var wrongType *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		invalid(w, errorField{Field: strings.Trim(name, `"`), Description: "unknown field"})
	case errors.As(err, &wrongType):
		invalid(w, errorField{Field: wrongType.Field, Description: "must not be a " + wrongType.Value})
	default:
		invalid(w, errorField{Field: "body", Description: "is not a JSON object"})
	}
	return false
}

// stamp writes a time with microseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// stampOrNull writes a time that may be missing.
func stampOrNull(t *time.Time) any {
	if t == nil {
		return nil
	}
	return stamp(*t)
}

package api

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// failure is an error body. The document has `statusCode` and `message` only. The other fields are those of its backend
// (NestJS) and its token endpoint (Keycloak).
type failure struct {
	Message          json.RawMessage `json:"message"`
	Error            json.RawMessage `json:"error"`
	ErrorDescription string          `json:"error_description"`
}

// decodeError decodes every JSON shape of an error. The REST core handles web pages and plain text.
func decodeError(_ int, body []byte) httpx.Detail {
	var f failure
	if json.Unmarshal(body, &f) != nil {
		return httpx.Detail{}
	}
	messages := httpx.Texts(f.Message)
	if len(messages) == 0 && f.ErrorDescription != "" {
		messages = []string{f.ErrorDescription}
	}
	if len(messages) == 0 {
		messages = httpx.Texts(f.Error)
	}
	return httpx.Detail{Message: strings.Join(messages, "; "), Fields: fields(messages)}
}

// fields returns the messages that begin with the name of a field of our requests, as in "name must be …".
func fields(messages []string) []httpx.Field {
	known := []string{"name", "description", "url", "osType", "version"}
	var out []httpx.Field
	for _, m := range messages {
		if name, _, ok := strings.Cut(m, " "); ok && slices.Contains(known, name) {
			out = append(out, httpx.Field{Name: name, Message: m})
		}
	}
	return out
}

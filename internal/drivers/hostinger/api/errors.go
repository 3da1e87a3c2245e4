package api

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// bracketCode is the vendor's code before a message: "[VPS:2002] ...". The document does not have it, but answers of
// the VPS API do.
var bracketCode = regexp.MustCompile(`^\s*\[([A-Za-z]+:[0-9]+)\]`)

// decodeError decodes Common.Response.ErrorResponse and similar bodies. The text is message in the schema, and error in
// the document's prose. Answers 422 have errors, with a list of texts for each field.
func decodeError(_ int, body []byte) httpx.Detail {
	var wire struct {
		Message       json.RawMessage            `json:"message"`
		Error         json.RawMessage            `json:"error"`
		CorrelationID string                     `json:"correlation_id"`
		Errors        map[string]json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &wire) != nil {
		return httpx.Detail{}
	}
	out := httpx.Detail{
		Message:   cmp.Or(httpx.Text(wire.Message), httpx.Text(wire.Error)),
		RequestID: wire.CorrelationID,
	}
	if found := bracketCode.FindStringSubmatch(out.Message); found != nil {
		out.Code = found[1]
	}
	for name, texts := range wire.Errors {
		out.Fields = append(out.Fields, httpx.Field{Name: name, Message: httpx.Text(texts)})
	}
	slices.SortFunc(out.Fields, func(a, b httpx.Field) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

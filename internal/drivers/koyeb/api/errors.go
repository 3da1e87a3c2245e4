package api

import (
	"encoding/json"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// The codes of a state of the object that forbids the request, in the two shapes of an error: Koyeb's slug and gRPC's
// number.
const (
	CodeFailedPrecondition     = "failed_precondition"
	CodeGRPCFailedPrecondition = "9"
)

// errorBody has the fields of both shapes: the code of Error and ErrorWithFields is a slug, the one of
// google.rpc.Status a number.
type errorBody struct {
	Code    json.RawMessage `json:"code"`
	Message json.RawMessage `json:"message"`
	Fields  []struct {
		Field       string `json:"field"`
		Description string `json:"description"`
	} `json:"fields"`
}

// decodeError decodes an error of Koyeb. Any other body, such as a gateway's web page, gives the zero Detail. There is
// no request ID.
func decodeError(_ int, body []byte) httpx.Detail {
	var e errorBody
	if err := json.Unmarshal(body, &e); err != nil {
		return httpx.Detail{}
	}
	detail := httpx.Detail{Message: httpx.Text(e.Message), Code: codeText(e.Code)}
	for _, f := range e.Fields {
		detail.Fields = append(detail.Fields, httpx.Field{Name: f.Field, Message: f.Description})
	}
	return detail
}

// codeText returns a code as text. It may be a string or a number.
func codeText(raw json.RawMessage) string {
	var number json.Number
	if json.Unmarshal(raw, &number) == nil && number != "" {
		return number.String()
	}
	return httpx.Text(raw)
}

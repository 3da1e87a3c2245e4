package api

import (
	"encoding/json"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// decodeError reads the body of an error. A body of another form is the zero Detail.
func decodeError(_ int, body []byte) httpx.Detail {
	var wire struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(body, &wire) != nil {
		return httpx.Detail{}
	}
	return httpx.Detail{Message: httpx.Text(wire.Error)}
}

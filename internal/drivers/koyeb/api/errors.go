package api

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// The codes that mean a state of the object which forbids the request, in the two shapes of an error: Koyeb's slug and gRPC's number.
const (
	CodeFailedPrecondition     = "failed_precondition"
	CodeGRPCFailedPrecondition = "9"
)

// errorBody covers both shapes: Error and ErrorWithFields have a slug for a code, google.rpc.Status has a number.
type errorBody struct {
	Code    json.RawMessage `json:"code"`
	Message json.RawMessage `json:"message"`
	Fields  []struct {
		Field       string `json:"field"`
		Description string `json:"description"`
	} `json:"fields"`
}

// decodeError reads an error of Koyeb's; what is not one, as a gateway's web page, gives the zero Detail. There is no request ID.
func decodeError(_ int, body []byte) httpx.Detail {
	var e errorBody
	if err := json.Unmarshal(body, &e); err != nil {
		return httpx.Detail{}
	}
	detail := httpx.Detail{Message: scalar(e.Message), Code: scalar(e.Code)}
	for _, f := range e.Fields {
		detail.Fields = append(detail.Fields, httpx.Field{Name: f.Field, Message: f.Description})
	}
	return detail
}

// scalar gives a JSON string or number as text, and nothing for anything else.
func scalar(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}

const (
	// shortestRest is how long to rest at least after an answer 429, as the header counts whole seconds and may say 0.
	shortestRest = time.Second
	// firstEpoch tells a point in time from a number of seconds to wait.
	firstEpoch = 1_000_000_000
)

// rateReset reads when Koyeb takes requests again. The header holds seconds from now; a list or parameters after the number, a fraction, seconds
// since 1970 and a date are understood too, as the document says nothing of it.
func rateReset(h http.Header) (time.Duration, bool) {
	rest, ok := untilReset(h.Get("X-Ratelimit-Reset"), time.Now())
	if !ok {
		return 0, false
	}
	return max(rest, shortestRest), true
}

func untilReset(value string, now time.Time) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	for _, layout := range []string{time.RFC3339, http.TimeFormat} {
		if at, err := time.Parse(layout, value); err == nil {
			return at.Sub(now), true
		}
	}
	number, _, _ := strings.Cut(value, ",")
	number, _, _ = strings.Cut(number, ";")
	seconds, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(number), "s"), 64)
	switch {
	case err != nil, math.IsNaN(seconds), seconds < 0, seconds > 1e11:
		return 0, false
	case seconds >= firstEpoch:
		return time.Unix(int64(seconds), 0).Sub(now), true
	}
	return time.Duration(seconds * float64(time.Second)), true
}

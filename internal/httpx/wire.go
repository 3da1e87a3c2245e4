package httpx

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Texts reads a JSON string, a list of strings, or an object whose "message" is one of them. Other values and blank
// strings give nil.
func Texts(raw json.RawMessage) []string {
	var (
		one    string
		many   []string
		nested struct {
			Message json.RawMessage `json:"message"`
		}
	)
	switch {
	case json.Unmarshal(raw, &one) == nil:
		if one = strings.TrimSpace(one); one != "" {
			return []string{one}
		}
	case json.Unmarshal(raw, &many) == nil:
		return many
	case json.Unmarshal(raw, &nested) == nil:
		return Texts(nested.Message)
	}
	return nil
}

// Text is Texts on one line.
func Text(raw json.RawMessage) string { return strings.Join(Texts(raw), " ") }

// ParseTime reads RFC 3339 with any fraction and offset, and the usual deviations: a blank instead of the T, an offset
// without a colon, and no offset, which is UTC. The result is in UTC. Other texts give the zero time.
func ParseTime(text string) time.Time {
	at, _ := parseTime(text)
	return at
}

func parseTime(text string) (time.Time, bool) {
	text = strings.Replace(text, " ", "T", 1)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// Time is a time in JSON. Null and the empty string are the zero time.
type Time struct{ time.Time }

// UnmarshalJSON reads the forms of ParseTime. Another text is an error.
func (t *Time) UnmarshalJSON(content []byte) error {
	var text string
	if err := json.Unmarshal(content, &text); err != nil {
		return err
	}
	var ok bool
	if t.Time, ok = parseTime(text); !ok && text != "" {
		return fmt.Errorf("%q is not a time", text)
	}
	return nil
}

// firstUnix is the smallest X-RateLimit-Reset that is a Unix time. Smaller values are seconds from now.
const firstUnix = 500_000_000

// RateReset reads X-RateLimit-Reset, in seconds from now or as a Unix time by the server's clock. The result is at
// least one second, and false where the header is missing or not a number.
func RateReset(h http.Header) (time.Duration, bool) {
	seconds, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-RateLimit-Reset")), 10, 64)
	switch {
	case err != nil, seconds < 0:
		return 0, false
	case seconds < firstUnix:
		return max(time.Duration(seconds)*time.Second, time.Second), true
	}
	now := time.Now()
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		now = at
	}
	return max(time.Unix(seconds, 0).Sub(now), time.Second), true
}

package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What a fault does.
const (
	// DoStatus answers with status, header and body, and does not act.
	DoStatus = "status"
	// DoReset drops the connection before acting.
	DoReset = "reset"
	// DoLose acts, then drops the connection.
	DoLose = "lose"
	// DoDelay waits, then acts.
	DoDelay = "delay"
	// DoTruncate acts, then sends half of the body and drops the connection.
	DoTruncate = "truncate"
	// DoGarbage acts, then answers the same status with a body that is not JSON.
	DoGarbage = "garbage"
	// DoMistype acts, then answers with JSON whose values have other types: a string for a number, a number for a string.
	DoMistype = "mistype"
	// DoUnknown acts, then answers with JSON in which every state has a value that no documentation has.
	DoUnknown = "unknown"
	// DoDrip acts, then sends the body one byte at a time, with a pause of Delay before each.
	DoDrip = "drip"
	// DoHang neither acts nor answers until the client goes away or the sandbox is closed.
	DoHang = "hang"
)

func knownDo() []string {
	return []string{DoStatus, DoReset, DoLose, DoDelay, DoTruncate, DoGarbage, DoMistype, DoUnknown, DoDrip, DoHang}
}

// Fault is a failure of some requests to the clouds.
type Fault struct {
	// Method is the request's, in any case; empty means any.
	Method string `json:"method,omitempty"`
	// Path is a regular expression that must match a part of the whole escaped path, including the mount. Empty means
	// any.
	Path string `json:"path,omitempty"`
	// UserAgent is a part of the User-Agent of the client. Empty means any client.
	UserAgent string `json:"user_agent,omitempty"`
	// From and To are the first and the last matching request to which the fault applies, counted from 1. From 0 is the
	// first one. With To 0 the fault never ends.
	From int `json:"from,omitempty"`
	To   int `json:"to,omitempty"`
	// Do is one of the constants above.
	Do string `json:"do"`
	// Status, Header and Body are the answer of DoStatus. A string is sent as it is, any other value as JSON.
	Status int    `json:"status,omitempty"`
	Header Header `json:"header,omitempty"`
	Body   any    `json:"body,omitempty"`
	// Delay is how long to wait before anything else, in real time; DoDelay needs it, and DoDrip before each byte.
	Delay Delay `json:"delay,omitempty"`
}

// Counted is a fault and the number of requests that matched it so far, before From and after To included.
type Counted struct {
	Fault
	Count int `json:"count"`
}

// Header holds header fields. In JSON a value is a string or a list of strings.
type Header map[string]Values

// Values are the values of one header field.
type Values []string

// UnmarshalJSON takes a string or a list of strings.
func (v *Values) UnmarshalJSON(raw []byte) error {
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		*v = Values{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return errors.New("a header's value must be a string or a list of strings")
	}
	*v = list
	return nil
}

// MarshalJSON gives a string where there is one value, else a list.
func (v Values) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return json.Marshal(v[0])
	}
	return json.Marshal([]string(v))
}

// Delay is a duration in the form of Go, as in "1.5s".
type Delay time.Duration

// UnmarshalJSON parses a Go duration.
func (d *Delay) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return errors.New(`a delay must be a duration in quotes, as in "1.5s"`)
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("a delay must be a duration, as in \"1.5s\": %w", err)
	}
	*d = Delay(parsed)
	return nil
}

// MarshalJSON gives a Go duration.
func (d Delay) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// activeFault is a checked fault that counts the requests it matches.
type activeFault struct {
	Counted
	path *regexp.Regexp
}

// newActiveFault checks a fault. The error names the field that is wrong.
func newActiveFault(f Fault) (*activeFault, error) {
	switch {
	case !slices.Contains(knownDo(), f.Do):
		return nil, fmt.Errorf("do must be one of %s, not %q", strings.Join(knownDo(), ", "), f.Do)
	case f.From < 0 || f.To < 0:
		return nil, errors.New("from and to count from 1")
	case f.To != 0 && f.To < f.From:
		return nil, fmt.Errorf("to (%d) is before from (%d)", f.To, f.From)
	case f.Do == DoStatus && (f.Status < 200 || f.Status > 599):
		return nil, fmt.Errorf("status must be from 200 to 599, not %d", f.Status)
	case f.Delay < 0:
		return nil, errors.New("delay must not be negative")
	case (f.Do == DoDelay || f.Do == DoDrip) && f.Delay == 0:
		return nil, errors.New(`delay must say how long, as in "1.5s"`)
	}
	if _, err := json.Marshal(f.Body); err != nil {
		return nil, fmt.Errorf("body cannot be sent: %w", err)
	}
	path, err := regexp.Compile(f.Path)
	if err != nil {
		return nil, fmt.Errorf("path must be a regular expression: %w", err)
	}
	return &activeFault{Counted: Counted{Fault: f}, path: path}, nil
}

// applies reports whether the fault applies to a request. It counts the requests that match method, path and client.
func (a *activeFault) applies(method, path, userAgent string) bool {
	if (a.Method != "" && !strings.EqualFold(a.Method, method)) || !a.path.MatchString(path) ||
		!strings.Contains(userAgent, a.UserAgent) {
		return false
	}
	a.Count++
	return a.Count >= a.From && (a.To == 0 || a.Count <= a.To)
}

// FaultHeader marks an answer that a fault made or changed, to distinguish it from the simulator's own.
const FaultHeader = "X-Sandbox-Fault"

// write answers with the status, header and body of the fault.
func (f Fault) write(w http.ResponseWriter) {
	var content []byte
	switch body := f.Body.(type) {
	case nil:
	case string:
		content = []byte(body)
	default:
		content, _ = json.Marshal(body) // newActiveFault has checked that it marshals.
	}
	if len(content) > 0 {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if json.Valid(content) {
			w.Header().Set("Content-Type", "application/json")
		}
	}
	for name, values := range f.Header {
		w.Header()[http.CanonicalHeaderKey(name)] = values
	}
	w.Header().Set(FaultHeader, f.Do)
	w.WriteHeader(f.Status)
	_, _ = w.Write(content) // The answer is in memory.
}

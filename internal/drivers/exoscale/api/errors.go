package api

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

// errorBody has the fields of all error shapes. Each is decoded separately, because a field of an unexpected type must
// not hide the others.
type errorBody struct {
	// Message and Error are the two classic shapes, with one field each.
	Message json.RawMessage `json:"message"`
	Error   json.RawMessage `json:"error"`
	// Type, Title, Detail and Errors are an RFC 9457 problem.
	Type   json.RawMessage   `json:"type"`
	Title  json.RawMessage   `json:"title"`
	Detail json.RawMessage   `json:"detail"`
	Errors []json.RawMessage `json:"errors"`
}

// problemItem is one violation of a problem: its location and its text.
type problemItem struct {
	Location json.RawMessage `json:"location"`
	Pointer  json.RawMessage `json:"pointer"`
	Path     json.RawMessage `json:"path"`
	Detail   json.RawMessage `json:"detail"`
	Message  json.RawMessage `json:"message"`
}

// decodeError decodes the JSON shapes of an error. httpx handles any other body, and shows plain text.
func decodeError(_ int, body []byte) httpx.Detail {
	var b errorBody
	if err := json.Unmarshal(body, &b); err != nil {
		return httpx.Detail{}
	}
	out := httpx.Detail{Code: problemCode(httpx.Text(b.Type))}
	var said []string
	for _, raw := range []json.RawMessage{b.Message, b.Error, b.Detail} {
		if t := httpx.Text(raw); t != "" {
			said = append(said, t)
			break
		}
	}
	if t := httpx.Text(b.Title); len(said) == 0 && t != "" {
		said = append(said, t)
	}
	for _, raw := range b.Errors {
		if f := problemField(raw); f.Name != "" {
			out.Fields = append(out.Fields, f)
		} else if t := cmp.Or(f.Message, httpx.Text(raw)); t != "" && !slices.Contains(said, t) {
			said = append(said, t)
		}
	}
	if len(said) == 0 {
		// The fields have more information than the status.
		for _, f := range out.Fields {
			said = append(said, f.Name+": "+f.Message)
		}
	}
	out.Message = strings.Join(said, "; ")
	return out
}

func problemField(raw json.RawMessage) httpx.Field {
	var item problemItem
	if err := json.Unmarshal(raw, &item); err != nil {
		return httpx.Field{}
	}
	f := httpx.Field{Message: firstText(item.Detail, item.Message)}
	f.Name = fieldName(firstText(item.Location, item.Pointer, item.Path))
	return f
}

// bracketed matches the steps of a location such as $['target-zone']['name'].
var bracketed = regexp.MustCompile(`\[['"]?([^'"\]]+)['"]?\]`)

// fieldName converts a JSON path or a JSON pointer to a name with dots: "target-zone.name".
func fieldName(location string) string {
	if steps := bracketed.FindAllStringSubmatch(location, -1); len(steps) > 0 {
		names := make([]string, 0, len(steps))
		for _, s := range steps {
			names = append(names, s[1])
		}
		return strings.Join(names, ".")
	}
	return strings.ReplaceAll(strings.TrimLeft(location, "#$./"), "/", ".")
}

// problemCode returns the last step of a problem's type, which is a URI: "validation" of
// "#/http-problem-types/validation".
func problemCode(uri string) string {
	if uri == "about:blank" {
		return ""
	}
	return uri[strings.LastIndexAny(uri, "/#")+1:]
}

func firstText(values ...json.RawMessage) string {
	for _, raw := range values {
		if t := httpx.Text(raw); t != "" {
			return t
		}
	}
	return ""
}

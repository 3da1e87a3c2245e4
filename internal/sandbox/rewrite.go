package sandbox

import (
	"bytes"
	"encoding/json"
	"strings"
)

// rewrite replaces the JSON of an answer. An answer that is not JSON stays as it is.
func (a *answer) rewrite(do string, change func(key string, value any) any) *answer {
	a.finish()
	d := json.NewDecoder(bytes.NewReader(a.body.Bytes()))
	d.UseNumber()
	var content any
	if d.Decode(&content) != nil {
		return a
	}
	changed, err := json.Marshal(walk("", content, change))
	if err != nil {
		return a
	}
	a.body.Reset()
	a.body.Write(changed)
	a.sent.Del("Content-Length")
	a.sent.Set(FaultHeader, do)
	return a
}

// walk changes every value of a JSON document that is neither an object nor a list. key is the name of the field.
func walk(key string, value any, change func(key string, value any) any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, one := range value {
			value[name] = walk(name, one, change)
		}
		return value
	case []any:
		for i, one := range value {
			value[i] = walk(key, one, change)
		}
		return value
	default:
		return change(key, value)
	}
}

// mistyped returns a value of another type.
func mistyped(_ string, value any) any {
	switch value := value.(type) {
	case string:
		return len(value)
	case json.Number:
		return "n" + value.String()
	case bool:
		return "yes"
	default:
		return value
	}
}

// unknownStates replaces the text of a field that has a state.
func unknownStates(key string, value any) any {
	if _, text := value.(string); !text {
		return value
	}
	key = strings.ToLower(key)
	if strings.Contains(key, "state") || strings.Contains(key, "status") {
		return "quantum"
	}
	return value
}

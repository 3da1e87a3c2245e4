package sandbox

import (
	"net/http"
	"testing"
)

func TestAnswer_rewrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, body, want string
		change           func(string, any) any
	}{
		{"types", `{"id":"abc","list":[7,true,null]}`, `{"id":3,"list":["n7","yes",null]}`, mistyped},
		{
			"states", `{"id":"abc","powerState":"on","n":[{"status":"ok"}]}`,
			`{"id":"abc","n":[{"status":"quantum"}],"powerState":"quantum"}`, unknownStates,
		},
		{"no JSON", `<html>`, `<html>`, mistyped},
	} {
		a := &answer{header: http.Header{}}
		if _, err := a.Write([]byte(c.body)); err != nil {
			t.Fatal(err)
		}
		if got := a.rewrite("test", c.change).body.String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

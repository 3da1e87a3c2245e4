package apidocs

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMerge_followsRFC7396(t *testing.T) {
	for name, test := range map[string]struct{ target, patch, want string }{
		"an object is merged":  {`{"a":{"b":1,"c":2}}`, `{"a":{"b":3}}`, `{"a":{"b":3,"c":2}}`},
		"null removes":         {`{"a":{"b":1,"c":2}}`, `{"a":{"b":null}}`, `{"a":{"c":2}}`},
		"a list is replaced":   {`{"a":[1,2]}`, `{"a":[3]}`, `{"a":[3]}`},
		"a member is added":    {`{}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
		"no patch is no error": {`{"a":1}`, `null`, `{"a":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			var objects [3]map[string]any
			for i, text := range []string{test.target, test.patch, test.want} {
				if err := json.Unmarshal([]byte(text), &objects[i]); err != nil {
					t.Fatal(err)
				}
			}
			merge(objects[0], objects[1])
			if diff := cmp.Diff(objects[2], objects[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

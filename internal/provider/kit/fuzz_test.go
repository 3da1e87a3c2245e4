package kit_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/provider/kit"
)

// privateState is the private data of one object.
type privateState map[string][]byte

func (p privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p privateState) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// Private data of any release is an operation, which stays the same when it is saved and read again. What cannot be
// read polls the object, so that no wait is lost.
func FuzzOperation(f *testing.F) {
	for _, saved := range []string{
		"", "null", "{}", "[]", "{", `{"id":5}`, `{"id":"a"}`, `{"watch":true}`, `{"id":"a","replaces_created_at":"x"}`,
		`{"id":"a","replaces":"b","replaces_created_at":"2026-01-02T03:04:05.000000001+01:00"}`, `{"new":{"id":"a"}}`,
		`{"ID":"a"}`, `{"id":"a","replaces_created_at":"9999-12-31T23:59:59-23:59"}`, "{\"id\":\"\xff\"}",
	} {
		f.Add([]byte(saved))
	}
	f.Fuzz(func(t *testing.T, saved []byte) {
		var diags diag.Diagnostics
		private := privateState{"job": saved}
		operation := kit.LoadOperation(t.Context(), private, &diags)
		kit.SaveOperation(t.Context(), private, operation, &diags)
		again := kit.LoadOperation(t.Context(), private, &diags)
		if diags.HasError() {
			t.Fatalf("%q: %v", saved, diags)
		}
		same := again.ID == operation.ID && again.PollObject == operation.PollObject &&
			again.Supersedes == operation.Supersedes && again.SupersedesCreatedAt.Equal(operation.SupersedesCreatedAt)
		if again.Done() != operation.Done() || (!operation.Done() && !same) {
			t.Errorf("%q is %+v, and saved and read again it is %+v", saved, operation, again)
		}
	})
}

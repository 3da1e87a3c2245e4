package provider_test

import (
	"net/http"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// A delete that the cloud answers once with 404, because a part of it does not have the new object yet, leaves nothing
// behind.
func TestProtocol_deleteOfANewObject(t *testing.T) {
	t.Parallel()
	eachObject(t, func(t *testing.T, s *acctest.Sandbox, c acctest.Case, o object) {
		t.Helper()
		if o.typeName == exportType {
			return // The cloud cannot delete an export.
		}
		before := len(s.Remaining())
		r := prototest.Start(t, s, nil).Resource(t, o.typeName)
		r.Apply(t, r.Plan(t, o.config(t, s, c))).MustSucceed(t)
		s.Fault(sandbox.Fault{
			Method: http.MethodDelete, Do: sandbox.DoStatus, Status: http.StatusNotFound, To: 1,
			Body: map[string]string{"message": "not found"},
		})
		r.Destroy(t).MustSucceed(t)
		if after := len(s.Remaining()); after != before {
			t.Errorf("%d objects became %d", before, after)
		}
	})
}

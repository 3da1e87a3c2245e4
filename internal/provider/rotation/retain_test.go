package rotation_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// deletion_policy = "retain" keeps the snapshots at a destroy. It does not keep a rotation from replacing its own, also
// where a source has a single snapshot.
func TestProtocol_retain(t *testing.T) {
	t.Parallel()
	acctest.EachCloud(t, driver.CapabilitySnapshotRotation, func(t *testing.T, s *acctest.Sandbox, c acctest.Case) {
		t.Helper()
		source := c.Sources[0]
		r := prototest.Start(t, s, nil).Resource(t, rotationType)
		retained := config(source, c, prototest.Values{"deletion_policy": "retain"})
		run(t, r, retained, prototest.Create)
		first := owned(t, r)
		s.Advance(day)
		run(t, r, retained, prototest.Update)
		second := owned(t, r)
		if len(second) != 1 || second[0] == first[0] {
			t.Fatalf("the state has %v after %v", second, first)
		}
		r.Destroy(t).MustSucceed(t)
		if left := without(atCloud(s, c, source), first); len(without(second, left)) > 0 {
			t.Errorf("the destroy deleted %v, and left %v", second, left)
		}
	})
}

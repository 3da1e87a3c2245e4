package acctest_test

import (
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest"
)

// An ID without the cloud's name imports to an empty plan, and the state has the whole ID.
func TestTFImport_withoutCloud(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t)
	const config = acctest.ProviderConfig + "resource \"cloudsnap_snapshot\" \"web\" {\n  cloud     = \"contabo\"\n" +
		"  source_id = \"42001\"\n  name      = \"made by hand\"\n}\n"
	block := func(id string) string {
		return config + "import {\n  to = cloudsnap_snapshot.web\n  id = \"" + id + "\"\n}\n"
	}
	cli := acctest.NewCLI(t, s, block("snap1700000042"))
	cli.Run(t, "plan").MustFail(t).MustSay(t, "Invalid import ID", "contabo/<instance_id>/snap1700000042")
	cli.Write(t, block("42001/snap1700000042"))
	cli.Apply(t).MustSucceed(t).MustSay(t, "1 imported, 0 added, 0 changed, 0 destroyed")
	if id := cli.Attribute(t, "web", "id"); id != "contabo/42001/snap1700000042" {
		t.Errorf("the state has the ID %v", id)
	}
	cli.Run(t, "plan", "-detailed-exitcode").MustSucceed(t)
}
